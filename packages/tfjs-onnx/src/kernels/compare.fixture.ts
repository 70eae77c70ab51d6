import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { TracedType } from '../backend.js'
import { compile } from '../compile.js'
import { sizeOf } from '../element-type.js'
import { withTfjsGradients } from '../gradients/tfjs.fixture.js'
import type { TensorFunction } from '../trace.js'

/** A tensor's values, as a test gives them. */
export interface Values {
  readonly data: Float32Array | Int32Array | Uint8Array
  readonly shape: readonly number[]
  readonly dtype: TracedType
}

/** What is compared, and how closely. */
export interface Comparison {
  /** names of inputs whose gradients are compared too */
  readonly gradients?: readonly string[]
  /** what gradients are compared with: the formulas of TensorFlow.js, or central differences where it has none */
  readonly against?: 'tfjs' | 'differences'
  /** largest difference, relative to the larger of 1 and the value */
  readonly tolerance?: number
}

/** Runs `fn` in the tfjs CPU backend and in ONNX Runtime and expects the same names, shapes, types and values. */
export async function expectSameAsCpu(
  fn: TensorFunction,
  inputs: Readonly<Record<string, Values>>,
  { gradients = [], against = 'tfjs', tolerance = 2e-6 }: Comparison = {},
): Promise<void> {
  await tf.setBackend('cpu')
  const whole = gradients.length === 0 ? fn : withGradients(fn, gradients)
  const expected =
    gradients.length === 0 || against === 'differences'
      ? onCpu(fn, inputs)
      : await withTfjsGradients(() => onCpu(whole, inputs))
  const before = tf.memory().numTensors
  const compiled = await compile(whole, inputs)
  expect(tf.getBackend()).toBe('cpu')
  expect(tf.memory().numTensors).toBe(before)
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data]))
  const found = await compiled(feeds)
  await compiled.dispose()
  for (const [name, values] of Object.entries(expected))
    expectNear(name, found[name]!, values, tolerance)
  if (against === 'tfjs') expect(Object.keys(found)).toEqual(Object.keys(expected))
  else {
    for (const name of gradients) {
      expectNear(`d${name}`, found[`d${name}`]!, differences(fn, inputs, name), 5e-3)
    }
  }
}

function expectNear(name: string, found: Values, expected: Values, tolerance: number): void {
  expect([name, found.dtype, ...found.shape]).toEqual([name, expected.dtype, ...expected.shape])
  expect([name, found.data.length]).toEqual([name, expected.data.length])
  expected.data.forEach((value, index) => {
    if (!near(found.data[index]!, value, tolerance)) {
      expect.fail(`${name}[${index}] is ${found.data[index]}, expected ${value}`)
    }
  })
}

/** Arbitrary shapes of `rank` axes or, without it, of 0 to 4. */
export function shapes(rank?: number): fc.Arbitrary<number[]> {
  const limits = rank === undefined ? { maxLength: 4 } : { minLength: rank, maxLength: rank }
  return fc.array(fc.integer({ min: 1, max: 4 }), limits)
}

/** Two shapes that broadcast: axes of one may be 1 or, at the front, left out. */
export function shapePairs(): fc.Arbitrary<[number[], number[]]> {
  const thin = (shape: number[], flags: boolean[], dropped: number) =>
    shape.map((size, axis) => (flags[axis] ? 1 : size)).slice(dropped)
  const flags = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })
  return fc
    .tuple(shapes(), flags, flags, fc.integer({ min: 0, max: 2 }), fc.boolean())
    .map(([shape, first, second, dropped, swap]) => {
      const pair: [number[], number[]] = [thin(shape, first, 0), thin(shape, second, dropped)]
      return swap ? [pair[1], pair[0]] : pair
    })
}

/** Arbitrary finite floats of a shape. */
export function floats(shape: readonly number[], min = -3, max = 3): fc.Arbitrary<Values> {
  return values(shape, fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true })).map(
    (data) => ({ data: Float32Array.from(data), shape, dtype: 'float32' }),
  )
}

/** Arbitrary integers of a shape. */
export function integers(shape: readonly number[], min = -9, max = 9): fc.Arbitrary<Values> {
  return values(shape, fc.integer({ min, max })).map((data) => ({
    data: Int32Array.from(data),
    shape,
    dtype: 'int32',
  }))
}

/** Arbitrary truth values of a shape. */
export function truths(shape: readonly number[]): fc.Arbitrary<Values> {
  return values(shape, fc.integer({ min: 0, max: 1 })).map((data) => ({
    data: Uint8Array.from(data),
    shape,
    dtype: 'bool',
  }))
}

function values(shape: readonly number[], value: fc.Arbitrary<number>): fc.Arbitrary<number[]> {
  const length = sizeOf(shape)
  return fc.array(value, { minLength: length, maxLength: length, size: 'max' })
}

function onCpu(
  fn: TensorFunction,
  inputs: Readonly<Record<string, Values>>,
): Record<string, Values> {
  const results: Record<string, Values> = {}
  tf.tidy(() => {
    const tensors = Object.entries(inputs).map(([name, { data, shape, dtype }]) => [
      name,
      tf.tensor(data, [...shape], dtype),
    ])
    for (const [name, tensor] of Object.entries(fn(Object.fromEntries(tensors)))) {
      const dtype = tensor.dtype as TracedType
      results[name] = { data: tensor.dataSync(), shape: tensor.shape, dtype }
    }
  })
  return results
}

/** Slope of the weighted sum of all outputs along each value of an input, from the values on both sides. */
function differences(
  fn: TensorFunction,
  inputs: Readonly<Record<string, Values>>,
  name: string,
): Values {
  const { data, shape } = inputs[name]!
  const distance = 2 ** -6
  const sumWith = (index: number, change: number) => {
    const moved = Float32Array.from(data)
    moved[index]! += change
    const outputs = onCpu(fn, { ...inputs, [name]: { data: moved, shape, dtype: 'float32' } })
    return Object.values(outputs).reduce(
      (total, { data }) =>
        Array.from(data).reduce((sum, value, i) => sum + value * weight(i), total),
      0,
    )
  }
  const slopes = Float32Array.from(data, (_, index) => {
    return (sumWith(index, distance) - sumWith(index, -distance)) / (2 * distance)
  })
  return { data: slopes, shape, dtype: 'float32' }
}

function weight(index: number): number {
  return Math.cos(index + 0.5)
}

/** The outputs of `fn` and the gradients of their sum, each value weighted differently. */
function withGradients(fn: TensorFunction, names: readonly string[]): TensorFunction {
  return (inputs) => {
    const weightedSum = () => {
      const terms = Object.values(fn(inputs)).map((output) => {
        const weights = Float32Array.from({ length: output.size }, (_, i) => weight(i))
        return tf.sum(tf.mul(output, tf.tensor(weights, output.shape)))
      })
      return terms.reduce((total, term) => tf.add(total, term))
    }
    const { grads } = tf.engine().gradients(
      weightedSum,
      names.map((name) => inputs[name]!),
    )
    const result: Record<string, tf.Tensor> = { ...fn(inputs) }
    names.forEach((name, index) => (result[`d${name}`] = grads[index]!))
    return result
  }
}

function near(a: number, b: number, tolerance: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b)
  return a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))
}
