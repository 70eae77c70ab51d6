import { expect, test } from 'vitest'
import { groupsOf } from './findings.js'

const texts = (found: readonly string[]) =>
  groupsOf(found.map((text) => ({ file: 'a.wav', text }))).map(({ text }) => text)

test('quoted numbers of a group are quoted each', () => {
  expect(
    texts(['emotion is "09", expected 01 to 08', 'emotion is "00", expected 01 to 08']),
  ).toEqual(['emotion is "00" or "09", expected 01 to 08'])
  expect(texts([1, 2, 3, 4].map((actor) => `actor is "${actor}"`))).toEqual(['actor is "1" to "4"'])
  expect(texts(['of "3 parts"', 'of "4 parts"'])).toEqual(['of "3 or 4 parts"'])
})
