import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { test } from 'vitest'
import {
  expectSameAsCpu,
  floats,
  integers,
  shapes,
  truths,
  type Values,
} from './compare.fixture.js'

const runs = { numRuns: 6 }
const someShapes = fc.integer({ min: 1, max: 4 }).chain((rank) => shapes(rank))

/** A tensor of each type of one shape. */
function ofEachType(shape: readonly number[]): fc.Arbitrary<{ x: Values; i: Values; b: Values }> {
  return fc.record({ x: floats(shape), i: integers(shape), b: truths(shape) })
}

/** Compares a movement of values for each type, and its gradient for floats. */
async function expectMoves(
  inputs: Readonly<Record<string, Values>>,
  move: (x: tf.Tensor) => tf.Tensor | tf.Tensor[],
): Promise<void> {
  const named = (moved: tf.Tensor | tf.Tensor[]) =>
    Object.fromEntries([moved].flat().map((tensor, index) => [`y${index}`, tensor]))
  await expectSameAsCpu(
    ({ x }) => named(move(x!)),
    { x: inputs.x! },
    { gradients: ['x'], tolerance: 1e-5 },
  )
  await expectSameAsCpu(({ i }) => named(move(i!)), { i: inputs.i! })
  await expectSameAsCpu(({ b }) => named(move(b!)), { b: inputs.b! })
}

test('reshape, expandDims, squeeze and flatten are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      someShapes.chain((shape) =>
        fc.tuple(ofEachType(shape), fc.integer({ min: -1, max: shape.length })),
      ),
      ([inputs, axis]) =>
        expectMoves(inputs, (x) => [
          tf.reshape(x, [...x.shape].reverse()),
          tf.reshape(x, [-1]),
          tf.expandDims(x, axis),
          tf.squeeze(tf.expandDims(x, 0), [0]),
        ]),
    ),
    runs,
  )
})

test('transpose and reverse are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      someShapes.chain((shape) => {
        const axes = shape.map((_, axis) => axis)
        const permutation = fc.shuffledSubarray(axes, { minLength: axes.length })
        return fc.tuple(ofEachType(shape), permutation, fc.subarray(axes))
      }),
      ([inputs, permutation, axes]) =>
        expectMoves(inputs, (x) => [
          tf.transpose(x, permutation),
          tf.reverse(x, axes),
          tf.reverse(x),
        ]),
    ),
    runs,
  )
})

test('concat, stack, unstack and split are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      someShapes.chain((shape) =>
        fc.tuple(ofEachType(shape), fc.integer({ min: 0, max: shape.length - 1 })),
      ),
      ([inputs, axis]) =>
        expectMoves(inputs, (x) => {
          const first = x.shape[axis]! >> 1
          return [
            tf.concat([x, x, x], axis),
            tf.stack([x, x], axis),
            tf.stack([x, x], -1),
            // TensorFlow.js has no gradient of a split into one part.
            ...(first > 0 ? tf.unstack(x, axis) : []),
            ...(first > 0 ? tf.split(x, x.shape[axis]!, axis) : []),
            ...(first > 0 ? tf.split(x, [first, x.shape[axis]! - first], axis) : []),
          ]
        }),
    ),
    runs,
  )
})

test('a split into one part has a gradient', async () => {
  const x = { data: Float32Array.of(1, 2, 3), shape: [1, 3], dtype: 'float32' } as const
  await expectSameAsCpu(
    ({ x }) => ({ unstacked: tf.unstack(x!)[0]!, split: tf.split(x!, 1)[0]! }),
    { x },
    { gradients: ['x'], against: 'differences' },
  )
})

test('slice, pad and tile are as in the CPU backend', async () => {
  const edges = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }))
  await fc.assert(
    fc.asyncProperty(
      someShapes.chain((shape) => {
        const bounds = shape.map((size) =>
          fc
            .integer({ min: 0, max: size - 1 })
            .chain((begin) =>
              fc.tuple(fc.constant(begin), fc.integer({ min: 1, max: size - begin })),
            ),
        )
        const repetitions = shape.map(() => fc.integer({ min: 1, max: 3 }))
        return fc.tuple(
          ofEachType(shape),
          fc.tuple(...bounds),
          fc.tuple(...shape.map(() => edges)),
          fc.tuple(...repetitions),
        )
      }),
      ([inputs, bounds, paddings, repetitions]) =>
        expectMoves(inputs, (x) => [
          tf.slice(
            x,
            bounds.map(([begin]) => begin),
            bounds.map(([, size]) => size),
          ),
          tf.pad(x, paddings, 1),
          tf.tile(x, repetitions),
        ]),
    ),
    runs,
  )
})

test('stridedSlice is as in the CPU backend, backwards and with masks', async () => {
  await fc.assert(
    fc.asyncProperty(ofEachType([4, 3, 5]), ({ x, i }) =>
      expectSameAsCpu(
        ({ x, i }) => ({
          forwards: tf.stridedSlice(x!, [1, 0, 0], [4, 2, 5], [2, 1, 3]),
          backwards: tf.stridedSlice(x!, [3, 2, 4], [0, -4, 0], [-1, -1, -2]),
          masked: tf.stridedSlice(i!, [1, 1, 1], [3, 2, 4], [1, 1, 2], 1, 2),
          shrunk: tf.stridedSlice(i!, [1, 0, 0], [2, 3, 5], [1, 1, 1], 0, 0, 0, 0, 1),
          widened: tf.stridedSlice(i!, [0, 0], [0, 2], [1, 1], 0, 0, 0, 1),
        }),
        { x, i },
      ),
    ),
    { numRuns: 3 },
  )
})
