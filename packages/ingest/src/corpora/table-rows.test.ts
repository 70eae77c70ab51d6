import { InputError } from '@serflow/core'
import { describe, expect, test } from 'vitest'
import { corpusFolder } from './folder.js'
import { readTable } from './table-rows.js'

const read = (text: string, name = 'l.csv') =>
  readTable(
    corpusFolder('/made', [name], async () => new TextEncoder().encode(text)),
    name,
  )
const cellsOf = async (text: string, name?: string) =>
  (await read(text, name)).rows.map(({ cells }) => cells)

const expected = [
  { file: 'a.wav', age: '20' },
  { file: 'b.wav', age: '30' },
]
const plain = 'file,age\na.wav,20\nb.wav,30\n'

describe('what surrounds the rows is passed over', () => {
  test.each([
    ['rows without a cell, as spreadsheets leave them', `\n , \n${plain},\n ,  \n`],
    ['comments before the header', `# made by hand, in May, 2024\n#\n${plain}`],
    ['a comment behind a byte order mark', `\ufeff# made by hand\n${plain}`],
    ['comments between rows', plain.replace('b.wav', '# from here on, by Bert, too\n# x\nb.wav')],
    ['the separator as a spreadsheet says it', `sep=;\n${plain.replaceAll(',', ';')}`],
    ['the same after a byte order mark', `\ufeffSEP=\t\r\n${plain.replaceAll(',', '\t')}`],
    ['bars between cells', plain.replaceAll(',', '|')],
  ])('%s', async (_what, text) => {
    expect(await cellsOf(text)).toEqual(expected)
  })
  test('.tsv without a tab in its header is separated by what the header has', async () => {
    expect(await cellsOf(plain, 'l.tsv')).toEqual(expected)
  })
})

test('a row that begins with # and has all its cells is a row', async () => {
  const text = plain.replace('b.wav', '#b.wav')
  expect(await cellsOf(text)).toEqual([expected[0], { file: '#b.wav', age: '30' }])
  expect((await read(plain.replace('file', '#file'))).columns).toEqual(['#file', 'age'])
})

test.each(['', '  ', 'NA', 'N/A', '#N/A', 'nan', 'NaN', 'null', 'NULL', 'None', '<NA>', 'NaT'])(
  '"%s" is an empty cell',
  async (cell) => {
    expect(await cellsOf(plain.replace('20', cell))).toEqual([{ file: 'a.wav' }, expected[1]])
  },
)

test.each(['none', 'Na', 'na', 'nil', '-', '0', 'unknown'])('"%s" is a cell', async (cell) => {
  expect((await cellsOf(plain.replace('20', cell)))[0]).toEqual({ file: 'a.wav', age: cell })
})

test.each([
  ['a.wav', 'line 4: found 1 cell, expected 2 as in the header'],
  ['a.wav,1,2', 'line 4: found 3 cells, expected 2 as in the header'],
])('the row "%s" is refused with its line', async (row, message) => {
  const reading = read(`${plain}${row}\n`)
  await expect(reading).rejects.toThrow(InputError)
  await expect(reading).rejects.toThrow(`"l.csv", ${message}`)
})

test('lines are counted with the comments and the separator before them', async () => {
  await expect(read('sep=;\n# x\nfile;age\na.wav\n')).rejects.toThrow('"l.csv", line 4: found 1')
})

test('columns are known in small letters, and as they are written', async () => {
  const { columns, titles } = await read('File,vote_Happy,,Größe\na.wav,1,x,2\n')
  expect(columns).toEqual(['file', 'vote_happy', 'größe'])
  expect(titles).toEqual(['File', 'vote_Happy', 'Größe'])
})
