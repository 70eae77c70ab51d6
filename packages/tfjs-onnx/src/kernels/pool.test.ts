import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { expectSameAsCpu, floats, integers, type Values } from './compare.fixture.js'

const tolerance = 1e-5
const small = (max: number, min = 1) => fc.integer({ min, max })
const pair = (max: number) => fc.tuple(small(max), small(max))

const pools = fc
  .record({
    shape: fc.tuple(small(2), small(6, 3), small(7, 3), small(3)),
    filter: pair(3),
    strides: pair(3),
    pad: fc.constantFrom<'same' | 'valid' | 0 | 1>('same', 'valid', 0, 1),
  })
  .map((pool) => {
    if (typeof pool.pad === 'string') return pool
    // With a number of pixels, TensorFlow.js takes the width of the result from the filter's height and stride.
    const square = (sides: [number, number]): [number, number] => [sides[0], sides[0]]
    const filter = square(pool.filter.map((taps) => Math.max(taps, 2)) as [number, number])
    return { ...pool, filter, strides: square(pool.strides) }
  })

/** Values of which many are equal, so that the largest of a window is often not alone. */
const tied = (shape: readonly number[]): fc.Arbitrary<Values> =>
  integers(shape, -2, 2).map(({ data }) => ({
    data: Float32Array.from(data),
    shape,
    dtype: 'float32',
  }))

test('maxPool is as in the CPU backend, and so is its gradient where values are equal', async () => {
  await fc.assert(
    fc.asyncProperty(
      pools.chain((pool) => fc.tuple(fc.constant(pool), tied(pool.shape))),
      ([{ filter, strides, pad }, x]) =>
        expectSameAsCpu(
          ({ x }) => ({ y: tf.maxPool(x as tf.Tensor4D, filter, strides, pad) }),
          { x },
          { gradients: ['x'], tolerance },
        ),
    ),
    { numRuns: 30 },
  )
})

test('maxPool of integers is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      pools.chain((pool) => fc.tuple(fc.constant(pool), integers(pool.shape))),
      ([{ filter, strides, pad }, x]) =>
        expectSameAsCpu(({ x }) => ({ y: tf.maxPool(x as tf.Tensor4D, filter, strides, pad) }), {
          x,
        }),
    ),
    { numRuns: 10 },
  )
})

test('avgPool is as in the CPU backend, its gradient as differences', async () => {
  await fc.assert(
    fc.asyncProperty(
      pools.chain((pool) => fc.tuple(fc.constant(pool), floats(pool.shape))),
      ([{ filter, strides, pad }, x]) =>
        expectSameAsCpu(
          ({ x }) => ({ y: tf.avgPool(x as tf.Tensor4D, filter, strides, pad) }),
          { x },
          { gradients: ['x'], against: 'differences', tolerance },
        ),
    ),
    { numRuns: 20 },
  )
})

test('without padding, the gradient of avgPool is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      pools.chain((pool) => fc.tuple(fc.constant(pool), floats(pool.shape))),
      ([{ filter, strides }, x]) =>
        expectSameAsCpu(
          ({ x }) => ({ y: tf.avgPool(x as tf.Tensor4D, filter, strides, 'valid') }),
          { x },
          { gradients: ['x'], tolerance },
        ),
    ),
    { numRuns: 20 },
  )
})

test('with padding, a slope of avgPool is shared among what the window sees', async () => {
  // Windows of [1, 2], [2, 3] and [3] over three values: means (1 + 2)/2, (2 + 3)/2 and 3/1. The CPU backend divides
  // the last slope by two as well.
  const compiled = await compile(
    ({ x }) => ({
      dx: tf.grad((x) => tf.sum(tf.avgPool(x as tf.Tensor4D, [1, 2], 1, 'same')))(x!),
    }),
    { x: { shape: [1, 1, 3, 1] } },
  )
  const { dx } = await compiled({ x: Float32Array.of(1, 2, 3) })
  expect([...dx!.data]).toEqual([0.5, 1, 1.5])
  await compiled.dispose()
})

test('pooling over depth, height and width is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      tied([2, 3, 4, 5, 2]),
      floats([2, 3, 4, 5, 2]),
      fc.tuple(small(3), small(3)),
      fc.tuple(small(2), small(2), small(2)),
      async (x, v, [depth, side], strides) => {
        await expectSameAsCpu(
          ({ x }) => ({
            y: tf.maxPool3d(x as tf.Tensor5D, [depth, side, side], strides, 'same'),
          }),
          { x },
          { gradients: ['x'], tolerance },
        )
        await expectSameAsCpu(
          ({ v }) => ({
            y: tf.avgPool3d(v as tf.Tensor5D, [depth, side, 2], strides, 'valid'),
          }),
          { v },
          { gradients: ['v'], tolerance },
        )
      },
    ),
    { numRuns: 8 },
  )
})

test('the slope of a flat window over three axes goes to its largest value', async () => {
  // One window of two rows and three columns. The CPU backend counts rows by the height of the window, not the width,
  // and sends the slope to another place.
  const compiled = await compile(
    ({ x }) => ({
      dx: tf.grad((x) => tf.sum(tf.maxPool3d(x as tf.Tensor5D, [1, 2, 3], 1, 'valid')))(x!),
    }),
    { x: { shape: [1, 1, 2, 3, 1] } },
  )
  const { dx } = await compiled({ x: Float32Array.of(1, 2, 3, 6, 5, 4) })
  expect([...dx!.data]).toEqual([0, 0, 0, 1, 0, 0])
  await compiled.dispose()
})

test('pool with dilations, which is composed, is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      floats([2, 7, 6, 2]),
      fc.constantFrom<'max' | 'avg'>('max', 'avg'),
      pair(3),
      (x, kind, dilations) =>
        expectSameAsCpu(
          ({ x }) => ({ y: tf.pool(x as tf.Tensor4D, 2, kind, 'same', dilations) }),
          { x },
          kind === 'max' ? { gradients: ['x'], tolerance } : { tolerance },
        ),
    ),
    { numRuns: 10 },
  )
})
