import { readFileSync } from 'node:fs'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { registerGradients } from '@serflow/tfjs-onnx'
import { expect, test } from 'vitest'
import { crossEntropy, targetRows, type Label } from './loss.js'

const plain = (label: number) => ({ label, other: label, share: 1 })

test('without weights, smoothing or mixing it is the mean cross-entropy', async () => {
  await tf.setBackend('cpu')
  const logits = [
    [1, 2, 3],
    [0, 0, 0],
  ]
  const rows = targetRows([plain(2), plain(0)], [1, 1, 1], 0, 2)
  const loss = crossEntropy(tf.tensor2d(logits), tf.tensor2d(rows, [2, 3])).dataSync()[0]
  const byHand = (Math.log(Math.exp(-2) + Math.exp(-1) + 1) + Math.log(3)) / 2
  expect(loss).toBeCloseTo(byHand, 6)
})

test('a raised weight raises the share of its items in the gradient', () => {
  registerGradients()
  const gradientOf = (weight: number) => {
    const rows = targetRows([plain(0), plain(1)], [weight, 1], 0, 2)
    const gradient = tf.grad((logits) =>
      crossEntropy(logits as tf.Tensor2D, tf.tensor2d(rows, [2, 2])),
    )(tf.zeros([2, 2]))
    const values = gradient.arraySync() as number[][]
    return Math.abs(values[0]![0]!) / Math.abs(values[1]![1]!)
  }
  expect(gradientOf(1)).toBeCloseTo(1, 6)
  expect(gradientOf(3)).toBeCloseTo(3, 5)
})

test('smoothing and mixing spread the target and keep its weight', () => {
  const rows = targetRows([{ label: 0, other: 1, share: 0.75 }], [1, 2, 0], 0.3, 3)
  // weights .75·1 + .25·2 = 1.25; smoothed: .1 everywhere, .7 more on the label
  const first = [0.75 * 0.8 + 0.5 * 0.1, 0.75 * 0.1 + 0.5 * 0.8, 0.75 * 0.1 + 0.5 * 0.1]
  first.forEach((value, c) => expect(rows[c]).toBeCloseTo(value / 1.25, 6))
  expect([...rows.subarray(3)]).toEqual([0, 0, 0, 0, 0, 0])
  expect(rows.reduce((a, b) => a + b)).toBeCloseTo(1, 6)
})

test('a batch of classes without weight is finite', () => {
  const rows = targetRows([plain(1)], [1, 0], 0.05, 1)
  expect([...rows].every(Number.isFinite)).toBe(true)
})

interface Golden {
  readonly logits: number[][]
  readonly shares: number[][]
  readonly cases: readonly { weights: number[]; loss: number; gradient: number[][] }[]
}

test('shares of classes give the loss and the gradient that PyTorch has', () => {
  registerGradients()
  const path = new URL('../../../tests/golden/model/soft-labels.json', import.meta.url)
  const { logits, shares, cases } = JSON.parse(readFileSync(path, 'utf8')) as Golden
  const targets = shares.map((label) => ({ label, other: label, share: 1 }))
  for (const { weights, loss, gradient } of cases) {
    const rows = tf.tensor2d(targetRows(targets, weights, 0, 5), [5, 4])
    expect(crossEntropy(tf.tensor2d(logits), rows).dataSync()[0]).toBeCloseTo(loss, 6)
    const found = tf.grad((z) => crossEntropy(z as tf.Tensor2D, rows))(tf.tensor2d(logits))
    ;(found.arraySync() as number[][]).forEach((row, i) =>
      row.forEach((value, c) => expect(value).toBeCloseTo(gradient[i]![c]!, 6)),
    )
  }
})

test('shares that are all of one class are its label, smoothed, weighted and mixed', () => {
  const oneHot = [0, 1, 0]
  const mixture = (label: Label, other: Label) => [{ label, other, share: 0.7 }]
  const hard = targetRows(mixture(1, 2), [1, 2, 3], 0.1, 2)
  const soft = targetRows(mixture(oneHot, 2), [1, 2, 3], 0.1, 2)
  soft.forEach((value, i) => expect(value).toBeCloseTo(hard[i]!, 6))
})
