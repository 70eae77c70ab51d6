import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { centralT, pairedDifference, speakerInterval } from './interval.js'

interface Golden {
  quantiles: { confidence: number; degreesOfFreedom: number; t: number }[]
  intervals: {
    left: number[]
    right: number[]
    mean: number
    low: number
    high: number
    difference: number
    differenceLow: number
    differenceHigh: number
  }[]
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../../../tests/golden/evaluate/interval.json', import.meta.url), 'utf8'),
)

test("t is that of SciPy's Student distribution", () => {
  for (const { confidence, degreesOfFreedom, t } of golden.quantiles) {
    expect(Math.abs(centralT(confidence, degreesOfFreedom) / t - 1)).toBeLessThan(1e-9)
  }
})

test('intervals and paired differences are those of SciPy', () => {
  for (const expected of golden.intervals) {
    const { mean, low, high } = speakerInterval(expected.left, 0.95)
    expect(mean).toBeCloseTo(expected.mean, 12)
    expect(low).toBeCloseTo(expected.low, 9)
    expect(high).toBeCloseTo(expected.high, 9)
    const difference = pairedDifference(expected.left, expected.right, 0.95)
    expect(difference.mean).toBeCloseTo(expected.difference, 12)
    expect(difference.low).toBeCloseTo(expected.differenceLow, 9)
    expect(difference.high).toBeCloseTo(expected.differenceHigh, 9)
  }
})

test('t for one degree of freedom is a tangent, and grows with confidence', () => {
  expect(centralT(0.5, 1)).toBeCloseTo(1, 12)
  const confidence = fc.double({ min: 0.01, max: 0.98, noNaN: true })
  fc.assert(
    fc.property(confidence, fc.integer({ min: 1, max: 60 }), (level, degreesOfFreedom) => {
      const t = centralT(level, degreesOfFreedom)
      expect(centralT(level + 0.01, degreesOfFreedom)).toBeGreaterThan(t)
      expect(centralT(level, degreesOfFreedom + 1)).toBeLessThan(t)
    }),
  )
})

test('the interval holds the mean, does not depend on the order, moves and stretches with the values', () => {
  const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 2,
    maxLength: 24,
  })
  fc.assert(
    fc.property(values, (own) => {
      const { mean, low, high } = speakerInterval(own, 0.95)
      expect(low).toBeLessThanOrEqual(mean)
      expect(high).toBeGreaterThanOrEqual(mean)
      const reversed = speakerInterval([...own].reverse(), 0.95)
      expect(reversed.low).toBeCloseTo(low!, 9)
      const moved = speakerInterval(
        own.map((value) => 3 * value + 1),
        0.95,
      )
      expect(moved.low).toBeCloseTo(3 * low! + 1, 9)
      expect(moved.high).toBeCloseTo(3 * high! + 1, 9)
    }),
  )
})

test('one speaker has a mean and no interval', () => {
  expect(speakerInterval([0.6], 0.95)).toEqual({ mean: 0.6, low: null, high: null })
})

test('equal speakers have an interval of no width', () => {
  expect(speakerInterval([0.5, 0.5, 0.5], 0.95)).toEqual({ mean: 0.5, low: 0.5, high: 0.5 })
})

test('no speaker is an error', () => {
  expect(() => speakerInterval([], 0.95)).toThrow('a mean over no speaker is not defined')
})

test('speakers that cannot be paired are an error', () => {
  expect(() => pairedDifference([0.1, 0.2], [0.1], 0.95)).toThrow(
    '2 speakers cannot be paired with 1',
  )
})

test.each([0, 1, -0.5, Number.NaN])('a confidence of %s is an error', (confidence) => {
  expect(() => centralT(confidence, 3)).toThrow(
    `confidence is ${confidence}, expected a number between 0 and 1`,
  )
})

test.each([0, 1.5, -1])('%s degrees of freedom are an error', (degreesOfFreedom) => {
  expect(() => centralT(0.95, degreesOfFreedom)).toThrow('expected a positive integer')
})
