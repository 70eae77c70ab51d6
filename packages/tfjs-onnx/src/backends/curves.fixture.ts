import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { fillDropoutMask } from '../optimiser/dropout.js'
import type { LossFunction } from '../loss-gradients.js'
import { headLoss } from '../trainer.fixture.js'
import { createTrainer, type TrainerOptions, type WeightValues } from '../trainer.js'
import type { TensorInput } from '../compile.js'

/** A network with made data, to train alike on every backend. */
export interface Exercise {
  readonly loss: LossFunction
  readonly weights: Readonly<Record<string, WeightValues>>
  readonly batch: (step: number) => Record<string, TensorInput>
  readonly statistics?: Readonly<Record<string, WeightValues>>
}

/** The losses of `steps` training steps of AdamW with clipping. */
export async function lossCurve(
  { loss, weights, batch, statistics = {} }: Exercise,
  backend: NonNullable<TrainerOptions['backend']>,
  steps: number,
): Promise<number[]> {
  const trainer = await createTrainer(loss, weights, {
    backend,
    statistics,
    optimiser: { kind: 'adam', decay: 0.01 },
    clipNorm: 1,
    learningRate: (step) => 1e-2 * (1 - step / (2 * steps)),
  })
  const losses = []
  for (let step = 0; step < steps; step++) losses.push((await trainer.step(batch(step))).loss)
  await trainer.dispose()
  return losses
}

/** BLSTM with attention over [8, 14, 20] inputs in three classes, with padded rows and dropout. */
export function headExercise(): Exercise {
  const [rows, steps, features, hidden, dense, classes] = [8, 14, 20, 16, 12, 3]
  const normal = normals(1)
  const weight = (...shape: number[]) => ({ shape, data: normal(shape, 0.2) })
  const direction = (suffix: string) => ({
    [`lstm.weight_ih_l0${suffix}`]: weight(4 * hidden, features),
    [`lstm.weight_hh_l0${suffix}`]: weight(4 * hidden, hidden),
    [`lstm.bias_ih_l0${suffix}`]: weight(4 * hidden),
    [`lstm.bias_hh_l0${suffix}`]: weight(4 * hidden),
  })
  return {
    loss: headLoss,
    weights: {
      ...direction(''),
      ...direction('_reverse'),
      'score.weight': weight(1, 2 * hidden),
      'dense.weight': weight(dense, 2 * hidden),
      'dense.bias': weight(dense),
      'out.weight': weight(classes, dense),
      'out.bias': weight(classes),
    },
    batch(step) {
      const labels = Int32Array.from({ length: rows }, (_, row) => (row + (step % 3)) % classes)
      const x = normals(100 + (step % 3))([rows, steps, features], 1)
      // A class shows in some of its features.
      x.forEach((value, i) => {
        const row = Math.floor(i / (steps * features))
        if (i % classes === labels[row]) x[i] = value + 1
      })
      const present = Float32Array.from({ length: rows * steps }, (_, i) =>
        i % steps < steps - (Math.floor(i / steps) % 3) ? 1 : 0,
      )
      const drop = new Float32Array(rows * dense)
      fillDropoutMask(drop, 0.1, [7, step, 0, 0])
      return {
        x: { data: x, shape: [rows, steps, features] },
        present: { data: present, shape: [rows, steps] },
        drop: { data: drop, shape: [rows, dense] },
        labels: { data: labels, shape: [rows] },
      }
    },
  }
}

/** Two convolutions, the first normalised by its batch with moving statistics, pooling and a dense layer. */
export function convolutionExercise(): Exercise {
  const [rows, size, classes] = [6, 12, 4]
  const normal = normals(2)
  const weight = (deviation: number, ...shape: number[]) => ({
    shape,
    data: normal(shape, deviation),
  })
  const loss: LossFunction = (weights, { x, labels }, { mean, variance }) => {
    const first = tf.conv2d(x as tf.Tensor4D, weights.first as tf.Tensor4D, 1, 'same')
    const moments = tf.moments(first, [0, 1, 2])
    const normalised = tf.batchNorm(
      first,
      moments.mean as tf.Tensor1D,
      moments.variance as tf.Tensor1D,
      weights.shift as tf.Tensor1D,
      weights.scale as tf.Tensor1D,
    )
    const pooled = tf.maxPool(tf.relu(normalised) as tf.Tensor4D, 2, 2, 'same')
    const second = tf.relu(tf.conv2d(pooled, weights.second as tf.Tensor4D, 2, 'same'))
    const features = tf.mean(second, [1, 2])
    const logits = tf.add(tf.matMul(features, weights.out!), weights.bias!)
    const moved = (old: Tensor, now: Tensor) => tf.add(tf.mul(old, 0.9), tf.mul(now, 0.1))
    return {
      loss: tf.losses.softmaxCrossEntropy(tf.oneHot(labels!, classes), logits),
      statistics: {
        mean: moved(mean!, moments.mean),
        variance: moved(variance!, moments.variance),
      },
    }
  }
  const channels = 8
  return {
    loss,
    weights: {
      first: weight(0.3, 3, 3, 2, channels),
      scale: { shape: [channels], data: new Float32Array(channels).fill(1) },
      shift: { shape: [channels], data: new Float32Array(channels) },
      second: weight(0.15, 3, 3, channels, 16),
      out: weight(0.3, 16, classes),
      bias: weight(0.1, classes),
    },
    statistics: {
      mean: { shape: [channels], data: new Float32Array(channels) },
      variance: { shape: [channels], data: new Float32Array(channels).fill(1) },
    },
    batch(step) {
      const labels = Int32Array.from({ length: rows }, (_, row) => (row + step) % classes)
      const x = normals(200 + step)([rows, size, size, 2], 0.5)
      // A class is the direction of a wave.
      x.forEach((value, i) => {
        const [row, y, column] = [
          Math.floor(i / (size * size * 2)),
          Math.floor(i / (size * 2)) % size,
          Math.floor(i / 2) % size,
        ]
        const angle = (Math.PI * labels[row]!) / classes
        x[i] = value + Math.sin(y * Math.cos(angle) + column * Math.sin(angle))
      })
      return {
        x: { data: x, shape: [rows, size, size, 2] },
        labels: { data: labels, shape: [rows] },
      }
    },
  }
}

/** Seeded normal values (a sum of twelve uniform ones, less six). */
function normals(seed: number): (shape: readonly number[], deviation: number) => Float32Array {
  let state = seed
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return (shape, deviation) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
      let sum = -6
      for (let i = 0; i < 12; i++) sum += uniform()
      return sum * deviation
    })
}
