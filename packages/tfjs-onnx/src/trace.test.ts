import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { compile } from './compile.js'
import { rules } from './kernels/index.js'
import { trace } from './trace.js'

beforeEach(async () => {
  await tf.setBackend('cpu')
})

let tensorsBefore = 0
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors
})

afterEach(() => {
  expect(tf.getBackend()).toBe('cpu')
  expect(tf.findBackend('onnx-trace')).toBeNull()
  expect(tf.memory().numTensors).toBe(tensorsBefore)
})

const x = { x: { shape: [2, 2] } } as const

test('the same function gives the same bytes', () => {
  const bytes = () => trace(({ x }) => ({ y: tf.softmax(tf.matMul(x!, x!)) }), x).graph.toBytes()
  expect(bytes()).toEqual(bytes())
})

const image = { x: { shape: [1, 2, 2, 1] } } as const

test('a kernel that cannot be traced is an error which names it, the line, and the others', () => {
  const fn = () => trace(({ x }) => ({ y: tf.localResponseNormalization(x as tf.Tensor4D) }), image)
  expect(fn).toThrow('trace: tf.localResponseNormalization, the TensorFlow.js kernel LRN (at ')
  expect(fn).toThrow(/trace\.test\.ts:\d+:\d+\) cannot be traced/)
  expect(fn).toThrow('Abs, Acos')
  expect(fn).toThrow('Unpack')
})

test('a kernel without a gradient is an error which names it, the line, and the others', () => {
  const fn = () =>
    trace(
      ({ x }) => ({
        dx: tf.grad((x) => tf.sum(tf.bincount(x as tf.Tensor1D, x as tf.Tensor1D, 2)))(x!),
      }),
      {
        x: { shape: [3], dtype: 'int32' },
      },
    )
  expect(fn).toThrow(/the kernel Bincount has no gradient \(at .*trace\.test\.ts:\d+:\d+\)/)
  expect(fn).toThrow('Abs, Acos')
  // TensorFlow.js keeps what a gradient that failed had saved.
  tensorsBefore = tf.memory().numTensors
})

test('reading a value is an error that says what to do', () => {
  const fn = () => trace(({ x }) => (x!.dataSync()[0]! > 0 ? { y: x! } : { y: tf.neg(x!) }), x)
  expect(fn).toThrow('tf.where')
})

test('reading a value that is known is not', () => {
  const { outputs } = trace(({ x }) => ({ y: tf.mul(x!, tf.zeros([2]).dataSync()[0]!) }), x)
  expect(outputs).toMatchObject({ y: { shape: [2, 2], dtype: 'float32' } })
})

test('an error of the function itself is passed on', () => {
  expect(() =>
    trace(() => {
      throw new RangeError('own')
    }, x),
  ).toThrow(new RangeError('own'))
})

test('something that is no tensor, or a promise, is an error', () => {
  const wrong = (value: unknown) => () => trace(() => value as Record<string, tf.Tensor>, x)
  expect(wrong({ y: 1 })).toThrow('output "y" is no tensor')
  expect(wrong(Promise.resolve({}))).toThrow('no outputs')
})

test('a trace within a trace is an error', () => {
  expect(() => trace(({ x }) => (trace(() => ({ y: x! }), {}), { y: x! }), x)).toThrow('within')
})

test('strings and complex numbers are an error', () => {
  expect(() => trace(() => ({ y: tf.tensor(['a']) }), x)).toThrow('string cannot be traced')
})

test('tensors and variables of the enclosing scope are constants, and stay usable', async () => {
  const scale = tf.tensor1d([2, 3])
  const one = tf.scalar(1)
  const offset = tf.variable(one)
  const compiled = await compile(({ x }) => ({ y: tf.add(tf.mul(x!, scale), offset), scale }), x)
  const { y, scale: same } = await compiled({ x: Float32Array.of(1, 2, 3, 4) })
  expect([...y!.data]).toEqual([3, 7, 7, 13])
  expect([...same!.data]).toEqual([2, 3])
  expect([...tf.tidy(() => tf.square(scale).dataSync())]).toEqual([4, 9])
  expect(offset.dataSync()[0]).toBe(1)
  await compiled.dispose()
  tf.dispose([scale, offset, one])
})

test('an input that is returned, an output that is known and one tensor twice are outputs', async () => {
  const compiled = await compile(({ x }) => ({ same: x!, again: x!, ones: tf.ones([2]) }), x)
  const { same, again, ones } = await compiled({ x: Float32Array.of(1, 2, 3, 4) })
  expect([...same!.data]).toEqual([1, 2, 3, 4])
  expect([...again!.data]).toEqual([1, 2, 3, 4])
  expect([...ones!.data]).toEqual([1, 1])
  await compiled.dispose()
})

test('second derivatives can be traced', async () => {
  const cube = (x: tf.Tensor) => tf.sum(tf.mul(x, tf.square(x)))
  const slope = tf.grad(cube)
  const compiled = await compile(({ x }) => ({ y: tf.grad((x) => tf.sum(slope(x)))(x!) }), x)
  const { y } = await compiled({ x: Float32Array.of(1, 2, 3, 4) })
  expect([...y!.data]).toEqual([6, 12, 18, 24])
  await compiled.dispose()
})

test('feeds that are missing, unknown or not as specified are errors', async () => {
  const compiled = await compile(({ x }) => ({ y: tf.neg(x!) }), x)
  const data = new Float32Array(4)
  await expect(compiled({})).rejects.toThrow('input "x" is missing')
  await expect(compiled({ x: data, z: data })).rejects.toThrow('"z" is no input; expected x')
  await expect(compiled({ x: new Float32Array(3) })).rejects.toThrow('[2, 2] has 4 elements')
  await expect(compiled({ x: new Int32Array(4) })).rejects.toThrow('holds int32')
  await compiled.dispose()
})

test('in place, the slope of a filter comes out as the rows of a matrix', () => {
  const filter = { filter: { shape: [3, 2, 4, 5] } } as const
  const slope = ({ filter }: Record<string, tf.Tensor>) => {
    const convolve = (filter: tf.Tensor) =>
      tf.sum(tf.conv2d(tf.ones([2, 4, 4, 4]) as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'))
    return { y: tf.grad(convolve)(filter!) }
  }
  const shapes = (inPlace: boolean) => {
    const { shape, graphShape } = trace(slope, filter, { inPlace }).outputs['y']!
    return { shape, graphShape }
  }
  expect(shapes(true)).toEqual({ shape: [3, 2, 4, 5], graphShape: [24, 5] })
  expect(shapes(false)).toEqual({ shape: [3, 2, 4, 5], graphShape: [3, 2, 4, 5] })
})

test('every rule is of another kernel', () => {
  const names = rules.map((rule) => rule.kernelName)
  expect(new Set(names).size).toBe(names.length)
})
