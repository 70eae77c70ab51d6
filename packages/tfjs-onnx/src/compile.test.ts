import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { compile } from './compile.js'
import { programCache } from './program-cache.js'

const vector = (...values: number[]) => ({
  data: Float32Array.from(values),
  shape: [values.length],
})

test('a function is traced once for each set of shapes and types', async () => {
  let traces = 0
  const twice = await compile(({ x }) => {
    traces++
    return { y: tf.add(x!, x!) }
  })
  for (const values of [[1], [1, 2], [3], [4, 5]]) {
    const { y } = await twice({ x: vector(...values) })
    expect([...y!.data]).toEqual(values.map((value) => 2 * value))
    expect(y!.shape).toEqual([values.length])
  }
  expect(traces).toBe(2)
  const { y } = await twice({ x: { data: Int32Array.of(7), shape: [1] } })
  expect(y).toEqual({ data: Int32Array.of(14), shape: [1], dtype: 'int32' })
  expect(traces).toBe(3)
  expect(twice.graphs()).toBe(3)
  await twice.dispose()
})

test('shapes that are given are traced at once, and an array alone has them', async () => {
  let traces = 0
  const square = await compile(
    ({ x }) => {
      traces++
      return { y: tf.square(x!) }
    },
    { x: { shape: [2, 1] } },
  )
  expect(traces).toBe(1)
  const { y } = await square({ x: Float32Array.of(2, 3) })
  expect(y).toEqual({ data: Float32Array.of(4, 9), shape: [2, 1], dtype: 'float32' })
  await square({ x: vector(1) })
  expect(traces).toBe(2)
  await square.dispose()
})

test('tensors of TensorFlow.js are inputs, in any order of the names', async () => {
  await tf.setBackend('cpu')
  const difference = await compile(({ a, b }) => ({ y: tf.sub(a!, b!) }))
  const [a, b] = [tf.tensor1d([5, 7]), tf.tensor1d([1, 2])]
  for (const feeds of [
    { a, b },
    { b, a },
  ]) {
    const { y } = await difference(feeds)
    expect([...y!.data]).toEqual([4, 5])
  }
  expect(difference.graphs()).toBe(1)
  const bools = await compile(({ m }) => ({ y: tf.logicalNot(m!) }))
  const { y } = await bools({ m: tf.tensor1d([true, false], 'bool') })
  expect(y).toEqual({ data: Uint8Array.of(0, 1), shape: [2], dtype: 'bool' })
  await difference.dispose()
  await bools.dispose()
})

test('with a limit the graph used longest ago is freed, and made again when needed', async () => {
  let traces = 0
  const fn = await compile(
    ({ x }) => {
      traces++
      return { y: tf.neg(x!) }
    },
    undefined,
    { maxGraphs: 2 },
  )
  for (const length of [1, 2, 1, 3, 1]) await fn({ x: vector(...new Array(length).fill(1)) })
  expect(traces).toBe(3)
  expect(fn.graphs()).toBe(2)
  await fn({ x: vector(1, 1) })
  expect(traces).toBe(4)
  await fn.dispose()
})

test('calls at the same time share a graph; dispose waits for them, and ends the function', async () => {
  const fn = await compile(({ x }) => ({ y: tf.exp(x!) }))
  const calls = Array.from({ length: 8 }, (_, i) => fn({ x: vector(i % 2) }))
  await fn.dispose()
  const values = (await Promise.all(calls)).map(({ y }) => y!.data[0]!)
  values.forEach((value, i) => expect(value).toBeCloseTo(i % 2 ? Math.E : 1, 5))
  await expect(fn({ x: vector(1) })).rejects.toThrow('disposed of; compile it again')
})

test('a program in use is not freed, though the limit is passed', async () => {
  const events: string[] = []
  const cache = programCache(1)
  const program = (name: string) => async () => ({
    run: async () => ({}),
    dispose: async () => void events.push(`free ${name}`),
  })
  let end = () => {}
  const long = cache.use(
    'a',
    program('a'),
    () =>
      new Promise<void>((resolve) => {
        end = () => {
          events.push('end a')
          resolve()
        }
      }),
  )
  const other = cache.use('b', program('b'), async () => undefined)
  await new Promise((resolve) => setImmediate(resolve))
  expect(events).toEqual([])
  end()
  await Promise.all([long, other])
  expect(events).toEqual(['end a', 'free a'])
  await cache.dispose()
  expect(events).toEqual(['end a', 'free a', 'free b'])
})

test('a function that cannot be traced may be called again', async () => {
  let isFirst = true
  const fn = await compile(({ x }) => {
    if (isFirst) {
      isFirst = false
      throw new Error('not yet')
    }
    return { y: tf.neg(x!) }
  })
  await expect(fn({ x: vector(1) })).rejects.toThrow('not yet')
  expect([...(await fn({ x: vector(1) })).y!.data]).toEqual([-1])
  await fn.dispose()
})

test('an array without a shape, and settings that cannot be, are errors', async () => {
  const fn = await compile(({ x }) => ({ y: tf.neg(x!) }))
  await expect(fn({ x: Float32Array.of(1) })).rejects.toThrow('give { data, shape }')
  await expect(fn({ x: { data: Float32Array.of(1), shape: [2] } })).rejects.toThrow(
    'has 2 elements',
  )
  await expect(fn({ x: { ...vector(1), dtype: 'int32' } })).rejects.toThrow('is int32')
  await expect(fn({ x: tf.tensor1d(['a']) })).rejects.toThrow('a tensor of string')
  await fn.dispose()
  await expect(compile(() => ({}), undefined, { maxGraphs: 0 })).rejects.toThrow('maxGraphs is 0')
})
