import * as tf from '@tensorflow/tfjs-core'

/** A class index, or the share of each class, which sum to 1. */
export type Label = number | readonly number[]

/** One clip's label in a batch, or a mixture of two. */
export interface Target {
  readonly label: Label
  /** Label of the clip mixed in, and the share λ that stays with the first. */
  readonly other: Label
  readonly share: number
}

/**
 * Weighted, smoothed target rows, divided by the batch's total weight, so that the loss is a plain sum:
 *
 *   row = (λ·w(y)·smooth(y) + (1 − λ)·w(y′)·smooth(y′)) / Σ (λ·w(y) + (1 − λ)·w(y′))
 *   smooth(y)[c] = (1 − ε)·[c = y] + ε / classes
 *
 * A label y of shares q counts w(y) = Σ q[c]·w[c], and has w[c]·q[c] / w(y) in the place of [c = y]: without
 * smoothing the loss is that of PyTorch for class probabilities and class weights, divided by Σ w(y).
 *
 * @param rows number of rows; those beyond the targets are zero and add nothing to the loss
 * @returns [rows, classes]
 * @see Szegedy et al. 2016 (label smoothing), Zhang et al. 2018 (mixup), torch.nn.functional.cross_entropy
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
      const weight = part * weightOf(name, classWeights)
      total += weight
      for (let c = 0; c < classes; c++)
        filled[row * classes + c]! += (weight * labelSmoothing) / classes
      if (typeof name === 'number') {
        filled[row * classes + name]! += weight * (1 - labelSmoothing)
        continue
      }
      for (let c = 0; c < classes; c++) {
        filled[row * classes + c]! += part * classWeights[c]! * name[c]! * (1 - labelSmoothing)
      }
    }
  }
  if (total > 0) for (let i = 0; i < filled.length; i++) filled[i]! /= total
  return filled
}

function weightOf(label: Label, classWeights: readonly number[]): number {
  if (typeof label === 'number') return classWeights[label]!
  return label.reduce((sum, share, c) => sum + share * classWeights[c]!, 0)
}

/** Cross-entropy −Σ t·log softmax(z) over rows whose weights are in the targets. */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), targets)))
}
