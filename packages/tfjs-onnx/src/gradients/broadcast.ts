import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { ofPair, one, unbroadcast, type Gradient } from './gradient.js'

/** Gradients of kernels of two or three tensors whose shapes are broadcast. */
export const broadcastGradients: readonly Gradient[] = [
  ofPair(
    'Add',
    (dy) => dy,
    (dy) => dy,
  ),
  ofPair(
    'Sub',
    (dy) => dy,
    (dy) => tf.neg(dy),
  ),
  ofPair(
    'Multiply',
    (dy, _a, b) => tf.mul(dy, float(b)),
    (dy, a) => tf.mul(dy, float(a)),
  ),
  ofPair(
    'RealDiv',
    (dy, _a, b) => tf.div(dy, float(b)),
    (dy, _a, b, y) => tf.neg(tf.div(tf.mul(dy, y), float(b))),
  ),
  // Where both are equal, the gradient goes to the first.
  ofPair(
    'Maximum',
    (dy, a, b) => tf.mul(dy, float(tf.greaterEqual(a, b))),
    (dy, a, b) => tf.mul(dy, float(tf.less(a, b))),
  ),
  ofPair(
    'Minimum',
    (dy, a, b) => tf.mul(dy, float(tf.lessEqual(a, b))),
    (dy, a, b) => tf.mul(dy, float(tf.greater(a, b))),
  ),
  ofPair(
    'Pow',
    (dy, a, b) => tf.mul(dy, tf.mul(float(b), tf.pow(float(a), tf.sub(float(b), 1)))),
    (dy, a, _b, y) => {
      // ln is taken of positive bases only; a base of zero has no slope along the exponent.
      const positive = tf.greater(a, 0)
      const logarithm = tf.where(positive, tf.log(float(a)), tf.zeros(a.shape))
      return tf.mul(dy, tf.mul(float(y), logarithm))
    },
  ),
  ofPair(
    'SquaredDifference',
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(float(a), float(b)), 2)),
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(float(b), float(a)), 2)),
  ),
  ofPair(
    'FloorDiv',
    (dy) => tf.zerosLike(dy),
    (dy) => tf.zerosLike(dy),
  ),
  ofPair(
    'Mod',
    (dy) => dy,
    (dy, a, b) => tf.neg(tf.mul(dy, tf.floor(tf.div(float(a), float(b))))),
  ),
  ofPair(
    'Atan2',
    (dy, a, b) => tf.mul(dy, tf.div(b, tf.add(tf.square(a), tf.square(b)))),
    (dy, a, b) => tf.neg(tf.mul(dy, tf.div(a, tf.add(tf.square(a), tf.square(b))))),
  ),
  {
    kernelName: 'Prelu',
    inputs: ['x', 'alpha'],
    apply: (dy, [x, alpha]) => ({
      x: () => tf.where(tf.greater(x!, 0), one(dy), tf.mul(one(dy), alpha!)),
      alpha: () => {
        const negative = tf.where(tf.greater(x!, 0), tf.zerosLike(x!), tf.mul(one(dy), x!))
        return unbroadcast(negative, alpha!.shape)
      },
    }),
  },
  {
    kernelName: 'Select',
    inputs: ['condition'],
    apply: (dy, [condition]) => {
      const zeros = () => tf.zerosLike(one(dy))
      return {
        condition: () => tf.zeros(condition!.shape),
        t: () => tf.where(condition!, one(dy), zeros()),
        e: () => tf.where(condition!, zeros(), one(dy)),
      }
    },
  },
  {
    kernelName: 'LogicalNot',
    inputs: ['x'],
    apply: (_dy, [x]) => ({ x: () => tf.zeros(x!.shape) }),
  },
  // Steps have no slope, so that what they choose can be trained; TensorFlow.js would refuse.
  ...[
    'Equal',
    'NotEqual',
    'Greater',
    'GreaterEqual',
    'Less',
    'LessEqual',
    'LogicalAnd',
    'LogicalOr',
    'LogicalXor',
  ].map((kernelName): Gradient => ({
    kernelName,
    inputs: ['a', 'b'],
    apply: (_dy, [a, b]) => ({ a: () => tf.zeros(a!.shape), b: () => tf.zeros(b!.shape) }),
  })),
  {
    kernelName: 'AddN',
    inputs: 'all',
    apply: (dy, inputs) => Object.fromEntries(inputs.map((_, index) => [index, () => one(dy)])),
  },
]

function float(x: Tensor): Tensor {
  return x.dtype === 'float32' ? x : tf.cast(x, 'float32')
}
