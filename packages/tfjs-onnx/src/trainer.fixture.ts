import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { LossFunction } from './loss-gradients.js'

/**
 * Cross-entropy of a bidirectional LSTM with attention, its weights named and laid out as in PyTorch's nn.LSTM and
 * nn.Linear: gates in the order input, forget, cell, output; a matrix is [outputs, inputs].
 */
export const headLoss: LossFunction = (weights, { x, present, drop, labels }) => {
  const [batch, steps, features] = x!.shape as [number, number, number]
  const hidden = weights['lstm.weight_hh_l0']!.shape[1]!
  const direction = (suffix: string, order: readonly number[]) => {
    const of = (name: string) => weights[`lstm.${name}_l0${suffix}`]!
    const rows = tf.reshape(x!, [batch * steps, features])
    const projected = tf.add(tf.matMul(rows, of('weight_ih'), false, true), of('bias_ih'))
    const inputs = tf.unstack(tf.reshape(projected, [batch, steps, 4 * hidden]), 1)
    let [h, c]: Tensor[] = [tf.zeros([batch, hidden]), tf.zeros([batch, hidden])]
    const outputs: Tensor[] = []
    for (const step of order) {
      const recurrent = tf.add(tf.matMul(h!, of('weight_hh'), false, true), of('bias_hh'))
      const [i, f, g, o] = tf.split(tf.add(inputs[step]!, recurrent), 4, 1)
      c = tf.add(tf.mul(tf.sigmoid(f!), c!), tf.mul(tf.sigmoid(i!), tf.tanh(g!)))
      h = tf.mul(tf.sigmoid(o!), tf.tanh(c))
      outputs[step] = h
    }
    return tf.stack(outputs, 1)
  }
  const forwards = Array.from({ length: steps }, (_, step) => step)
  const both = [direction('', forwards), direction('_reverse', forwards.toReversed())]
  const states = tf.concat(both, 2)
  const flat = tf.reshape(tf.tanh(states), [batch * steps, 2 * hidden])
  const score = tf.reshape(tf.matMul(flat, weights['score.weight']!, false, true), [batch, steps])
  const attention = tf.softmax(tf.add(score, tf.mul(tf.sub(present!, 1), 1e9)))
  const pooled = tf.sum(tf.mul(tf.expandDims(attention, 2), states), 1)
  const linear = (name: string, input: Tensor) =>
    tf.add(tf.matMul(input, weights[`${name}.weight`]!, false, true), weights[`${name}.bias`]!)
  const logits = linear('out', tf.mul(tf.relu(linear('dense', pooled)), drop!))
  const classes = logits.shape[1]!
  const truth = tf.oneHot(labels!, classes)
  return tf.neg(tf.mean(tf.sum(tf.mul(truth, tf.logSoftmax(logits)), 1)))
}
