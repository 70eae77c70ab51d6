import fc from 'fast-check'
import * as ort from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { graphBuilder } from './graph.js'
import { smallSplits } from './small-splits.js'

test('a tensor is cut into the same parts, by splits of few outputs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 2, max: 7 }),
      async (sizes, most) => {
        const plain = graphBuilder('splits')
        const largest: number[] = []
        const graph = smallSplits(
          {
            ...plain,
            node(opType, inputs, attributes, outputs) {
              const made = plain.node(opType, inputs, attributes, outputs)
              if (opType === 'Split') largest.push(made.length)
              return made
            },
          },
          most,
        )
        const total = sizes.reduce((a, b) => a + b, 0)
        const x = graph.input('x', 'float32', [total])
        const counts = graph.constant([sizes.length], BigInt64Array.from(sizes, BigInt))
        const parts = graph.node('Split', [x, counts], { axis: 0 }, sizes.length)
        parts.forEach((part, index) => graph.output(part, 'float32', [sizes[index]!]))
        expect(Math.max(...largest)).toBeLessThanOrEqual(most)
        const session = await ort.InferenceSession.create(graph.toBytes())
        const data = Float32Array.from({ length: total }, (_, i) => i)
        const results = await session.run({ x: new ort.Tensor('float32', data, [total]) })
        expect(parts.flatMap((part) => [...(results[part]!.data as Float32Array)])).toEqual([
          ...data,
        ])
        expect(parts.map((part) => results[part]!.data.length)).toEqual(sizes)
        await session.release()
      },
    ),
    { numRuns: 30 },
  )
})

test('names of outputs are kept, and other nodes are as they were', () => {
  const graph = smallSplits(graphBuilder('names'), 2)
  const x = graph.input('x', 'float32', [5])
  const sizes = graph.constant([5], BigInt64Array.of(1n, 1n, 1n, 1n, 1n))
  const names = ['a', 'b', 'c', 'd', 'e']
  expect(graph.node('Split', [x, sizes], { axis: 0 }, names)).toEqual(names)
  expect(graph.node('Neg', ['e'], {}, ['f'])).toEqual(['f'])
  expect(graph.node('Split', [x], { axis: 0 }, 5)).toHaveLength(5)
})
