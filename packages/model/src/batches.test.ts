import { random } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  batchBuffers,
  drawMixtures,
  epochBatches,
  fillBatch,
  unmixed,
  type Draw,
} from './batches.js'

const dimension = 3
const draw = (segments: number, start: number): Draw => ({
  label: 0,
  segments,
  values: Float32Array.from({ length: segments * dimension }, (_, i) => start + i),
})
const standardiser = { mean: Float32Array.of(1, 2, 3), deviation: Float32Array.of(2, 4, 8) }
const z = (value: number, d: number) => (value - standardiser.mean[d]!) / standardiser.deviation[d]!

test('an epoch has each example once, as one of its variants, in batches of like length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 2, max: 9 }), (count, batch) => {
      const examples = Array.from({ length: count }, (_, i) => ({
        utteranceId: `u${i}`,
        label: i,
        variants: [new Float32Array(dimension * (1 + (i % 5))), new Float32Array(dimension)],
      }))
      const batches = epochBatches(examples, dimension, batch, random('epoch', count))
      const labels = batches.flat().map(({ label }) => label)
      expect(labels.sort((a, b) => a - b)).toEqual(examples.map(({ label }) => label))
      const sorted = batches
        .map((each) => each.map(({ segments }) => segments))
        .sort((a, b) => a[0]! - b[0]! || a.at(-1)! - b.at(-1)!)
        .flat()
      expect(sorted).toEqual([...sorted].sort((a, b) => a - b))
      expect(Math.max(...batches.map((each) => each.length))).toBeLessThanOrEqual(batch)
    }),
  )
})

test('all variants are drawn in the course of time', () => {
  const variants = [1, 2, 3, 4].map((segments) => new Float32Array(segments * dimension))
  const seen = new Set<number>()
  for (let epoch = 0; epoch < 40; epoch++) {
    const [batch] = epochBatches(
      [{ utteranceId: 'u', label: 0, variants }],
      dimension,
      2,
      random(epoch),
    )
    seen.add(batch![0]!.segments)
  }
  expect([...seen].sort()).toEqual([1, 2, 3, 4])
})

test('an unmixed batch is standardised and padded with zeros', () => {
  const buffers = batchBuffers(3, 2, dimension)
  buffers.values.fill(99)
  fillBatch([draw(1, 5), draw(2, 50)], unmixed(2), standardiser, buffers)
  const row = (start: number) => [0, 1, 2].map((d) => Math.fround(z(start + d, d)))
  expect([...buffers.values]).toEqual([
    ...row(5),
    0,
    0,
    0,
    ...row(50),
    ...row(53),
    0,
    0,
    0,
    0,
    0,
    0,
  ])
  expect([...buffers.mask]).toEqual([1, 0, 1, 1, 1, 0])
})

test('a mixture is λ of one and 1 − λ of the other; where one has ended it counts as the mean', () => {
  const buffers = batchBuffers(2, 2, dimension)
  const mixtures = [
    { partner: 1, share: 0.75 },
    { partner: 0, share: 0.25 },
  ]
  fillBatch([draw(1, 5), draw(2, 50)], mixtures, standardiser, buffers)
  for (let d = 0; d < dimension; d++) {
    expect(buffers.values[d]).toBeCloseTo(0.75 * z(5 + d, d) + 0.25 * z(50 + d, d), 5)
    expect(buffers.values[dimension + d]).toBeCloseTo(0.25 * z(53 + d, d), 5)
    expect(buffers.values[3 * dimension + d]).toBeCloseTo(0.25 * z(53 + d, d), 5)
  }
  expect([...buffers.mask]).toEqual([1, 1, 1, 1])
})

test('a clip with no share at all, longer than its partner, is the mean where the partner has ended', () => {
  const buffers = batchBuffers(2, 2, dimension)
  const mixtures = [
    { partner: 1, share: 1 },
    { partner: 0, share: 0 },
  ]
  fillBatch([draw(1, 5), draw(2, 50)], mixtures, standardiser, buffers)
  const row = (start: number) => [0, 1, 2].map((d) => Math.fround(z(start + d, d)))
  expect([...buffers.values].map((value) => value + 0)).toEqual([
    ...row(5),
    ...[0, 0, 0],
    ...row(5),
    ...[0, 0, 0],
  ])
})

test('factors thin the values', () => {
  const buffers = batchBuffers(1, 1, dimension)
  fillBatch([draw(1, 5)], unmixed(1), standardiser, buffers, Float32Array.of(0, 1, 2))
  expect([...buffers.values]).toEqual([0, z(6, 1), 2 * z(7, 2)])
})

test('mixtures pair each clip with one of the batch; a = 0 mixes nothing', () => {
  const mixtures = drawMixtures(20, 0.3, random('mix'))
  expect(mixtures.map(({ partner }) => partner).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, i) => i),
  )
  for (const { share } of mixtures) expect(share >= 0 && share <= 1).toBe(true)
  expect(drawMixtures(5, 0, random('none'))).toEqual(unmixed(5))
})

/** Classes of these sizes, each example with `variants` variants that tell it and themselves. */
const classesOf = (sizes: readonly number[], variants = 3) =>
  sizes.flatMap((size, label) =>
    Array.from({ length: size }, (_, i) => ({
      utteranceId: `${label}-${i}`,
      label,
      variants: Array.from({ length: variants }, (_, variant) =>
        Float32Array.of(label, i, variant),
      ),
    })),
  )

test('an epoch has exactly as many draws of a class as are wanted, spread over its examples', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(30), { minLength: 4, maxLength: 4 }),
      (sizes, wanted) => {
        const draws = epochBatches(classesOf(sizes), 3, 8, random('exact'), wanted).flat()
        sizes.forEach((size, label) => {
          const own = draws.filter((draw) => draw.label === label)
          expect(own).toHaveLength(size === 0 ? 0 : wanted[label]!)
          const times = Array.from(
            { length: size },
            (_, i) => own.filter(({ values }) => values[1] === i).length,
          )
          if (size > 0) expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1)
        })
      },
    ),
  )
})

test('an example that is drawn again comes as another of its variants, as long as there is one', () => {
  const draws = epochBatches(classesOf([2, 7]), 3, 8, random('copies'), [7, 7]).flat()
  for (const i of [0, 1]) {
    const variants = draws
      .filter(({ label, values }) => label === 0 && values[1] === i)
      .map(({ values }) => values[2])
    expect(new Set(variants).size).toBe(3)
  }
})

test('as many draws as examples are the draws without a number, to the bit', () => {
  const examples = classesOf([5, 3, 9])
  expect(epochBatches(examples, 3, 4, random('same'), [5, 3, 9])).toEqual(
    epochBatches(examples, 3, 4, random('same')),
  )
})

test('what is left over goes to other examples in other epochs', () => {
  const drawn = Array.from({ length: 30 }, (_, epoch) =>
    epochBatches(classesOf([6]), 3, 8, random('rest', epoch), [2])
      .flat()
      .map(({ values }) => values[1]),
  )
  expect(new Set(drawn.flat()).size).toBe(6)
})
