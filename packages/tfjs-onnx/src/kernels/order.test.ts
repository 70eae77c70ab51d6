import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { test } from 'vitest'
import { expectSameAsCpu, floats, integers } from './compare.fixture.js'

const runs = { numRuns: 10 }

test('topk is as in the CPU backend, of equal values too', async () => {
  await fc.assert(
    fc.asyncProperty(
      integers([2, 3, 5], -2, 2),
      floats([4]),
      fc.integer({ min: 1, max: 4 }),
      (i, x, k) =>
        expectSameAsCpu(
          ({ i, x }) => {
            const whole = tf.topk(i!, k)
            const tied = tf.topk(tf.cast(i!, 'float32'), k)
            const { values } = tf.topk(x!, k)
            return { ...whole, tiedValues: tied.values, tiedIndices: tied.indices, x1: values }
          },
          { i, x },
        ),
    ),
    runs,
  )
})

test('the gradient of topk goes to the values picked', async () => {
  const apart = fc.shuffledSubarray([-2, -1, 0, 1, 2, 3], { minLength: 6 }).map((values) => ({
    data: Float32Array.from(values),
    shape: [2, 3],
    dtype: 'float32' as const,
  }))
  await fc.assert(
    fc.asyncProperty(apart, (x) =>
      expectSameAsCpu(
        ({ x }) => ({ y: tf.topk(x!, 2).values }),
        { x },
        { gradients: ['x'], against: 'differences' },
      ),
    ),
    { numRuns: 5 },
  )
})

test('searchSorted, lowerBound and upperBound are as in the CPU backend', async () => {
  const sorted = integers([2, 6], -4, 4).map((values) => {
    const data = new Int32Array(12)
    data.set(values.data.slice(0, 6).sort())
    data.set(values.data.slice(6).sort(), 6)
    return { ...values, data }
  })
  await fc.assert(
    fc.asyncProperty(sorted, integers([2, 3], -5, 5), (sequence, values) =>
      expectSameAsCpu(
        ({ sequence, values }) => ({
          left: tf.searchSorted(sequence!, values!),
          upper: tf.upperBound(sequence!, values!),
          lower: tf.lowerBound(tf.cast(sequence!, 'float32'), tf.cast(values!, 'float32')),
        }),
        { sequence, values },
      ),
    ),
    runs,
  )
})

test('bincount and denseBincount are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      integers([7], 0, 5),
      integers([2, 4], 0, 5),
      floats([7]),
      floats([2, 4]),
      (vector, matrix, weights, weightMatrix) =>
        expectSameAsCpu(
          (inputs) => {
            const vector = inputs['vector'] as tf.Tensor1D
            const matrix = inputs['matrix'] as tf.Tensor2D
            const none = tf.tensor1d([], 'int32')
            return {
              counts: tf.bincount(vector, none, 4),
              weighted: tf.bincount(vector, inputs['weights'] as tf.Tensor1D, 4),
              dense: tf.denseBincount(matrix, tf.tensor2d([], [0, 0], 'int32'), 5),
              denseWeighted: tf.denseBincount(matrix, inputs['weightMatrix'] as tf.Tensor2D, 5),
              present: tf.denseBincount(matrix, tf.tensor2d([], [0, 0], 'int32'), 6, true),
            }
          },
          { vector, matrix, weights, weightMatrix },
        ),
    ),
    runs,
  )
})
