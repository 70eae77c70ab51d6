import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { test } from 'vitest'
import { expectSameAsCpu, floats, integers, shapes, truths } from './compare.fixture.js'

const runs = { numRuns: 10 }

/** A shape, and some of its axes in order: numbers counted from either end, or all. */
const reductions = shapes().chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.option(
      fc
        .subarray(shape.map((_, axis) => axis))
        .map((axes) => axes.map((axis, index) => (index % 2 ? axis - shape.length : axis))),
      { nil: undefined },
    ),
    keepDims: fc.boolean(),
  }),
)

test.each(['sum', 'mean'] as const)('%s is as in the CPU backend', async (name) => {
  await fc.assert(
    fc.asyncProperty(
      reductions.chain((reduction) =>
        fc.tuple(fc.constant(reduction), floats(reduction.shape), integers(reduction.shape)),
      ),
      async ([{ axes, keepDims }, x, i]) => {
        await expectSameAsCpu(
          ({ x }) => ({ y: tf[name](x!, axes, keepDims) }),
          { x },
          {
            gradients: ['x'],
            tolerance: 1e-5,
          },
        )
        await expectSameAsCpu(({ i }) => ({ y: tf[name](i!, axes, keepDims) }), { i })
      },
    ),
    runs,
  )
})

test.each(['max', 'min'] as const)('%s is as in the CPU backend', async (name) => {
  await fc.assert(
    fc.asyncProperty(
      reductions.chain((reduction) =>
        fc.tuple(fc.constant(reduction), floats(reduction.shape), integers(reduction.shape)),
      ),
      async ([{ axes, keepDims }, x, i]) => {
        await expectSameAsCpu(
          ({ x }) => ({ y: tf[name](x!, axes, keepDims) }),
          { x },
          {
            gradients: ['x'],
          },
        )
        await expectSameAsCpu(({ i }) => ({ y: tf[name](i!, axes, keepDims) }), { i })
      },
    ),
    runs,
  )
})

test('max of one axis leaves the others: its kernel calls the axes reductionIndices', async () => {
  const x = { data: Float32Array.of(1, 5, 3, 2, 4, 6), shape: [2, 3], dtype: 'float32' } as const
  await expectSameAsCpu(({ x }) => ({ y: tf.max(x!, 1) }), { x }, { gradients: ['x'] })
})

test('prod is as in the CPU backend, and its gradient that of differences', async () => {
  await fc.assert(
    fc.asyncProperty(
      reductions
        .filter(({ shape }) => shape.reduce((product, size) => product * size, 1) <= 24)
        .chain((reduction) =>
          fc.tuple(
            fc.constant(reduction),
            floats(reduction.shape, -1.25, 1.25),
            integers(reduction.shape, -2, 2),
          ),
        ),
      async ([{ axes, keepDims }, x, i]) => {
        await expectSameAsCpu(
          ({ x }) => ({ y: tf.prod(x!, axes, keepDims) }),
          { x },
          {
            gradients: ['x'],
            against: 'differences',
          },
        )
        await expectSameAsCpu(({ i }) => ({ y: tf.prod(i!, axes, keepDims) }), { i })
      },
    ),
    runs,
  )
})

test('the gradient of a product with a zero among its factors is finite', async () => {
  const x = { data: Float32Array.of(2, 0, 3, 4, 5, 6), shape: [2, 3], dtype: 'float32' } as const
  await expectSameAsCpu(
    ({ x }) => ({ y: tf.prod(x!, 1) }),
    { x },
    {
      gradients: ['x'],
      against: 'differences',
    },
  )
})

test('all, any, argMax and argMin are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      reductions
        .filter(({ shape }) => shape.length > 0)
        .chain((reduction) =>
          fc.tuple(
            fc.constant(reduction),
            truths(reduction.shape),
            // Few different values, so that there are ties.
            integers(reduction.shape, 0, 2),
            floats(reduction.shape),
            fc.integer({ min: -reduction.shape.length, max: reduction.shape.length - 1 }),
          ),
        ),
      ([{ axes, keepDims }, b, i, x, axis]) =>
        expectSameAsCpu(
          ({ b, i, x }) => ({
            all: tf.all(b!, axes, keepDims),
            any: tf.any(b!, axes, keepDims),
            sumOfTruths: tf.sum(b!, axes, keepDims),
            argMax: tf.argMax(x!, axis),
            argMin: tf.argMin(x!, axis),
            argMaxOfIntegers: tf.argMax(i!, axis),
            argMinOfIntegers: tf.argMin(i!, axis),
          }),
          { b, i, x },
        ),
    ),
    runs,
  )
})

test('softmax, logSoftmax and logSumExp are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .integer({ min: 1, max: 4 })
        .chain((rank) => shapes(rank))
        .chain((shape) => floats(shape, -30, 30)),
      (x) =>
        expectSameAsCpu(
          ({ x }) => ({
            softmax: tf.softmax(x!),
            logSoftmax: tf.logSoftmax(x!),
            logSumExp: tf.logSumExp(x!, 0),
          }),
          { x },
          { gradients: ['x'], tolerance: 1e-5 },
        ),
    ),
    runs,
  )
})

test('cumulative sums and products are as in the CPU backend, along each axis and way', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes(3).chain((shape) =>
        fc.record({
          x: floats(shape),
          i: integers(shape, -2, 2),
          axis: fc.integer({ min: 0, max: 2 }),
          exclusive: fc.boolean(),
          reverse: fc.boolean(),
        }),
      ),
      async ({ x, i, axis, exclusive, reverse }) => {
        await expectSameAsCpu(
          ({ x }) => ({ y: tf.cumsum(x!, axis, exclusive, reverse) }),
          { x },
          {
            gradients: ['x'],
            against: 'differences',
          },
        )
        await expectSameAsCpu(
          ({ x, i }) => ({
            sum: tf.cumsum(i!, axis, exclusive, reverse),
            product: tf.cumprod(x!, axis, exclusive, reverse),
            integers: tf.cumprod(i!, axis, exclusive, reverse),
          }),
          { x, i },
          { tolerance: 1e-5 },
        )
      },
    ),
    runs,
  )
})
