import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utteranceVector } from './utterance-vector.js'

test('an utterance is the mean and the population deviation of its segments', () => {
  const three = { data: Float32Array.of(1, 10, 2, 10, 6, 10), shape: [3, 2] }
  expect([...utteranceVector(three)]).toEqual([3, 10, Math.fround(Math.sqrt(14 / 3)), 0])
  const one = { data: Float32Array.of(1, 10), shape: [1, 2] }
  expect([...utteranceVector(one)]).toEqual([1, 10, 0, 0])
})

test('the order of the segments and saying them twice change nothing', () => {
  const value = fc.integer({ min: -100, max: 100 })
  const segments = fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), {
    minLength: 1,
    maxLength: 6,
  })
  const vectorOf = (rows: readonly (readonly number[])[]) =>
    utteranceVector({ data: Float32Array.from(rows.flat()), shape: [rows.length, 3] })
  fc.assert(
    fc.property(segments, (rows) => {
      const wanted = vectorOf(rows)
      for (const other of [[...rows].reverse(), [...rows, ...rows]]) {
        vectorOf(other).forEach((found, at) => expect(found).toBeCloseTo(wanted[at]!, 4))
      }
    }),
  )
})

test('a clip without segments and a tensor of other axes are refused', () => {
  expect(() => utteranceVector({ data: new Float32Array(0), shape: [0, 4] })).toThrow(
    'without segments',
  )
  expect(() => utteranceVector({ data: new Float32Array(4), shape: [4] })).toThrow('embeddings')
})
