import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { sizeOf } from '../element-type.js'
import { expectSameAsCpu, type Values } from './compare.fixture.js'

const floats = (...shape: number[]): Values => ({
  data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => (i % 5) - 1.5),
  shape,
  dtype: 'float32',
})
const integers = (...shape: number[]): Values => ({
  data: Int32Array.from({ length: sizeOf(shape) }, (_, i) => i % 3),
  shape,
  dtype: 'int32',
})

type Operation = (x: tf.Tensor) => tf.Tensor
type Case = readonly [name: string, shape: readonly number[], operation: Operation]

const cases: readonly Case[] = [
  ['add, broadcast', [0, 3], (x) => tf.add(x, tf.ones([1, 3]))],
  ['multiply, broadcast to nothing', [2, 1], (x) => tf.mul(x, tf.ones([2, 0]))],
  ['relu', [2, 0], (x) => tf.relu(x)],
  ['sigmoid', [0], (x) => tf.sigmoid(x)],
  ['where', [0, 2], (x) => tf.where(tf.greater(x, 0), x, tf.zerosLike(x))],
  ['sum over the empty axis', [2, 0], (x) => tf.sum(x, 1)],
  ['sum over the other axis', [2, 0], (x) => tf.sum(x, 0)],
  ['sum of nothing', [0, 3], (x) => tf.sum(x)],
  ['sum over no axis', [2, 3], (x) => tf.sum(x, [])],
  ['softmax of no rows', [0, 3], (x) => tf.softmax(x as tf.Tensor2D)],
  ['matMul without rows', [0, 3], (x) => tf.matMul(x as tf.Tensor2D, tf.ones([3, 2]))],
  ['matMul over nothing', [2, 0], (x) => tf.matMul(x as tf.Tensor2D, tf.zeros([0, 3]))],
  ['reshape', [0, 6], (x) => tf.reshape(x, [2, 0, 3])],
  ['transpose', [2, 0, 3], (x) => tf.transpose(x, [2, 0, 1])],
  ['concat with nothing', [0, 3], (x) => tf.concat([x, tf.ones([2, 3])], 0)],
  ['slice of nothing', [4, 3], (x) => tf.slice(x, [1, 0], [0, 3])],
  ['stack', [0, 2], (x) => tf.stack([x, x], 1)],
  ['split', [0, 4], (x) => tf.split(x, 2, 1)[1]!],
  ['pad', [0, 2], (x) => tf.pad(x, [[1, 2], [0, 0]])], // prettier-ignore
  ['tile', [0, 2], (x) => tf.tile(x, [2, 3])],
  ['gather of nothing', [4, 2], (x) => tf.gather(x, tf.tensor1d([], 'int32'))],
  ['cast', [0, 2], (x) => tf.cast(x, 'int32')],
]

test.each(cases)('%s of shape %j is as in the CPU backend', async (name, shape, operation) => {
  const gradients = name === 'cast' ? [] : ['x']
  await expectSameAsCpu(
    ({ x }) => ({ y: operation(x!) }),
    { x: floats(...shape) },
    { gradients, against: 'differences' },
  )
})

test('integers and truth values may be none', async () => {
  await expectSameAsCpu(
    ({ x }) => ({
      sum: tf.add(x!, tf.scalar(1, 'int32')),
      isTwo: tf.equal(x!, tf.scalar(2, 'int32')),
      hot: tf.oneHot(x as tf.Tensor1D, 3),
    }),
    { x: integers(0) },
  )
})

test('all of nothing is true and any of it false, which the CPU backend has not', async () => {
  const fn = ({ x }: Record<string, tf.Tensor>) => ({ all: tf.all(x!), any: tf.any(x!) })
  const x = { data: new Uint8Array(), shape: [0], dtype: 'bool' } as const
  const compiled = await compile(fn, { x })
  const { all, any } = await compiled({ x })
  await compiled.dispose()
  expect([...all!.data, ...any!.data]).toEqual([1, 0])
})

test('the largest of nothing is -Infinity and the smallest Infinity; the CPU backend reads beyond the end', async () => {
  const x = { data: new Float32Array(), shape: [2, 0], dtype: 'float32' } as const
  const compiled = await compile(({ x }) => ({ max: tf.max(x!, 1), min: tf.min(x!, 1) }), { x })
  const { max, min } = await compiled({ x })
  await compiled.dispose()
  expect([...max!.data, ...min!.data]).toEqual([-Infinity, -Infinity, Infinity, Infinity])
})
