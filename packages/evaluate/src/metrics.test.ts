import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { confusionOf, predictionCounts, rowShares, truthCounts } from './confusion.js'
import {
  accuracyOf,
  f1ScoresOf,
  macroF1Of,
  precisionsOf,
  recallsOf,
  unweightedAverageRecall,
} from './metrics.js'

interface Case {
  confusion: number[][]
  recalls: (number | null)[]
  precisions: (number | null)[]
  uar: number
  accuracy: number
  macroF1: number
}

const golden: { cases: Case[] } = JSON.parse(
  readFileSync(new URL('../../../tests/golden/evaluate/metrics.json', import.meta.url), 'utf8'),
)

const classes = ['angry', 'happy', 'neutral', 'sad']

/** Judgements from pairs of class index. */
const judgements = (pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([truth, prediction]) => ({
    truth: classes[truth]!,
    prediction: classes[prediction]!,
  }))

const index = fc.integer({ min: 0, max: classes.length - 1 })
const pairs = fc.array(fc.tuple(index, index), { minLength: 1, maxLength: 60 })

test('every rate is that of scikit-learn, with absent and never predicted classes too', () => {
  const close = (found: number | null, expected: number | null) => {
    if (expected === null) expect(found).toBeNull()
    else expect(found).toBeCloseTo(expected, 12)
  }
  for (const { confusion, ...expected } of golden.cases) {
    recallsOf(confusion).forEach((recall, i) => close(recall, expected.recalls[i]!))
    precisionsOf(confusion).forEach((precision, i) => close(precision, expected.precisions[i]!))
    close(unweightedAverageRecall(confusion), expected.uar)
    close(accuracyOf(confusion), expected.accuracy)
    close(macroF1Of(confusion), expected.macroF1)
  }
})

test('a class that does not occur is left out of UAR: neither 0 nor NaN', () => {
  const counts = [
    [3, 1, 0, 0],
    [0, 1, 1, 0],
    [0, 1, 9, 0],
    [0, 0, 0, 0],
  ]
  expect(recallsOf(counts)).toEqual([0.75, 0.5, 0.9, null])
  expect(unweightedAverageRecall(counts)).toBeCloseTo(0.716667, 6)
  expect(accuracyOf(counts)).toBe(13 / 16)
})

test('F1 of a class that was predicted but does not occur is 0 and counts, of one that neither is null', () => {
  const counts = [
    [2, 2, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]
  expect(f1ScoresOf(counts)).toEqual([2 / 3, 0, null])
  expect(macroF1Of(counts)).toBeCloseTo(1 / 3, 12)
})

test('rows are the truth, and normalised rows sum to 1', () => {
  const lopsided = confusionOf(
    ['a', 'b'],
    [
      ...Array.from({ length: 9 }, () => ({ truth: 'a', prediction: 'b' })),
      { truth: 'a', prediction: 'a' },
      { truth: 'b', prediction: 'b' },
    ],
  )
  expect(lopsided).toEqual([
    [1, 9],
    [0, 1],
  ])
  expect(truthCounts(lopsided)).toEqual([10, 1])
  expect(predictionCounts(lopsided)).toEqual([1, 10])
  expect(recallsOf(lopsided)).toEqual([0.1, 1])
  fc.assert(
    fc.property(pairs, (judged) => {
      for (const row of rowShares(confusionOf(classes, judgements(judged)))) {
        if (row) expect(row.reduce((total, share) => total + share, 0)).toBeCloseTo(1, 12)
      }
    }),
  )
})

test('shares of a class that does not occur are null', () => {
  expect(
    rowShares([
      [1, 1],
      [0, 0],
    ]),
  ).toEqual([[0.5, 0.5], null])
})

test('UAR lies between the least and the greatest recall, and does not depend on the order of the classes', () => {
  fc.assert(
    fc.property(pairs, fc.shuffledSubarray(classes, { minLength: 4 }), (judged, reordered) => {
      const confusion = confusionOf(classes, judgements(judged))
      const recalls = recallsOf(confusion).filter((recall) => recall !== null)
      const uar = unweightedAverageRecall(confusion)
      expect(uar).toBeGreaterThanOrEqual(Math.min(...recalls) - 1e-12)
      expect(uar).toBeLessThanOrEqual(Math.max(...recalls) + 1e-12)
      const other = confusionOf(reordered, judgements(judged))
      expect(unweightedAverageRecall(other)).toBeCloseTo(uar, 12)
      expect(macroF1Of(other)).toBeCloseTo(macroF1Of(confusion), 12)
      expect(accuracyOf(other)).toBe(accuracyOf(confusion))
    }),
  )
})

test('the order of the judgements does not matter, and every judgement is counted once', () => {
  fc.assert(
    fc.property(pairs, (judged) => {
      const confusion = confusionOf(classes, judgements(judged))
      expect(confusionOf(classes, judgements([...judged].reverse()))).toEqual(confusion)
      expect(confusion.flat().reduce((total, count) => total + count, 0)).toBe(judged.length)
    }),
  )
})

test('saying a class k times as often changes accuracy but not UAR', () => {
  const once = confusionOf(
    classes,
    judgements([
      [0, 0],
      [1, 1],
      [1, 2],
    ]),
  )
  const often = confusionOf(
    classes,
    judgements([
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 2],
    ]),
  )
  expect(unweightedAverageRecall(often)).toBe(unweightedAverageRecall(once))
  expect(accuracyOf(often)).toBeGreaterThan(accuracyOf(once))
})

test('rates of no utterance are errors', () => {
  const empty = [
    [0, 0],
    [0, 0],
  ]
  for (const rate of [unweightedAverageRecall, accuracyOf, macroF1Of]) {
    expect(() => rate(empty)).toThrow('a rate of no utterance is not defined')
  }
})

test('an unknown class is an error that names it', () => {
  expect(() => confusionOf(['a'], [{ truth: 'a', prediction: 'b' }])).toThrow(
    '"b" is none of the classes a',
  )
})

test('a class named twice is an error', () => {
  expect(() => confusionOf(['a', 'a'], [])).toThrow('classes name one twice: a, a')
})
