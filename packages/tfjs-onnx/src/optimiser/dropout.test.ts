import fc from 'fast-check'
import { expect, test } from 'vitest'
import golden from '../../../../tests/golden/tfjs-onnx/dropout.json' with { type: 'json' }
import { fillDropoutMask, type SeedWords } from './dropout.js'
import { sharedArray } from './memory.js'

const word = fc.nat(2 ** 32 - 1)
const seeds: fc.Arbitrary<SeedWords> = fc.tuple(word, word, word, word)

function mask(length: number, rate: number, seed: SeedWords): Float32Array {
  const target = new Float32Array(length)
  fillDropoutMask(target, rate, seed)
  return target
}

test('masks are those of an independent implementation', () => {
  for (const { seed, rate, bits } of golden.masks) {
    const [a, b, c, d] = seed
    const found = mask(bits.length, rate, [a!, b!, c!, d!])
    expect(Array.from(found, (value) => (value === 0 ? '0' : '1')).join('')).toBe(bits)
  }
})

test('a mask is the same in an ordinary array, in shared memory and in a part of it', () => {
  fc.assert(
    fc.property(seeds, fc.constantFrom(0, 1, 5, 16384, 16387, 40001), (seed, length) => {
      const shared = sharedArray(length + 3)
      fillDropoutMask(shared.subarray(3), 0.3, seed)
      expect(Buffer.from(mask(length, 0.3, seed).buffer)).toEqual(
        Buffer.from(shared.slice(3).buffer),
      )
    }),
    { numRuns: 12 },
  )
})

test('a longer mask begins with the shorter', () => {
  expect(mask(1000, 0.5, [1, 2, 3, 4]).slice(0, 501)).toEqual(mask(501, 0.5, [1, 2, 3, 4]))
})

test.each([0, 0.1, 0.5, 0.9])(
  'a share of %d is dropped, the rest scaled to a mean of 1',
  (rate) => {
    const length = 200_000
    const values = mask(length, rate, [7, 0, 0, 0])
    const dropped = values.reduce((count, value) => count + Number(value === 0), 0)
    // Five standard deviations of a binomial share.
    const tolerance = 5 * Math.sqrt((rate * (1 - rate)) / length)
    expect(Math.abs(dropped / length - rate)).toBeLessThanOrEqual(tolerance)
    const kept = Math.fround(1 / (1 - rate))
    expect(values.every((value) => value === 0 || value === kept)).toBe(true)
  },
)

test('values near each other, and masks of seeds near each other, are independent', () => {
  const length = 100_000
  const signs = (seed: SeedWords) => mask(length, 0.5, seed).map((value) => value - 1)
  const correlation = (a: Float32Array, b: Float32Array, lag: number) => {
    const sum = a
      .subarray(0, length - lag)
      .reduce((total, value, i) => total + value * b[i + lag]!, 0)
    return Math.abs(sum / (length - lag))
  }
  const first = signs([0, 0, 0, 0])
  const limit = 5 / Math.sqrt(length)
  for (const lag of [1, 2, 3, 4, 8, 64]) expect(correlation(first, first, lag)).toBeLessThan(limit)
  const neighbours: SeedWords[] = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
    [0, 0, 0, 2],
  ]
  for (const seed of neighbours) expect(correlation(first, signs(seed), 0)).toBeLessThan(limit)
})

test.each([1, -0.1, NaN])('a rate of %d is an error', (rate) => {
  expect(() => mask(1, rate, [0, 0, 0, 0])).toThrow('not in [0, 1)')
})
