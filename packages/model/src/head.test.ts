import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { readFileSync } from 'node:fs'
import { createTrainer } from '@serflow/tfjs-onnx'
import { beforeAll, expect, test } from 'vitest'
import {
  attend,
  blstm,
  headLogits,
  headWeightNames,
  initialHead,
  undecayedWeights,
  type HeadTensors,
  type HeadWeightName,
} from './head.js'
import { headLoss } from './train.js'

/** Made by tests/golden/model/head.py, which names its versions in the file. */
interface Golden {
  readonly logits: readonly (readonly number[])[]
  readonly losses: readonly number[]
  readonly norms: readonly number[]
  readonly gradients: Readonly<Record<HeadWeightName, readonly number[]>>
  readonly weights: Readonly<Record<HeadWeightName, readonly number[]>>
}
const golden = JSON.parse(
  readFileSync(new URL('head.golden.json', import.meta.url), 'utf8'),
) as Golden

const [batch, segments, dimension, projection, hidden, dense, classes] = [3, 4, 12, 10, 4, 6, 5]
const lengths = [4, 2, 3]
const shapes: Readonly<Record<HeadWeightName, readonly number[]>> = {
  projectionKernel: [projection, dimension],
  projectionBias: [projection],
  lstmKernel: [projection, 8 * hidden],
  lstmBias: [8 * hidden],
  lstmRecurrent: [2, hidden, 4 * hidden],
  scoreKernel: [2 * hidden, 1],
  denseKernel: [2 * hidden, dense],
  denseBias: [dense],
  outputKernel: [dense, classes],
  outputBias: [classes],
}
const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)
const wave = (shape: readonly number[], phase: number, scale: number) =>
  Float32Array.from({ length: size(shape) }, (_, i) => scale * Math.sin(1.3 * i + phase))
const everyOther = (shape: readonly number[], every: number) =>
  Float32Array.from({ length: size(shape) }, (_, i) => (i % every === 0 ? 0 : every / (every - 1)))

const weights = () =>
  Object.fromEntries(
    headWeightNames.map((name, k) => [
      name,
      { data: wave(shapes[name], k, 0.4), shape: shapes[name] },
    ]),
  )
const embeddings = wave([batch, segments, dimension], 20, 1)
lengths.forEach((length, row) =>
  embeddings.fill(0, (row * segments + length) * dimension, (row + 1) * segments * dimension),
)
const mask = Float32Array.from({ length: batch * segments }, (_, i) =>
  i % segments < lengths[Math.floor(i / segments)]! ? 1 : 0,
)

function targets(): Float32Array {
  const raw = wave([batch, classes], 30, 2)
  const rows = Array.from({ length: batch }, (_, row) => {
    const powers = [...raw.subarray(row * classes, (row + 1) * classes)].map(Math.exp)
    const total = powers.reduce((a, b) => a + b)
    return powers.map((power) => power / total)
  })
  return Float32Array.from(rows.flat())
}

const step = {
  embeddings: { data: embeddings, shape: [batch, segments, dimension] },
  mask: { data: mask, shape: [batch, segments] },
  targets: { data: targets(), shape: [batch, classes] },
  projectionDropout: {
    data: everyOther([batch, segments, projection], 5),
    shape: [batch, segments, projection],
  },
  contextDropout: { data: everyOther([batch, 2 * hidden], 3), shape: [batch, 2 * hidden] },
  denseDropout: { data: everyOther([batch, dense], 4), shape: [batch, dense] },
}

function expectClose(found: ArrayLike<number>, wanted: readonly number[], tolerance: number) {
  expect(found.length).toBe(wanted.length)
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0)
  expect(worst).toBeLessThan(tolerance)
}

const tensorsOf = (from = weights()) =>
  Object.fromEntries(
    Object.entries(from).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  ) as HeadTensors

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test('the logits are those of the same network in PyTorch', () => {
  const logits = headLogits(
    tensorsOf(),
    tf.tensor3d(embeddings, [batch, segments, dimension]),
    tf.tensor2d(mask, [batch, segments]),
  )
  expectClose(logits.dataSync(), golden.logits.flat(), 1e-5)
})

test('loss, gradient norm and weights of three AdamW steps are those of PyTorch', async () => {
  const trainer = await createTrainer(headLoss, weights(), {
    optimiser: { kind: 'adam', decay: 0.01, noDecay: undecayedWeights },
    clipNorm: 1,
  })
  for (const [index, loss] of golden.losses.entries()) {
    const found = await trainer.step(step, 0.01)
    expect(found.loss).toBeCloseTo(loss, 5)
    expect(found.gradientNorm).toBeCloseTo(golden.norms[index]!, 5)
  }
  const trained = trainer.weights()
  for (const name of headWeightNames) expectClose(trained[name]!.data, golden.weights[name], 1e-5)
  await trainer.dispose()
})

test('each gradient is that of PyTorch', async () => {
  // A plain step of size 1 without decay moves the weights by minus the gradient.
  const trainer = await createTrainer(headLoss, weights(), {
    optimiser: { kind: 'sgd', momentum: 0 },
    clipNorm: null,
  })
  await trainer.step(step, 1)
  const moved = trainer.weights()
  const before = weights()
  for (const name of headWeightNames) {
    const gradient = before[name]!.data.map((value, i) => value - moved[name]!.data[i]!)
    expectClose(gradient, golden.gradients[name], 1e-5)
  }
  await trainer.dispose()
})

