import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { trace, type TensorFunction } from '../trace.js'
import { expectSameAsCpu, integers, type Values } from './compare.fixture.js'

/** Values whose products and sums are exact, so that no rounding decides on which side of a kink they lie. */
const halves = (shape: readonly number[]): fc.Arbitrary<Values> =>
  integers(shape, -3, 3).map(({ data }) => ({
    data: Float32Array.from(data, (value) => value / 2),
    shape,
    dtype: 'float32',
  }))

// Numbers of some hundreds cancel on the way.
const tolerance = 1e-4

type Convolve = (x: tf.Tensor, filter: tf.Tensor, stride?: number) => tf.Tensor
const convolve: Convolve = (x, filter, stride = 1) =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, 'same')

/** Two convolutions with all that stands between them in known networks. */
function network(x: tf.Tensor, weights: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  const first = tf.relu(tf.add(convolve(x, weights['first']!), weights['bias']!))
  const second = tf.add(
    convolve(first, weights['second']!),
    tf.reshape(weights['bias']!, [1, 1, 1, -1]),
  )
  const residual = tf.relu6(tf.add(second, first))
  const normal = tf.batchNorm(
    residual,
    weights['bias'] as tf.Tensor1D,
    tf.square(weights['bias'] as tf.Tensor1D),
    undefined,
    weights['bias'] as tf.Tensor1D,
    0.25,
  )
  const pooled = tf.maxPool(normal as tf.Tensor4D, 3, 2, 'same')
  const scaled = tf.mul(tf.sub(1, pooled), 2)
  const last = convolve(tf.avgPool(scaled as tf.Tensor4D, 2, 1, 'same'), weights['second']!)
  return {
    mean: tf.mean(last, [1, 2]),
    kept: tf.max(last, [1, 2], true),
    flat: tf.reshape(last, [x.shape[0]!, -1]),
    rows: tf.sum(tf.mul(last, weights['bias']!), 1),
    above: tf.greater(residual, tf.scalar(3)),
    joined: tf.concat([last, tf.abs(last)], 3),
  }
}

const inputs = fc.record({
  x: halves([2, 10, 9, 2]),
  first: halves([3, 3, 2, 4]),
  second: halves([3, 3, 4, 4]),
  bias: halves([4]),
})

test('a network with filters that are known is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, ({ x, ...weights }) =>
      expectSameAsCpu(
        ({ x }) =>
          network(
            x!,
            Object.fromEntries(
              Object.entries(weights).map(([name, { data, shape }]) => [
                name,
                tf.tensor(data, [...shape]),
              ]),
            ),
          ),
        { x },
        { tolerance },
      ),
    ),
    { numRuns: 10 },
  )
})

test('a network with filters that are inputs is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, (all) =>
      expectSameAsCpu(({ x, ...weights }) => network(x!, weights), all, { tolerance }),
    ),
    { numRuns: 10 },
  )
})

test('one of each kind may be added', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, ({ x, first }) =>
      expectSameAsCpu(
        ({ x, first }) => {
          const known = convolve(x!, tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 4]))
          const given = convolve(x!, first!)
          return { known: tf.add(known, given), given: tf.mul(given, known) }
        },
        { x, first },
        { gradients: ['x', 'first'], tolerance },
      ),
    ),
    { numRuns: 4 },
  )
})

function countOf(opType: string, fn: TensorFunction): number {
  const { graph } = trace(fn, { x: { shape: [2, 8, 8, 3] } })
  const text = Buffer.from(graph.toBytes()).toString('latin1')
  return text.match(new RegExp(`${opType}#\\d+`, 'g'))?.length ?? 0
}

test('between convolutions nothing is turned', () => {
  const fn: TensorFunction = ({ x }) => {
    let y = tf.relu(tf.add(convolve(x!, tf.ones([3, 3, 3, 4])), tf.ones([4])))
    y = tf.add(convolve(y, tf.ones([3, 3, 4, 4])), y)
    y = tf.maxPool(y as tf.Tensor4D, 2, 1, 'same')
    y = tf.depthwiseConv2d(y as tf.Tensor4D, tf.ones([3, 3, 4, 1]), 1, 'same')
    return { y: tf.mean(y, [1, 2]) }
  }
  // The images once; each of three filters, which ONNX Runtime turns when it loads the graph.
  expect(countOf('Transpose', fn)).toBe(1 + 3)
  expect(countOf('Conv', fn)).toBe(3)
})
