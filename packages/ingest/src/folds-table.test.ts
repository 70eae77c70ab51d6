import { InputError } from '@serflow/core'
import { expect, test } from 'vitest'
import { parseFoldTable } from './folds-table.js'

test.each<[string, string]>([
  ['commas', 'speaker,fold\n01,1\n02,2\n03,1\n'],
  [
    'other columns, a byte-order mark, CRLF',
    '\uFEFFFold,age,Speaker\r\n1,20,01\r\n2,30,02\r\n\r\n1,40,03\r\n',
  ],
  ['semicolons and quotes', '"speaker";"fold"\n"01";"1"\n"02";"10"\n"03";"1"'],
  ['tabs', 'fold\tspeakerId\n1\t01\n2\t02\n1\t03'],
  ['JSON', ' [["01", "03"], ["02"]] '],
])('a table with %s is read', (_, text) => {
  expect(parseFoldTable(text, 'folds.csv')).toEqual([['01', '03'], ['02']])
})

test('folds are in the order of their numbers, or of their names', () => {
  expect(parseFoldTable('speaker,fold\na,10\nb,9', 'f')).toEqual([['b'], ['a']])
  expect(parseFoldTable('speaker,fold\na,second\nb,first', 'f')).toEqual([['b'], ['a']])
})

test.each<[string, string, RegExp]>([
  ['a speaker twice', 'speaker,fold\n01,1\n01,2', /"folds.csv": speaker 01 stands there twice/],
  ['a missing column', 'name,fold\n01,1', /no column "speaker" \(it has: name, fold\)/],
  ['a missing value', 'speaker,fold\n01,1\n02,\n', /"folds.csv", line 3: the fold is missing/],
  ['broken JSON', '[["01"', /"folds.csv" is no JSON/],
  ['JSON of another shape', '{"01": 1}', /expected such as \[\["01", "02"\], \["03"\]\]/],
  ['an empty file', '', /no column "speaker"/],
])('%s is an error', (_, text, message) => {
  expect(() => parseFoldTable(text, 'folds.csv')).toThrow(InputError)
  expect(() => parseFoldTable(text, 'folds.csv')).toThrow(message)
})
