import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { fromInput, fromOutput, one, unbroadcast, type Gradient } from './gradient.js'

const seluScale = 1.0507009873554805
const seluScaleAlpha = 1.7580993408473766

/** Gradients of kernels of one tensor, value by value. */
export const elementwiseGradients: readonly Gradient[] = [
  // -1 at zero, as in TensorFlow.js: its sigmoid cross-entropy relies on it for the slope at a logit of zero.
  fromInput('Abs', (dy, x) => tf.mul(dy, tf.step(float(x), -1))),
  fromInput('Acos', (dy, x) => tf.neg(tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x)))))),
  fromInput('Acosh', (dy, x) => tf.div(dy, tf.sqrt(tf.sub(tf.square(x), 1)))),
  fromInput('Asin', (dy, x) => tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x))))),
  fromInput('Asinh', (dy, x) => tf.div(dy, tf.sqrt(tf.add(tf.square(x), 1)))),
  fromInput('Atan', (dy, x) => tf.div(dy, tf.add(tf.square(x), 1))),
  fromInput('Atanh', (dy, x) => tf.div(dy, tf.sub(1, tf.square(x)))),
  fromInput<tf.ClipByValueAttrs>('ClipByValue', (dy, x, { clipValueMin, clipValueMax }) => {
    const within = tf.logicalAnd(tf.greaterEqual(x, clipValueMin), tf.lessEqual(x, clipValueMax))
    return masked(dy, within)
  }),
  fromInput('Cos', (dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  fromInput('Cosh', (dy, x) => tf.mul(dy, tf.sinh(x))),
  {
    kernelName: 'Elu',
    output: true,
    apply: (dy, [y]) => ({
      x: () => tf.engine().runKernel<Tensor>('EluGrad', { dy: one(dy), y: y! }),
    }),
  },
  fromInput('Erf', (dy, x) =>
    tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI))),
  ),
  fromOutput('Exp', (dy, y) => tf.mul(dy, y)),
  fromOutput('Expm1', (dy, y) => tf.mul(dy, tf.add(y, 1))),
  fromInput<tf.LeakyReluAttrs>('LeakyRelu', (dy, x, { alpha }) =>
    tf.where(tf.greater(x, 0), dy, tf.mul(dy, alpha)),
  ),
  fromInput('Log', (dy, x) => tf.div(dy, float(x))),
  fromInput('Log1p', (dy, x) => tf.div(dy, tf.add(x, 1))),
  fromInput('Neg', (dy) => tf.neg(dy)),
  fromOutput('Reciprocal', (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  // The result is positive where x is, and is kept anyhow as the input of what follows.
  fromOutput('Relu', (dy, y) => tf.mul(dy, tf.step(float(y)))),
  fromInput('Relu6', (dy, x) => masked(dy, tf.logicalAnd(tf.greater(x, 0), tf.lessEqual(x, 6)))),
  fromOutput('Rsqrt', (dy, y) => tf.mul(dy, tf.mul(tf.mul(y, tf.square(y)), -0.5))),
  fromInput('Selu', (dy, x) =>
    tf.where(
      tf.greater(x, 0),
      tf.mul(dy, seluScale),
      tf.mul(tf.mul(dy, seluScaleAlpha), tf.exp(float(x))),
    ),
  ),
  fromOutput('Sigmoid', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  fromInput('Sin', (dy, x) => tf.mul(dy, tf.cos(x))),
  fromInput('Sinh', (dy, x) => tf.mul(dy, tf.cosh(x))),
  fromInput('Softplus', (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  fromOutput('Sqrt', (dy, y) => tf.div(dy, tf.mul(y, 2))),
  fromInput('Square', (dy, x) => tf.mul(dy, tf.mul(float(x), 2))),
  fromInput('Tan', (dy, x) => tf.div(dy, tf.square(tf.cos(x)))),
  fromOutput('Tanh', (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  ...['Cast', 'Identity'].map((kernelName) => fromInput(kernelName, (dy) => tf.clone(dy))),
  ...['Ceil', 'Floor', 'Round', 'Sign', 'Step', 'IsNan', 'IsInf', 'IsFinite'].map((kernelName) =>
    fromInput(kernelName, (_dy, x) => tf.zeros(x.shape)),
  ),
  {
    kernelName: 'FusedBatchNorm',
    inputs: ['x', 'mean', 'variance', 'scale'],
    apply: (dy, [x, mean, variance, scale], attributes) => {
      const { varianceEpsilon } = attributes as unknown as tf.FusedBatchNormAttrs
      const inverse = () => tf.rsqrt(tf.add(variance!, varianceEpsilon))
      const scaled = () => tf.mul(one(dy), scale ?? tf.scalar(1))
      const centred = () => tf.sub(x!, mean!)
      const like = (gradient: Tensor) => unbroadcast(gradient, mean!.shape)
      return {
        x: () => tf.mul(scaled(), inverse()),
        mean: () => like(tf.neg(tf.mul(scaled(), inverse()))),
        variance: () =>
          like(tf.mul(tf.mul(scaled(), centred()), tf.mul(tf.pow(inverse(), 3), -0.5))),
        scale: () => like(tf.mul(one(dy), tf.mul(centred(), inverse()))),
        offset: () => like(one(dy)),
      }
    },
  },
]

function masked(dy: Tensor, mask: Tensor): Tensor {
  return tf.where(mask, dy, tf.zerosLike(dy))
}

function float(x: Tensor): Tensor {
  return x.dtype === 'float32' ? x : tf.cast(x, 'float32')
}
