import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adaptivePooling } from './pooling.js'

/** Column r of the matrix: the weight of each place in row r. */
function weights(size: number, rows: number): number[][] {
  const { data } = adaptivePooling(size, rows)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: size }, (_, place) => data[place * rows + row]!),
  )
}

test('parts overlap where they do not divide, and repeat where there are more rows than places', () => {
  const [third, half] = [Math.fround(1 / 3), 0.5]
  expect(adaptivePooling(7, 3).shape).toEqual([7, 3])
  // As torch.nn.functional.adaptive_avg_pool1d of the unit vectors: places 0-2, 2-4, 4-6.
  expect(weights(7, 3)).toEqual([
    [third, third, third, 0, 0, 0, 0],
    [0, 0, third, third, third, 0, 0],
    [0, 0, 0, 0, third, third, third],
  ])
  expect(weights(4, 2)).toEqual([
    [half, half, 0, 0],
    [0, 0, half, half],
  ])
  expect(weights(2, 3)).toEqual([
    [1, 0],
    [half, half],
    [0, 1],
  ])
})

test('weights of a row sum to 1, and as many rows as places change nothing', () => {
  const extent = fc.integer({ min: 1, max: 60 })
  fc.assert(
    fc.property(extent, extent, (size, rows) => {
      for (const row of weights(size, rows)) {
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
      }
      weights(size, size).forEach((row, r) => expect(row.indexOf(1)).toBe(r))
    }),
  )
})

test('an extent that is no positive integer is refused', () => {
  expect(() => adaptivePooling(0, 8)).toThrow('pooling of 0 places to 8 rows')
  expect(() => adaptivePooling(8, 1.5)).toThrow('both must be positive integers')
})
