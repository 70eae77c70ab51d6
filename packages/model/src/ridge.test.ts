import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitRidge, ridgeProbabilities, ridgeScores } from './ridge.js'
import { goldenRidge } from './ridge.fixture.js'

test('scores are those of scikit-learn, with fewer rows than columns, with more, and weighted', async () => {
  for (const { training, tested, targets, lambda, scores, weights } of goldenRidge()) {
    const model = await fitRidge(training, targets, lambda, weights)
    const found = tested.map((row) => ridgeScores(model, row))
    // scores are about 0..1; products are in single precision
    scores.forEach((wanted, row) =>
      wanted.forEach((score, target) =>
        expect(Math.abs(found[row]![target]! - score)).toBeLessThan(5e-7),
      ),
    )
  }
})

test('one column is the least-squares line, drawn towards the mean by the penalty', async () => {
  const rows = [1, 2, 3, 4].map((value) => Float32Array.of(value))
  const target = Float64Array.of(10, 12, 14, 16)
  // Standardised slope is 2·deviation; n/(n + λ) = 1/2 of it is left.
  const model = await fitRidge(rows, [target], 4)
  expect(ridgeScores(model, Float32Array.of(2.5))[0]).toBeCloseTo(13, 10)
  expect(ridgeScores(model, Float32Array.of(6.5))[0]).toBeCloseTo(13 + (2 * 4) / 2, 6)
})

test('a constant target is predicted as it is, and a shift of a target is a shift of its scores', async () => {
  const [{ training, tested, targets }] = goldenRidge().slice(1) as [
    ReturnType<typeof goldenRidge>[0],
  ]
  const shifted = targets[0]!.map((value) => value + 5)
  const constant = targets[0]!.map(() => 3)
  const model = await fitRidge(training, [targets[0]!, shifted, constant], 2)
  for (const row of tested) {
    const [plain, moved, still] = ridgeScores(model, row)
    expect(moved! - plain!).toBeCloseTo(5, 8)
    expect(still).toBeCloseTo(3, 10)
  }
})

test('a row of weight two is that row twice, and one of weight nothing is not there', async () => {
  const [, { training, tested, targets }] = goldenRidge() as ReturnType<typeof goldenRidge> &
    [unknown, ReturnType<typeof goldenRidge>[0]]
  const few = training.slice(0, 30)
  const target = targets[0]!.slice(0, 30)
  const weights = Float64Array.from(few, (_, row) => row % 3)
  const weighted = await fitRidge(few, [target], 3, weights)
  const repeated = few.flatMap((row, i) => Array.from({ length: i % 3 }, () => row))
  const repeatedTarget = [...target].flatMap((value, i) =>
    Array.from({ length: i % 3 }, () => value),
  )
  const plain = await fitRidge(repeated, [Float64Array.from(repeatedTarget)], 3)
  for (const row of tested) {
    expect(ridgeScores(weighted, row)[0]).toBeCloseTo(ridgeScores(plain, row)[0]!, 5)
  }
})

test('probabilities are a distribution in the order of the scores', () => {
  const score = fc.double({ min: -3, max: 3, noNaN: true })
  fc.assert(
    fc.property(fc.array(score, { minLength: 1, maxLength: 10 }), (scores) => {
      const probabilities = ridgeProbabilities(scores)
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
      expect(Math.min(...probabilities)).toBeGreaterThan(0)
      const best = probabilities.indexOf(Math.max(...probabilities))
      expect(scores[best]).toBeCloseTo(Math.max(...scores), 12)
    }),
  )
  const [low, high] = ridgeProbabilities([0, 1])
  expect(high! / low!).toBeCloseTo(Math.exp(8), 6)
})

test('what does not fit is refused', async () => {
  const rows = [Float32Array.of(1, 2), Float32Array.of(3, 4)]
  const target = Float64Array.of(0, 1)
  await expect(fitRidge(rows, [target], 0)).rejects.toThrow(
    'lambda is 0, expected a number above 0',
  )
  await expect(fitRidge(rows, [Float64Array.of(1)], 1)).rejects.toThrow(
    '1 values in a target for 2 rows',
  )
  await expect(fitRidge(rows, [target], 1, Float64Array.of(1))).rejects.toThrow(
    '1 weights for 2 rows',
  )
  await expect(fitRidge([], [new Float64Array(0)], 1)).rejects.toThrow('no row to fit')
  const model = await fitRidge(rows, [target], 1)
  expect(() => ridgeScores(model, Float32Array.of(1))).toThrow('the row has 1 values, expected 2')
})
