import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { expectSameAsCpu, floats, integers, truths } from './compare.fixture.js'

const runs = { numRuns: 4 }

test('the losses of TensorFlow.js are as in the CPU backend', async () => {
  const shape = [4, 3]
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(floats(shape), integers([4], 0, 2), floats(shape), floats([4, 1], 0, 2)),
      ([logits, labels, targets, weights]) =>
        expectSameAsCpu(
          ({ logits, labels, targets, weights }) => {
            const truth = tf.oneHot(labels!, 3)
            const { losses } = tf
            return {
              cross: losses.softmaxCrossEntropy(truth, logits!, undefined, 0.1),
              weighted: losses.softmaxCrossEntropy(truth, logits!, tf.reshape(weights!, [4])),
              sigmoid: losses.sigmoidCrossEntropy(truth, logits!, weights!),
              squared: losses.meanSquaredError(targets!, logits!, weights!),
              absolute: losses.absoluteDifference(targets!, tf.add(logits!, 8)),
              huber: losses.huberLoss(targets!, logits!),
              cosine: losses.cosineDistance(targets!, logits!, 1),
            }
          },
          { logits, labels, targets, weights },
          { gradients: ['logits'], tolerance: 1e-5 },
        ),
    ),
    runs,
  )
})

test('sigmoid cross-entropy has the slope σ(x) − y, at zero too', async () => {
  const y = Float32Array.of(0, 1, 0.25, 1)
  const compiled = await compile(
    ({ x, y }) => ({
      dx: tf.grad((x) => tf.losses.sigmoidCrossEntropy(y!, x, 1, 0, tf.Reduction.SUM))(x!),
    }),
    { x: { shape: [4] }, y: { shape: [4] } },
  )
  const { dx } = await compiled({ x: new Float32Array(4), y })
  expect([...dx!.data]).toEqual([0.5, -0.5, 0.25, -0.5])
  await compiled.dispose()
})

test('moments, norms and masked attention are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(floats([2, 3, 4]), floats([2, 5, 4]), floats([2, 5, 4]), truths([2, 1, 5])),
      ([query, key, value, present]) =>
        expectSameAsCpu(
          ({ query, key, value, present }) => {
            const { mean, variance } = tf.moments(query!, [2], true)
            const normal = tf.mul(tf.sub(query!, mean), tf.rsqrt(tf.add(variance, 1e-3)))
            const scores = tf.div(tf.matMul(normal, key!, false, true), 2)
            const masked = tf.where(present!, scores, tf.fill(scores.shape, -1e9))
            const attended = tf.matMul(tf.softmax(masked), value!)
            return { attended, norm: tf.norm(tf.add(attended, 8), 2, 2) }
          },
          { query, key, value, present },
          { gradients: ['query', 'key', 'value'], tolerance: 3e-5 },
        ),
    ),
    runs,
  )
})

test('an LSTM cell of TensorFlow.js is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(floats([2, 3]), floats([2, 4]), floats([2, 4]), floats([7, 16]), floats([16])),
      ([x, h, c, kernel, bias]) =>
        expectSameAsCpu(
          ({ x, h, c, kernel, bias }) => {
            const [cell, state] = tf.basicLSTMCell(
              tf.scalar(1),
              kernel as tf.Tensor2D,
              bias as tf.Tensor1D,
              x as tf.Tensor2D,
              c as tf.Tensor2D,
              h as tf.Tensor2D,
            )
            return { cell, state }
          },
          { x, h, c, kernel, bias },
          { gradients: ['x', 'h', 'c', 'kernel', 'bias'], tolerance: 1e-5 },
        ),
    ),
    runs,
  )
})
