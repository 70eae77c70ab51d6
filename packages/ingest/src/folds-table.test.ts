import { InputError } from '@serflow/core'
import { expect, test } from 'vitest'
import { readFoldTable } from './folds-table.js'

const read = (text: string, fileName = 'folds.csv') =>
  readFoldTable(new TextEncoder().encode(text), fileName)

test.each<[string, string, string?]>([
  ['commas', 'speaker,fold\n01,1\n02,2\n03,1\n'],
  [
    'other columns, a byte-order mark, CRLF',
    '\uFEFFFold,age,Speaker\r\n1,20,01\r\n2,30,02\r\n\r\n1,40,03\r\n',
  ],
  ['semicolons and quotes', '"speaker";"fold"\n"01";"1"\n"02";"10"\n"03";"1"'],
  ['tabs', 'fold\tspeakerId\n1\t01\n2\t02\n1\t03', 'folds.tsv'],
  ['the index of pandas, and its whole numbers', ',speaker,fold\n0,01,1.0\n1,02,2\n2,03,1\n'],
  ['a row a recording', 'file,speaker,fold\na,01,1\nb,01,1\nc,02,2\nd,03,1\ne,02,2\n'],
  ['JSON', ' [["01", "03"], ["02"]] ', 'folds.json'],
  ['JSON by the names of folds', '{"10": ["02"], "9": ["01", "03"]}', 'folds.json'],
])('a table with %s is read', async (_, text, fileName) => {
  expect(await read(text, fileName)).toEqual([['01', '03'], ['02']])
})

test('a name may hold the separator, a table may be UTF-16, and speakers of JSON numbers', async () => {
  expect(await read('speaker,fold\n"Doe, Jane",0\n"the ""B""",1\n')).toEqual([
    ['Doe, Jane'],
    ['the "B"'],
  ])
  const wide = Uint8Array.from(Buffer.from('\uFEFFspeaker\tfold\nä\t0\nb\t1\n', 'utf16le'))
  expect(await readFoldTable(wide, '/any/.where/folds.csv')).toEqual([['ä'], ['b']])
  expect(await read('[[1001], [1002, 1003]]')).toEqual([['1001'], ['1002', '1003']])
})

test('folds are in the order of their numbers, or of their names, whatever the order of the rows', async () => {
  expect(await read('speaker,fold\na,10\nb,9')).toEqual([['b'], ['a']])
  expect(await read('speaker,fold\na,second\nb,first')).toEqual([['b'], ['a']])
  const rows = ['a,2', 'b,10', 'c,1x', 'd,x']
  const expected = [['a'], ['b'], ['c'], ['d']]
  expect(await read(['speaker,fold', ...rows].join('\n'))).toEqual(expected)
  expect(await read(['speaker,fold', ...rows.reverse()].join('\n'))).toEqual(expected)
})

test.each<[string, string, RegExp]>([
  [
    'a speaker in two folds',
    'speaker,fold\n01,1\n02,1\n01,2',
    /"folds.csv", line 4: speaker 01 is in fold 2 and in fold 1 \("folds.csv", line 2\)/,
  ],
  ['a speaker in two folds of JSON', '[["01"], ["02", "01"]]', /speaker 01 is in fold 1 and in/],
  ['a missing column', 'name,fold\n01,1', /no column "speaker" \(it has: name, fold\)/],
  ['a missing value', 'speaker,fold\n01,1\n02,\n', /"folds.csv", line 3: the fold is missing/],
  ['a row that is too short', 'speaker,fold\n01,1\n02\n', /"folds.csv".*line 3/],
  ['a row that is too long', 'speaker,fold\n01,1,x\n02,2\n', /"folds.csv".*line 2/],
  ['broken JSON', '[["01"', /"folds.csv" is no JSON/],
  ['JSON of another shape', '{"01": 1}', /expected such as \[\["01", "02"\], \["03"\]\]/],
  ['JSON without a fold', '[]', /expected such as/],
  ['JSON with an empty fold', '[["01"], []]', /expected such as/],
  ['an empty file', '', /"folds.csv" is empty, expected a header and rows/],
  ['a header alone', 'speaker,fold\n', /"folds.csv" has a header, but no row/],
])('%s is an error', async (_, text, message) => {
  await expect(read(text)).rejects.toThrow(InputError)
  await expect(read(text)).rejects.toThrow(message)
})

test('what is no UTF-8 is an error', async () => {
  const latin = Uint8Array.from(Buffer.from('speaker,fold\nJürgen,0\n', 'latin1'))
  await expect(readFoldTable(latin, 'folds.csv')).rejects.toThrow('"folds.csv" is not UTF-8 text')
  await expect(readFoldTable(latin, 'folds.parquet')).rejects.toThrow(InputError)
})
