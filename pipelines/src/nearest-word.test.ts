import { expect, test } from 'vitest'
import { nearestWord } from './nearest-word.js'

const known = ['bands', 'hopMs', 'windowMs', 'run']

test.each([
  ['band', 'bands'],
  ['BANDS', 'bands'],
  ['windwoMs', 'windowMs'],
  ['hop', 'hopMs'],
  ['rnu', 'run'],
])('%s was meant to be %s', (word, expected) => {
  expect(nearestWord(word, known)).toBe(expected)
})

test('a word that is nothing like a known one has no nearest, nor has one among none', () => {
  expect(nearestWord('colour', known)).toBeUndefined()
  expect(nearestWord('b', known)).toBeUndefined()
  expect(nearestWord('bands', [])).toBeUndefined()
})
