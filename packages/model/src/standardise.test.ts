import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnMoments, fitStandardiser } from './standardise.js'
import { goldenRidge } from './ridge.fixture.js'

const rowsOf = (...rows: number[][]) => rows.map((row) => Float32Array.from(row))

test('mean and deviation are those of scikit-learn, a constant column included', () => {
  for (const { training, mean, deviation, weights } of goldenRidge()) {
    const fitted = columnMoments(training, training[0]!.length, weights)
    mean.forEach((value, c) => expect(fitted.mean[c]! / value).toBeCloseTo(1, 10))
    deviation.forEach((value, c) => expect(fitted.deviation[c]! / value).toBeCloseTo(1, 10))
  }
})

test('the deviation is of the population, and a column that does not vary is divided by 1', () => {
  const { mean, deviation } = fitStandardiser(rowsOf([1, 7], [3, 7], [1, 7], [3, 7]), 2)
  expect([...mean]).toEqual([2, 7])
  expect([...deviation]).toEqual([1, 1])
})

test('a large level does not eat the spread', () => {
  const { mean, deviation } = fitStandardiser(rowsOf([1e6], [1e6 + 1], [1e6 + 2]), 1)
  expect(mean[0]).toBe(1e6 + 1)
  expect(deviation[0]).toBeCloseTo(Math.sqrt(2 / 3), 6)
})

test('a speaker outside of the training rows changes nothing', () => {
  const speakers = new Map([
    ['01', rowsOf([1, 2], [3, 5])],
    ['02', rowsOf([2, 8], [4, 4])],
    ['03', rowsOf([1000, 1000], [1000, 1000])],
  ])
  const trainingOf = (test: string) =>
    [...speakers].flatMap(([speaker, rows]) => (speaker === test ? [] : rows))
  expect([...fitStandardiser(trainingOf('03'), 2).mean]).toEqual([2.5, 4.75])
  expect(fitStandardiser(trainingOf('03'), 2).deviation[0]).toBeCloseTo(Math.sqrt(1.25), 6)
  expect([...fitStandardiser(trainingOf('01'), 2).mean]).toEqual([501.5, 503])
})

test('standardised rows have mean 0 and deviation 1, read from any iterable', () => {
  const value = fc.float({ min: -100, max: 100, noNaN: true })
  const table = fc.array(fc.tuple(value, value, value), { minLength: 2, maxLength: 30 })
  fc.assert(
    fc.property(table, (rows) => {
      const { mean, deviation } = columnMoments(new Set(rowsOf(...rows)), 3)
      for (let c = 0; c < 3; c++) {
        const column = rows.map((row) => (row[c]! - mean[c]!) / deviation[c]!)
        const squares = column.reduce((sum, z) => sum + z * z, 0) / rows.length
        const varies = column.some((z) => Math.abs(z - column[0]!) > 1e-9)
        expect(column.reduce((sum, z) => sum + z, 0) / rows.length).toBeCloseTo(0, 6)
        if (varies && deviation[c] !== 1) expect(squares).toBeCloseTo(1, 6)
      }
    }),
  )
})

test('no row, or a row of another length, is refused', () => {
  expect(() => fitStandardiser([], 2)).toThrow('no row to fit the standardisation on')
  expect(() => fitStandardiser(rowsOf([1, 2], [1]), 2)).toThrow('row 1 has 1 values, expected 2')
})
