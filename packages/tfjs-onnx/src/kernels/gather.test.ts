import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { test } from 'vitest'
import { expectSameAsCpu, floats, integers, shapes } from './compare.fixture.js'

const runs = { numRuns: 10 }

test('gather picks along each axis, and its gradient adds up what was picked twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .tuple(shapes(3), fc.integer({ min: 0, max: 2 }), shapes(2))
        .chain(([shape, axis, picked]) =>
          fc.record({
            x: floats(shape),
            axis: fc.constant(axis),
            indices: integers(picked, 0, shape[axis]! - 1),
          }),
        ),
      ({ x, axis, indices }) =>
        expectSameAsCpu(
          ({ x, indices }) => ({ y: tf.gather(x!, indices!, axis) }),
          { x, indices },
          {
            gradients: ['x'],
            tolerance: 1e-5,
          },
        ),
    ),
    runs,
  )
})

test('gather with batch axes is as in the CPU backend, and its gradient that of differences', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .tuple(shapes(3), fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 }))
        .chain(([shape, axis, count]) =>
          fc.record({
            x: floats(shape),
            axis: fc.constant(axis),
            indices: integers([shape[0]!, count], 0, shape[axis]! - 1),
          }),
        ),
      ({ x, axis, indices }) =>
        expectSameAsCpu(
          ({ x, indices }) => ({ y: tf.gather(x!, indices!, axis, 1) }),
          { x, indices },
          { gradients: ['x'], against: 'differences' },
        ),
    ),
    runs,
  )
})

test('unsortedSegmentSum drops rows whose id names no segment', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes(3).chain((shape) => fc.tuple(floats(shape), integers([shape[0]!], -1, 3))),
      ([x, ids]) =>
        expectSameAsCpu(
          ({ x, ids }) => ({ y: tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 3) }),
          { x, ids },
          { gradients: ['x'], against: 'differences' },
        ),
    ),
    runs,
  )
})

test('oneHot has no class for an index outside, and takes any values', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes(2).chain((shape) => integers(shape, -2, 5)),
      (indices) =>
        expectSameAsCpu(
          ({ indices }) => ({
            standard: tf.oneHot(indices!, 4),
            smoothed: tf.oneHot(indices!, 4, 0.75, 0.25, 'float32'),
            truths: tf.oneHot(indices!, 4, 1, 0, 'bool'),
          }),
          { indices },
        ),
    ),
    runs,
  )
})

test('sequences and repeated values are as in the CPU backend', async () => {
  const x = { data: Float32Array.of(1, 2, 3), shape: [3], dtype: 'float32' } as const
  await expectSameAsCpu(
    ({ x }) => ({
      up: tf.range(0, 5, 2),
      down: tf.range(3, 0),
      integers: tf.range(-2, 3, 1, 'int32'),
      none: tf.cast(tf.range(2, 2), 'int32'),
      linear: tf.linspace(0, 1, 4),
      point: tf.linspace(2, 5, 1),
      zeros: tf.zerosLike(x!),
      ones: tf.onesLike(x!),
      filled: tf.fill([2, 2], 3, 'int32'),
      eye: tf.eye(3),
    }),
    { x },
  )
})
