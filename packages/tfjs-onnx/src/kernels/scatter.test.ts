import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { test } from 'vitest'
import { expectSameAsCpu, floats, integers, truths, type Values } from './compare.fixture.js'

const runs = { numRuns: 8 }

test('gatherND and scatterND are as in the CPU backend, their gradients as differences', async () => {
  await fc.assert(
    fc.asyncProperty(
      floats([3, 4, 2]),
      floats([5, 2]),
      fc.tuple(integers([5, 1], 0, 2), integers([5, 1], 0, 3)),
      (params, updates, [first, second]) => {
        const pairs = Array.from(first.data, (row, index) => [row, second.data[index]!]).flat()
        const indices: Values = { data: Int32Array.from(pairs), shape: [5, 2], dtype: 'int32' }
        return expectSameAsCpu(
          ({ params, updates, indices, first }) => ({
            pairs: tf.gatherND(params!, indices!),
            rows: tf.gatherND(params!, first!),
            sums: tf.scatterND(indices!, updates!, [3, 4, 2]),
          }),
          { params, updates, indices, first },
          { gradients: ['params', 'updates'], against: 'differences' },
        )
      },
    ),
    runs,
  )
})

test('scatterND of integers adds up what falls on one place', async () => {
  await fc.assert(
    fc.asyncProperty(integers([2, 3, 1], 0, 2), integers([2, 3]), (indices, updates) =>
      expectSameAsCpu(({ indices, updates }) => ({ y: tf.scatterND(indices!, updates!, [4]) }), {
        indices,
        updates,
      }),
    ),
    runs,
  )
})

const distinct = fc
  .shuffledSubarray([0, 1, 2, 3, 4], { minLength: 3, maxLength: 3 })
  .map((rows): Values => ({ data: Int32Array.from(rows), shape: [3, 1], dtype: 'int32' }))

test('tensorScatterUpdate is as in the CPU backend, its gradients as differences', async () => {
  await fc.assert(
    fc.asyncProperty(floats([5, 2]), distinct, floats([3, 2]), (tensor, indices, updates) =>
      expectSameAsCpu(
        ({ tensor, indices, updates }) => ({
          y: tf.tensorScatterUpdate(tensor!, indices!, updates!),
        }),
        { tensor, indices, updates },
        { gradients: ['tensor', 'updates'], against: 'differences' },
      ),
    ),
    runs,
  )
})

test('sparseToDense and diag are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      distinct,
      floats([3]),
      integers([2, 2]),
      truths([3]),
      (indices, values, i, b) =>
        expectSameAsCpu(
          ({ indices, values, i, b }) => ({
            sparse: tf.sparseToDense(indices!, values!, [5], 7),
            one: tf.sparseToDense(tf.reshape(indices!, [3]), tf.scalar(4), [6]),
            floats: tf.diag(values!),
            integers: tf.diag(i!),
            truths: tf.diag(tf.cast(b!, 'int32')),
          }),
          { indices, values, i, b },
        ),
    ),
    runs,
  )
  await fc.assert(
    fc.asyncProperty(floats([4]), (x) =>
      expectSameAsCpu(
        ({ x }) => ({ y: tf.diag(x!) }),
        { x },
        { gradients: ['x'], against: 'differences' },
      ),
    ),
    { numRuns: 3 },
  )
})
