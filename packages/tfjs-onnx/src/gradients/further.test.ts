import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { expectSameAsCpu, floats } from '../kernels/compare.fixture.js'

const byDifferences = { against: 'differences', tolerance: 1e-5 } as const

test('cumprod has a gradient, where values are zero too', async () => {
  const values = floats([2, 3, 2], -2, 2).map((x) => {
    const data = Float32Array.from(x.data)
    data[4] = 0
    return { ...x, data }
  })
  await fc.assert(
    fc.asyncProperty(
      values,
      fc.integer({ min: 0, max: 2 }),
      fc.boolean(),
      fc.boolean(),
      (x, axis, exclusive, reverse) =>
        expectSameAsCpu(
          ({ x }) => ({ y: tf.cumprod(x!, axis, exclusive, reverse) }),
          { x },
          { gradients: ['x'], ...byDifferences },
        ),
    ),
    { numRuns: 8 },
  )
})

test('stridedSlice has a gradient, forwards and backwards', async () => {
  await fc.assert(
    fc.asyncProperty(floats([4, 5, 3]), (x) =>
      expectSameAsCpu(
        ({ x }) => ({
          steps: tf.stridedSlice(x!, [0, 1, 0], [4, 5, 3], [2, 3, 1]),
          back: tf.stridedSlice(x!, [3, 4, 2], [0, 1, 0], [-2, -1, -1]),
          wider: tf.stridedSlice(x!, [0, 0], [0, 2], [1, 1], 1, 1, 0, 0, 0),
        }),
        { x },
        { gradients: ['x'], ...byDifferences },
      ),
    ),
    { numRuns: 4 },
  )
})

test('stridedSlice that drops an axis takes the values along the others', async () => {
  // Rows 0 and 2 of the second of two matrices. The CPU backend steps along the axis that was dropped.
  const rows = (x: tf.Tensor) => tf.stridedSlice(x, [1, 0, 0], [2, 3, 2], [1, 2, 1], 0, 0, 0, 0, 1)
  const compiled = await compile(
    ({ x }) => ({ y: rows(x!), dx: tf.grad((x) => tf.sum(tf.square(rows(x))))(x!) }),
    { x: { shape: [2, 3, 2] } },
  )
  const { y, dx } = await compiled({ x: Float32Array.from({ length: 12 }, (_, i) => i) })
  expect(y!.shape).toEqual([2, 2])
  expect([...y!.data]).toEqual([6, 7, 10, 11])
  expect([...dx!.data]).toEqual([0, 0, 0, 0, 0, 0, 12, 14, 0, 0, 20, 22])
  await compiled.dispose()
})

test('what a comparison chooses has a gradient, the comparison none', async () => {
  const away = floats([6]).map((x) => ({
    ...x,
    data: x.data.map((value) => (Math.abs(value) < 0.25 ? 1 : value)) as Float32Array,
  }))
  await fc.assert(
    fc.asyncProperty(away, (x) =>
      expectSameAsCpu(
        ({ x }) => {
          const positive = tf.logicalNot(tf.lessEqual(x!, 0))
          return {
            thresholded: tf.mul(x!, tf.cast(tf.greater(x!, 0.1), 'float32')),
            both: tf.mul(x!, tf.cast(tf.logicalAnd(positive, tf.notEqual(x!, 2)), 'float32')),
          }
        },
        { x },
        { gradients: ['x'], ...byDifferences },
      ),
    ),
    { numRuns: 4 },
  )
})

test('broadcastTo has a gradient', async () => {
  await fc.assert(
    fc.asyncProperty(floats([1, 3]), (x) =>
      expectSameAsCpu(
        ({ x }) => ({ y: tf.broadcastTo(x!, [2, 4, 3]) }),
        { x },
        { gradients: ['x'], ...byDifferences },
      ),
    ),
    { numRuns: 3 },
  )
})
