import { expect, test } from 'vitest'
import type { FoldPart, FoldRow } from './artefacts.js'
import { allFoldParts, foldNumbers, foldParts } from './fold-parts.js'

const row = (
  fold: number,
  speakerId: string,
  part: FoldPart,
  utteranceId: string | null = null,
): FoldRow => ({
  fold,
  speakerId,
  utteranceId,
  part,
})
const folds = [
  row(1, 'a', 'test'),
  row(0, 'a', 'train'),
  row(0, 'b', 'test', 'b1'),
  row(1, 'b', 'validation'),
]
const of = (speakerId: string, utteranceId: string) => ({ speakerId, utteranceId })

test('an utterance is in the part of its own row, else in its speaker’s, else in none', () => {
  const partOf = foldParts(folds, 0)
  expect(partOf(of('a', 'a1'))).toBe('train')
  expect(partOf(of('b', 'b1'))).toBe('test')
  expect(partOf(of('b', 'b2'))).toBeUndefined()
  expect(foldParts([...folds, row(0, 'a', 'test', 'a2')], 0)(of('a', 'a2'))).toBe('test')
})

test('all folds at once are each fold by itself, in order', () => {
  const parts = allFoldParts(folds)
  expect([...parts.keys()]).toEqual([0, 1])
  expect(foldNumbers(folds)).toEqual([0, 1])
  expect(parts.get(1)!(of('b', 'b2'))).toBe('validation')
})

test('a speaker or an utterance in two parts is an error', () => {
  expect(() => foldParts([...folds, row(1, 'a', 'train')], 1)).toThrow(
    'folds: speaker "a" is in training and in test of fold 1',
  )
  expect(() => foldParts([...folds, row(0, 'b', 'validation', 'b1')], 0)).toThrow(
    'folds: utterance "b1" is in validation and in test of fold 0',
  )
})
