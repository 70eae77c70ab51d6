import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { expectSameAsCpu, floats, integers, shapes, truths } from './compare.fixture.js'

const runs = { numRuns: 6 }

interface Case {
  readonly apply: (x: tf.Tensor) => tf.Tensor
  readonly range?: readonly [number, number]
  readonly gradient?: false
  readonly tolerance?: number
}

const cases: Record<string, Case> = {
  abs: { apply: tf.abs },
  acos: { apply: tf.acos, range: [-0.9, 0.9] },
  acosh: { apply: tf.acosh, range: [1.25, 4] },
  asin: { apply: tf.asin, range: [-0.9, 0.9] },
  asinh: { apply: tf.asinh },
  atan: { apply: tf.atan },
  atanh: { apply: tf.atanh, range: [-0.9, 0.9] },
  ceil: { apply: tf.ceil },
  clipByValue: { apply: (x) => tf.clipByValue(x, -1, 0.5) },
  cos: { apply: tf.cos },
  cosh: { apply: tf.cosh },
  elu: { apply: tf.elu },
  erf: { apply: tf.erf },
  exp: { apply: tf.exp },
  expm1: { apply: tf.expm1 },
  floor: { apply: tf.floor },
  isFinite: { apply: (x) => tf.isFinite(tf.log(x)), gradient: false },
  isInf: { apply: (x) => tf.isInf(tf.div(1, tf.relu(x))), gradient: false },
  isNaN: { apply: (x) => tf.isNaN(tf.log(x)), gradient: false },
  leakyRelu: { apply: (x) => tf.leakyRelu(x, 0.1) },
  log: { apply: tf.log, range: [0.25, 9] },
  log1p: { apply: tf.log1p, range: [-0.75, 9] },
  logSigmoid: { apply: tf.logSigmoid },
  neg: { apply: tf.neg },
  reciprocal: { apply: tf.reciprocal, range: [0.25, 9] },
  relu: { apply: tf.relu },
  relu6: { apply: (x) => tf.relu6(tf.mul(x, 4)) },
  round: { apply: tf.round },
  rsqrt: { apply: tf.rsqrt, range: [0.25, 9] },
  selu: { apply: tf.selu },
  sigmoid: { apply: tf.sigmoid },
  sign: { apply: tf.sign },
  sin: { apply: tf.sin },
  sinh: { apply: tf.sinh },
  softplus: { apply: tf.softplus },
  sqrt: { apply: tf.sqrt, range: [0.25, 9] },
  square: { apply: tf.square },
  step: { apply: (x) => tf.step(x, 0.25) },
  stepZero: { apply: (x) => tf.step(x) },
  tan: { apply: tf.tan, range: [-1.25, 1.25], tolerance: 1e-5 },
  tanh: { apply: tf.tanh },
}

test.each(Object.entries(cases))('%s is as in the CPU backend', async (_name, tested) => {
  const { apply, range = [-3, 3], gradient, tolerance = 2e-6 } = tested
  await fc.assert(
    fc.asyncProperty(
      shapes().chain((shape) => floats(shape, ...range)),
      (x) =>
        expectSameAsCpu(
          ({ x }) => ({ y: apply(x!) }),
          { x },
          {
            gradients: gradient === false ? [] : ['x'],
            tolerance,
          },
        ),
    ),
    runs,
  )
})

test('expm1 and log1p keep their digits near zero', async () => {
  const data = Float32Array.of(1e-7, -1e-7, 3e-5, -3e-5, 1e-3, 0, 1e-30)
  const compiled = await compile(({ x }) => ({ e: tf.expm1(x!), l: tf.log1p(x!) }), {
    x: { shape: [7] },
  })
  const { e, l } = await compiled({ x: data })
  data.forEach((x, index) => {
    expect(Math.abs(e!.data[index]! - Math.expm1(x))).toBeLessThanOrEqual(2e-7 * Math.abs(x))
    expect(Math.abs(l!.data[index]! - Math.log1p(x))).toBeLessThanOrEqual(2e-7 * Math.abs(x))
  })
  await compiled.dispose()
})

test('functions of infinity are as in the CPU backend', async () => {
  const x = {
    data: Float32Array.of(Infinity, -Infinity, 0, 50, -50),
    shape: [5],
    dtype: 'float32',
  } as const
  const names = ['exp', 'log1p', 'sigmoid', 'tanh', 'softplus', 'relu', 'sqrt', 'sign'] as const
  await expectSameAsCpu(({ x }) => Object.fromEntries(names.map((name) => [name, tf[name](x!)])), {
    x,
  })
})

test('integers and truth values stay what they are', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes().chain((shape) => fc.tuple(integers(shape), truths(shape))),
      ([i, b]) =>
        expectSameAsCpu(
          ({ i, b }) => ({
            abs: tf.abs(i!),
            neg: tf.neg(i!),
            relu: tf.relu(i!),
            sign: tf.sign(tf.cast(i!, 'float32')),
            square: tf.square(i!),
            clip: tf.clipByValue(i!, -2, 3),
            not: tf.logicalNot(b!),
            clone: tf.clone(b!),
          }),
          { i, b },
        ),
    ),
    runs,
  )
})

test('casts between all types are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes().chain((shape) => fc.tuple(floats(shape), integers(shape, -1, 1), truths(shape))),
      ([f, i, b]) =>
        expectSameAsCpu(
          (inputs) =>
            Object.fromEntries(
              Object.entries(inputs).flatMap(([name, x]) =>
                (['float32', 'int32', 'bool'] as const).map((dtype) => [
                  `${name}-${dtype}`,
                  tf.cast(x, dtype),
                ]),
              ),
            ),
          { f, i, b },
        ),
    ),
    runs,
  )
})

const normalised = fc.tuple(
  floats([2, 3, 3, 4]),
  floats([4]),
  floats([4], 0.5, 2),
  floats([4]),
  floats([4]),
)

test('batch normalisation is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(normalised, ([x, mean, variance, offset, scale]) =>
      expectSameAsCpu(
        ({ x, mean, variance, offset, scale }) => ({
          y: tf.batchNorm(
            x!,
            mean as tf.Tensor1D,
            variance as tf.Tensor1D,
            offset as tf.Tensor1D,
            scale as tf.Tensor1D,
          ),
        }),
        { x, mean, variance, offset, scale },
        { gradients: ['x', 'mean', 'variance', 'offset', 'scale'], tolerance: 1e-5 },
      ),
    ),
    runs,
  )
})

test('batch normalisation may go without scale and offset', async () => {
  await fc.assert(
    fc.asyncProperty(normalised, ([x, mean, variance]) =>
      expectSameAsCpu(
        ({ x, mean, variance }) => ({
          y: tf.batchNorm(x!, mean as tf.Tensor1D, variance as tf.Tensor1D),
        }),
        { x, mean, variance },
      ),
    ),
    runs,
  )
})
