import * as tf from '@tensorflow/tfjs-core'

/** One clip's label in a batch, or a mixture of two. */
export interface Target {
  readonly label: number
  /** Label of the clip mixed in, and the share λ that stays with the first. */
  readonly other: number
  readonly share: number
}

/**
 * Weighted, smoothed target rows, divided by the batch's total weight, so that the loss is a plain sum:
 *
 *   row = (λ·w[y]·smooth(y) + (1 − λ)·w[y′]·smooth(y′)) / Σ (λ·w[y] + (1 − λ)·w[y′])
 *   smooth(y)[c] = (1 − ε)·[c = y] + ε / classes
 *
 * @param rows number of rows; those beyond the targets are zero and add nothing to the loss
 * @returns [rows, classes]
 * @see Szegedy et al. 2016 (label smoothing), Zhang et al. 2018 (mixup)
 */
export function targetRows(
  targets: readonly Target[],
  classWeights: readonly number[],
  labelSmoothing: number,
  rows: number,
): Float32Array {
  const classes = classWeights.length
  const filled = new Float32Array(rows * classes)
  let total = 0
  for (const [row, { label, other, share }] of targets.entries()) {
    for (const [name, part] of [
      [label, share],
      [other, 1 - share],
    ] as const) {
      const weight = part * classWeights[name]!
      total += weight
      for (let c = 0; c < classes; c++)
        filled[row * classes + c]! += (weight * labelSmoothing) / classes
      filled[row * classes + name]! += weight * (1 - labelSmoothing)
    }
  }
  if (total > 0) for (let i = 0; i < filled.length; i++) filled[i]! /= total
  return filled
}

/** Cross-entropy −Σ t·log softmax(z) over rows whose weights are in the targets. */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), targets)))
}
