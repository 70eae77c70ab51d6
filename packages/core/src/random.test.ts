import fc from 'fast-check'
import { expect, test } from 'vitest'
import { random } from './random.js'

test('the same names give the same numbers, others give others', () => {
  const draw = (...names: (string | number)[]) =>
    Array.from({ length: 5 }, random(...names).uniform)
  expect(draw('a', 1)).toEqual(draw('a', 1))
  expect(draw('a', 1)).not.toEqual(draw('a', 2))
  expect(draw('ab', 'c')).not.toEqual(draw('a', 'bc'))
})

test('uniform numbers fill [0, 1) evenly', () => {
  const { uniform } = random('even')
  const counts = new Array<number>(10).fill(0)
  for (let i = 0; i < 100_000; i++) counts[Math.floor(uniform() * 10)]!++
  // five standard deviations of a count of 10000
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(9000))
})

test('normal numbers have mean 0 and deviation 1', () => {
  const { normal } = random('bell')
  const drawn = Array.from({ length: 50_000 }, normal)
  const mean = drawn.reduce((a, b) => a + b) / drawn.length
  const variance = drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / drawn.length
  expect(Math.abs(mean)).toBeLessThan(0.025)
  expect(Math.abs(variance - 1)).toBeLessThan(0.04)
})

test('beta(.3, .3) has mean 1/2 and variance 1/(4·1.6)', () => {
  const { beta } = random('beta')
  const drawn = Array.from({ length: 50_000 }, () => beta(0.3, 0.3))
  const mean = drawn.reduce((a, b) => a + b) / drawn.length
  const variance = drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / drawn.length
  expect(mean).toBeCloseTo(0.5, 1)
  expect(variance).toBeCloseTo(1 / 6.4, 2)
})

test('a shuffle keeps every item once', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
      const shuffled = random(seed).shuffle(items)
      expect([...shuffled].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b))
    }),
  )
})
