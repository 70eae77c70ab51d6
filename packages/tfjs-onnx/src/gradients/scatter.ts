import * as tf from '@tensorflow/tfjs-core'
import { fromInput, one, type Gradient } from './gradient.js'

/** Gradients of kernels that pick or place values by index vectors or by their order; TensorFlow.js has none. */
export const scatterGradients: readonly Gradient[] = [
  {
    kernelName: 'GatherNd',
    inputs: ['params', 'indices'],
    apply: (dy, [params, indices]) => ({
      params: () => tf.scatterND(indices!, one(dy), params!.shape),
      indices: () => tf.zeros(indices!.shape),
    }),
  },
  {
    kernelName: 'ScatterNd',
    inputs: ['indices'],
    apply: (dy, [indices]) => ({
      updates: () => tf.gatherND(one(dy), indices!),
      indices: () => tf.zeros(indices!.shape),
    }),
  },
  {
    kernelName: 'TensorScatterUpdate',
    inputs: ['indices', 'updates'],
    apply: (dy, [indices, updates]) => ({
      tensor: () => tf.tensorScatterUpdate(one(dy), indices!, tf.zeros(updates!.shape)),
      indices: () => tf.zeros(indices!.shape),
      updates: () => tf.gatherND(one(dy), indices!),
    }),
  },
  fromInput<tf.TopKAttrs>('TopK', (dy, x, { k }) => {
    const { indices } = tf.topk(x, k)
    const places = tf.oneHot(indices, x.shape.at(-1)!)
    return tf.sum(tf.mul(tf.cast(places, 'float32'), tf.expandDims(dy, -1)), -2)
  }),
  fromInput('Diag', (dy, x) => {
    const square = tf.reshape(dy, [x.size, x.size])
    return tf.reshape(tf.sum(tf.mul(square, tf.eye(x.size)), 1), x.shape)
  }),
]
