import { expect, test } from 'vitest'
import { watchAllocations } from './allocations.fixture.js'

const before = [Float32Array, Array, ArrayBuffer, Buffer.alloc]

test.each<[string, number, () => unknown]>([
  ['bytes', 1000, () => new Uint8Array(1000)],
  ['float32', 4000, () => new Float32Array(1000)],
  ['float64', 8000, () => new Float64Array(1000)],
  ['a copy', 2000, () => new Int16Array(Array.from({ length: 250 }, () => 0).concat(zeros(750)))],
  ['from', 4000, () => Int32Array.from({ length: 1000 })],
  ['a list', 8000, () => Array.from({ length: 1000 })],
  ['a list by its constructor', 8000, () => new Array(1000)],
  ['a buffer', 1000, () => new ArrayBuffer(1000)],
  ['a Buffer', 1000, () => Buffer.alloc(1000)],
  ['the larger one', 900, () => [new Uint8Array(900), new Uint8Array(300)]],
  ['a part of another', 64, () => new Float64Array(new Uint8Array(64).buffer)],
])('%s: %d bytes', async (_, bytes, work) => {
  const { largestBytes } = await watchAllocations(() => Promise.resolve(work()))
  expect(largestBytes).toBe(bytes)
})

const zeros = (count: number) => [...'0'.repeat(count)].map(Number)

test('afterwards all is as before, also behind an error', async () => {
  const work = () => Promise.reject(new RangeError('no'))
  await expect(watchAllocations(work)).rejects.toThrow('no')
  expect([Float32Array, Array, ArrayBuffer, Buffer.alloc]).toEqual(before)
})
