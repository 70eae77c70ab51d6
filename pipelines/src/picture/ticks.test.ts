import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frequencyTicks, roundTicks } from './ticks.js'

const labels = (low: number, high: number, most: number) =>
  roundTicks(low, high, most).map(({ label }) => label)

test('ticks are round numbers', () => {
  expect(labels(0, 4.1, 12)).toEqual(['0', '0.5', '1.0', '1.5', '2.0', '2.5', '3.0', '3.5', '4.0'])
  expect(labels(-16.1, 5.8, 6)).toEqual(['\u221215', '\u221210', '\u22125', '0', '5'])
  expect(labels(7200, 7210, 12).at(-1)).toBe('7210')
  expect(labels(-0.3, 0.3, 4)).toEqual(['\u22120.2', '0', '0.2'])
})

test('ticks lie within their ends, are equally far apart and no more than asked for', () => {
  const end = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(end, end, fc.integer({ min: 2, max: 20 }), (a, b, most) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      fc.pre(high - low > 1e-6)
      const ticks = roundTicks(low, high, most)
      expect(ticks.length).toBeLessThanOrEqual(most)
      const values = ticks.map(({ value }) => value)
      const slack = (high - low) * 1e-6
      for (const value of values) {
        expect(value).toBeGreaterThanOrEqual(low - slack)
        expect(value).toBeLessThanOrEqual(high + slack)
      }
      const steps = values.slice(1).map((value, at) => value - values[at]!)
      for (const step of steps) expect(step).toBeCloseTo(steps[0]!, 6)
    }),
  )
})

test('a range of nothing has one tick', () => {
  expect(labels(2, 2, 5)).toEqual(['2.00'])
})

test('frequencies are those people look for', () => {
  const hz = (low: number, high: number) => frequencyTicks(low, high).map(({ label }) => label)
  expect(hz(20, 8000)).toEqual(['100', '500', '1k', '2k', '4k', '8k'])
  expect(hz(300, 3400)).toEqual(['500', '1k', '2k'])
  expect(hz(20, 90)).toEqual(['20', '40', '60', '80'])
})