test('attention: given weights, exactly 0 at padding, and padding values change nothing', () => {
  const scores = [
    [0.2, -1.0, 0.7, 3.0, 5.0],
    [1.0, 1.0, 1.0, 1.0, 1.0],
    [-2.0, 9.0, 9.0, 9.0, 9.0],
  ]
  const counts = [3, 5, 1]
  const there = scores.map((row, r) => row.map((_, t) => (t < counts[r]! ? 1 : 0)))
  const values = (padding: number) =>
    scores.map((row, r) => row.map((_, t) => (t < counts[r]! ? [r + 1, t] : [padding, -padding])))
  const run = (padding: number) => {
    const result = attend(tf.tensor2d(scores), tf.tensor3d(values(padding)), tf.tensor2d(there))
    return { weights: result.weights.arraySync(), context: result.context.arraySync() }
  }
  const { weights, context } = run(0)
  for (const [r, row] of weights.entries()) {
    const powers = scores[r]!.map((score, t) => (t < counts[r]! ? Math.exp(score) : 0))
    const total = powers.reduce((a, b) => a + b)
    row.forEach((weight, t) => expect(weight).toBeCloseTo(powers[t]! / total, 6))
    expect(row.slice(counts[r])).toEqual(row.slice(counts[r]).map(() => 0))
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 6)
    const mean = powers.reduce((sum, power, t) => sum + (power / total) * t, 0)
    expect(context[r]![1]).toBeCloseTo(mean, 5)
  }
  expect(run(1e30)).toEqual({ weights, context })
})

test('without a mask the logits are those of a mask of ones', () => {
  const x = tf.tensor3d(embeddings, [batch, segments, dimension])
  const masked = headLogits(tensorsOf(), x, tf.ones([batch, segments]))
  expectClose(headLogits(tensorsOf(), x).dataSync(), [...masked.dataSync()], 1e-6)
})

test('a bidirectional LSTM reads a padded sequence backwards from its last true step', () => {
  const units = 2
  const kernel = tf.tensor2d(wave([2, 8 * units], 1, 0.8), [2, 8 * units])
  const bias = tf.tensor1d(wave([8 * units], 2, 0.3))
  const recurrent = tf.tensor3d(wave([2, units, 4 * units], 3, 0.9), [2, units, 4 * units])
  const weights = { lstmKernel: kernel, lstmBias: bias, lstmRecurrent: recurrent }
  const sequences = [
    [
      [0.5, -1.0],
      [0.25, 0.75],
      [-0.6, 0.1],
      [1.0, 1.0],
      [0.0, -0.3],
    ],
    [
      [-0.2, 0.4],
      [0.9, -0.9],
      [0.3, 0.3],
    ],
  ]
  for (const padTo of [5, 8, 64]) {
    const padded = sequences.map((steps) =>
      Array.from({ length: padTo }, (_, t) => steps[t] ?? [7, -7]),
    )
    const there = sequences.map((steps) =>
      Array.from({ length: padTo }, (_, t) => (t < steps.length ? 1 : 0)),
    )
    const found = blstm(weights, tf.tensor3d(padded), tf.tensor2d(there)).arraySync()
    for (const [row, steps] of sequences.entries()) {
      const expected = plainBlstm(steps, weights, units)
      steps.forEach((_, t) => expectClose(found[row]![t]!, expected[t]!, 1e-5))
    }
  }
})

/** The formulas, a step and a unit at a time. */
function plainBlstm(
  steps: readonly (readonly number[])[],
  weights: Pick<HeadTensors, 'lstmKernel' | 'lstmBias' | 'lstmRecurrent'>,
  units: number,
): number[][] {
  const kernel = weights.lstmKernel.arraySync() as number[][]
  const bias = weights.lstmBias.arraySync() as number[]
  const recurrent = weights.lstmRecurrent.arraySync() as number[][][]
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))
  const oneWay = (sequence: readonly (readonly number[])[], direction: number) => {
    let h = new Array<number>(units).fill(0)
    let c = new Array<number>(units).fill(0)
    return sequence.map((x) => {
      const gate = (g: number, u: number) => {
        const column = g * units + u
        return (
          bias[direction * 4 * units + column]! +
          x.reduce(
            (sum, value, k) => sum + value * kernel[k]![direction * 4 * units + column]!,
            0,
          ) +
          h.reduce((sum, value, k) => sum + value * recurrent[direction]![k]![column]!, 0)
        )
      }
      const all = Array.from({ length: units }, (_, u) => [0, 1, 2, 3].map((g) => gate(g, u)))
      c = all.map(([i, f, , g], u) => sigmoid(f!) * c[u]! + sigmoid(i!) * Math.tanh(g!))
      h = all.map(([, , o], u) => sigmoid(o!) * Math.tanh(c[u]!))
      return h
    })
  }
  const forward = oneWay(steps, 0)
  const backward = oneWay([...steps].reverse(), 1).reverse()
  return forward.map((h, t) => [...h, ...backward[t]!])
}

test('the initial weights depend on the seed alone, within their limits', () => {
  const shape = { dimension: 20, projection: 10, hidden: 8, dense: 6, classes: 3 }
  const first = initialHead(shape, 1)
  expect(initialHead(shape, 1)).toEqual(first)
  expect(initialHead(shape, 2).outputKernel).not.toEqual(first.outputKernel)
  const limit = Math.sqrt(6 / 30)
  expect(Math.max(...first.projectionKernel.data.map(Math.abs))).toBeLessThanOrEqual(limit)
  const forgetBias = [...first.lstmBias.data].map((value, index) => [value, index] as const)
  for (const [value, index] of forgetBias) {
    expect(value).toBe(Math.floor((index % 32) / 8) === 1 ? 1 : 0)
  }
})
