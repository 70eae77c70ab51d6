import * as tf from '@tensorflow/tfjs-core'
import { trace, type TensorFunction } from './trace.js'

/** A made tensor: values that float32 and a short text hold exactly. */
export function made(
  shape: readonly number[],
  seed: number,
): { data: Float32Array; shape: readonly number[] } {
  const size = shape.reduce((a, b) => a * b, 1)
  const data = Float32Array.from(
    { length: size },
    (_, i) => ((i * 37 + seed * 101) % 64) / 64 - 0.5,
  )
  return { data, shape }
}

/** What the network reads besides the picture x. */
export const weights = {
  first: made([3, 3, 2, 4], 1),
  depthwise: made([3, 3, 4, 1], 2),
  pointwise: made([1, 1, 4, 6], 3),
  scale: made([6], 4),
  shift: made([6], 5),
  recurrent: made([12, 8], 6),
  out: made([6, 3], 7),
}

export const input = made([2, 9, 8, 2], 8)

/** Convolutions, pooling, batch normalisation at inference, a recurrent step, attention: what networks here are made of. */
export const network: TensorFunction = ({ x, ...w }) => {
  const first = tf.relu(tf.conv2d(x as tf.Tensor4D, w.first as tf.Tensor4D, [2, 1], 'same'))
  const separable = tf.separableConv2d(
    first as tf.Tensor4D,
    w.depthwise as tf.Tensor4D,
    w.pointwise as tf.Tensor4D,
    1,
    'valid',
  )
  const mean = tf.zeros([6]) as tf.Tensor1D
  const normal = tf.batchNorm(
    separable,
    mean,
    tf.ones([6]) as tf.Tensor1D,
    w.shift as tf.Tensor1D,
    w.scale as tf.Tensor1D,
  )
  const pooled = tf.add(
    tf.maxPool(normal, [1, 2], [1, 2], 'same'),
    tf.avgPool(normal, [1, 2], [1, 2], 'same'),
  )
  const steps = tf.unstack(tf.mean(pooled, 1), 1)
  let h: tf.Tensor = tf.zeros([2, 2])
  for (const step of steps) {
    const [i, f, g, o] = tf.split(
      tf.matMul(tf.concat([step, tf.tile(h, [1, 3])], 1), w.recurrent!),
      4,
      1,
    )
    const c = tf.add(tf.mul(tf.sigmoid(f!), h), tf.mul(tf.sigmoid(i!), tf.tanh(g!)))
    h = tf.mul(tf.sigmoid(o!), tf.tanh(c))
  }
  const scores = tf.softmax(tf.sum(tf.stack(steps, 1), 2))
  const attended = tf.sum(tf.mul(tf.expandDims(scores, 2), tf.stack(steps, 1)), 1)
  return { probabilities: tf.softmax(tf.matMul(attended, w.out!)), hidden: h }
}

/** The network as an ONNX file; its weights are constants, made while it is traced. */
export function exportedNetwork(): Uint8Array {
  const withWeights: TensorFunction = ({ x }) => {
    const constants = Object.entries(weights).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape]),
    ])
    return network({ x: x!, ...Object.fromEntries(constants) })
  }
  const { graph } = trace(withWeights, { x: input }, { name: 'network' })
  graph.metadata('labels', 'calm,happy,sad')
  return graph.toBytes()
}
