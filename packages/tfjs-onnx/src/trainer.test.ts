import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/tfjs-onnx/trainer.json' with { type: 'json' }
import { fillDropoutMask } from './optimiser/dropout.js'
import { sharedArray } from './optimiser/memory.js'
import { headLoss } from './trainer.fixture.js'
import type { TensorInput } from './compile.js'
import type { LossFunction } from './loss-gradients.js'
import { createTrainer, type TrainerOptions } from './trainer.js'

const shapes: Record<string, number[]> = golden.shapes
const biases = Object.keys(shapes).filter((name) => name.includes('bias'))

function initialWeights() {
  return Object.fromEntries(
    Object.entries(golden.initial).map(([name, values]) => [
      name,
      { data: Float32Array.from(values), shape: shapes[name]! },
    ]),
  )
}

function batches(): Record<string, TensorInput>[] {
  return golden.batches.map(({ x, present, drop, labels }) => ({
    x: { data: Float32Array.from(x), shape: [3, 4, 5] },
    present: { data: Float32Array.from(present), shape: [3, 4] },
    drop: { data: Float32Array.from(drop), shape: [3, 4] },
    labels: { data: Int32Array.from(labels), shape: [3] },
  }))
}

async function train(options: TrainerOptions, learningRate: number) {
  const trainer = await createTrainer(headLoss, initialWeights(), options)
  const steps = []
  for (const batch of batches()) steps.push(await trainer.step(batch, learningRate))
  const weights = trainer.weights()
  await trainer.dispose()
  return { steps, weights }
}

const adam = {
  optimiser: { kind: 'adam', beta1: 0.8, beta2: 0.99, epsilon: 1e-6, decay: 0.1, noDecay: biases },
  clipNorm: 0.5,
} as const

// PyTorch computes in float64 here: what remains is float32's rounding over three steps.
function expectAllClose(found: ArrayLike<number>, expected: readonly number[], name: string) {
  expect(found.length).toBe(expected.length)
  expected.forEach((value, index) => {
    expect(Math.abs(found[index]! - value), `${name}[${index}]`).toBeLessThan(1e-5)
  })
}

test('three clipped steps of AdamW are those of PyTorch', async () => {
  const { steps, weights } = await train(adam, 0.01)
  expectAllClose(
    steps.map(({ loss }) => loss),
    golden.adam.losses,
    'loss',
  )
  expectAllClose(
    steps.map(({ gradientNorm }) => gradientNorm),
    golden.adam.gradientNorms,
    'norm',
  )
  expect(Math.max(...golden.adam.gradientNorms)).toBeGreaterThan(0.5)
  for (const [name, values] of Object.entries(golden.adam.weights)) {
    expectAllClose(weights[name]!.data, values, name)
    expect(weights[name]!.shape).toEqual(shapes[name])
  }
})

test('three steps of gradient descent with momentum and decay are those of PyTorch', async () => {
  const sgd = { kind: 'sgd', momentum: 0.9, decay: 0.1, noDecay: biases } as const
  const { steps, weights } = await train({ optimiser: sgd }, 0.1)
  expectAllClose(
    steps.map(({ loss }) => loss),
    golden.sgd.losses,
    'loss',
  )
  for (const [name, values] of Object.entries(golden.sgd.weights)) {
    expectAllClose(weights[name]!.data, values, name)
  }
})

test('the gradient is that of PyTorch: plain descent at rate 1 moves by it', async () => {
  const trainer = await createTrainer(headLoss, initialWeights(), { optimiser: { kind: 'sgd' } })
  await trainer.step(batches()[0]!, 1)
  const after = trainer.weights()
  await trainer.dispose()
  for (const [name, values] of Object.entries(golden.firstGradient)) {
    const initial = initialWeights()[name]!.data
    expectAllClose(
      after[name]!.data.map((weight, index) => initial[index]! - weight),
      values,
      name,
    )
  }
})

test('the same steps give the same bits', async () => {
  const runs = [await train(adam, 0.01), await train(adam, 0.01)] as const
  expect(runs[0]).toEqual(runs[1])
})

const square: LossFunction = ({ w }, { x }) => tf.sum(tf.square(tf.mul(w!, x!)))
const two = { w: { data: Float32Array.of(1, 2), shape: [2] } }

test('batches of different shapes share the weights', async () => {
  const trainer = await createTrainer(square, two, { optimiser: { kind: 'sgd' } })
  const losses = []
  for (const rows of [1, 3, 1]) {
    const x = { data: new Float32Array(2 * rows).fill(1), shape: [rows, 2] }
    losses.push((await trainer.step({ x }, 0.25)).loss)
  }
  // Each row halves the weights: w − 0.25·2·rows·w.
  expect(losses).toEqual([5, 3 * 1.25, 0.3125])
  await trainer.dispose()
})

test('weights are copies', async () => {
  const trainer = await createTrainer(square, two)
  trainer.weights().w!.data[0] = 9
  expect([...trainer.weights().w!.data]).toEqual([1, 2])
  expect([...two.w.data]).toEqual([1, 2])
  await trainer.dispose()
})

test('a dropout mask in shared memory is an input like any other', async () => {
  const mask = sharedArray(2)
  const trainer = await createTrainer(square, two, { optimiser: { kind: 'sgd' } })
  for (const seed of [1, 2, 3]) {
    fillDropoutMask(mask, 0.5, [seed, 0, 0, 0])
    const before = trainer.weights().w!.data
    const { loss } = await trainer.step({ x: { data: mask, shape: [2] } }, 0.01)
    expect(loss).toBeCloseTo((before[0]! * mask[0]!) ** 2 + (before[1]! * mask[1]!) ** 2, 5)
  }
  await trainer.dispose()
})

test('clipping scales the gradients to the norm asked for, and not up to it', async () => {
  for (const [clipNorm, factor] of [
    [1, 1 / (Math.sqrt(20) + 1e-6)],
    [10, 1],
  ] as const) {
    const trainer = await createTrainer(square, two, { optimiser: { kind: 'sgd' }, clipNorm })
    const x = { data: Float32Array.of(1, 1), shape: [2] }
    const { gradientNorm } = await trainer.step({ x }, 0.1)
    expect(gradientNorm).toBeCloseTo(Math.sqrt(20), 6)
    const [a, b] = trainer.weights().w!.data
    expect(a).toBeCloseTo(1 - 0.1 * 2 * factor, 6)
    expect(b).toBeCloseTo(2 - 0.1 * 4 * factor, 6)
    await trainer.dispose()
  }
})

test('gradients that are not finite are an error and leave the weights alone', async () => {
  const trainer = await createTrainer(square, two)
  const x = { data: Float32Array.of(NaN, 1), shape: [2] }
  await expect(trainer.step({ x }, 0.1)).rejects.toThrow('lower the learning rate')
  expect([...trainer.weights().w!.data]).toEqual([1, 2])
  await trainer.step({ x: { data: Float32Array.of(1, 1), shape: [2] } }, 0.1)
  await trainer.dispose()
})

test('a second step before the first has ended is an error', async () => {
  const trainer = await createTrainer(square, two)
  const x = { data: Float32Array.of(1, 1), shape: [2] }
  const first = trainer.step({ x }, 0.1)
  await expect(trainer.step({ x }, 0.1)).rejects.toThrow('await it first')
  await first
  await trainer.dispose()
})

test('a weight that the loss does not use, and a loss that is no scalar, are errors', async () => {
  const x = { data: Float32Array.of(1, 1), shape: [2] }
  const spare = await createTrainer(square, { ...two, spare: two.w })
  await expect(spare.step({ x }, 0.1)).rejects.toThrow('does not depend on weight "spare"')
  const vector = (({ w }) => tf.square(w!)) as LossFunction
  const trainer = await createTrainer(vector, two)
  await expect(trainer.step({ x }, 0.1)).rejects.toThrow('float32 of shape [2]')
})

test('inputs and settings that cannot be are errors', async () => {
  const x = { data: Float32Array.of(1, 1), shape: [2] }
  await expect(createTrainer(square, {})).rejects.toThrow('no weights')
  await expect(createTrainer(square, two, { clipNorm: 0 })).rejects.toThrow('clipNorm is 0')
  const wrong = { w: { data: Float32Array.of(1), shape: [2] } }
  await expect(createTrainer(square, wrong)).rejects.toThrow('weight "w" of shape [2]')
  const trainer = await createTrainer(square, two)
  await expect(trainer.step({ x }, NaN)).rejects.toThrow('learning rate is NaN')
  await expect(trainer.step({ x: { ...x, shape: [3] } }, 0.1)).rejects.toThrow('has 3 elements')
  await trainer.dispose()
})

test('a trainer that goes on from a state goes on to the bit, with either optimiser', async () => {
  const sgd = { optimiser: { kind: 'sgd', momentum: 0.9, decay: 0.1 } } as const
  for (const options of [
    { ...adam, learningRate: [0.1, 0.05, 0.01] },
    { ...sgd, learningRate: 0.1 },
  ]) {
    const whole = await createTrainer(headLoss, initialWeights(), options)
    for (const batch of batches()) await whole.step(batch)
    const first = await createTrainer(headLoss, initialWeights(), options)
    await first.step(batches()[0]!)
    const stored = structuredClone(first.state())
    await first.dispose()
    const second = await createTrainer(headLoss, initialWeights(), { ...options, resume: stored })
    expect(second.state()).toEqual(stored)
    for (const batch of batches().slice(1)) await second.step(batch)
    expect(second.state()).toEqual(whole.state())
    expect(second.state().steps).toBe(3)
    await whole.dispose()
    await second.dispose()
  }
})

test('the learning rate is a number, a list or a function of the steps made, or is given to the step', async () => {
  const x = { data: Float32Array.of(1, 1), shape: [2] }
  const moved = async (learningRate: TrainerOptions['learningRate'], ...given: number[]) => {
    const options = { optimiser: { kind: 'sgd' } as const, ...(learningRate && { learningRate }) }
    const trainer = await createTrainer(({ w }, { x }) => tf.sum(tf.mul(w!, x!)), two, options)
    for (let step = 0; step < 3; step++) await trainer.step({ x }, ...given)
    await trainer.dispose()
    return 1 - trainer.weights().w!.data[0]!
  }
  expect(await moved(0.5)).toBeCloseTo(1.5, 6)
  expect(await moved([0.5, 0.25])).toBeCloseTo(1, 6)
  expect(await moved((step) => step)).toBeCloseTo(3, 6)
  expect(await moved(0.5, 2)).toBeCloseTo(6, 6)
  await expect(moved(undefined)).rejects.toThrow('there is no learning rate')
  await expect(moved([])).rejects.toThrow('there is no learning rate')
})

test('statistics are replaced by what the loss function says', async () => {
  const counting: LossFunction = ({ w }, { x }, { count, last }) => ({
    loss: tf.sum(tf.mul(w!, x!)),
    statistics: { count: tf.add(count!, 1), last: tf.add(tf.mul(last!, 0), x!) },
  })
  const options = {
    optimiser: { kind: 'sgd' },
    statistics: {
      count: { data: Float32Array.of(5), shape: [] },
      last: { data: new Float32Array(2), shape: [2] },
    },
  } as const
  const trainer = await createTrainer(counting, two, options)
  for (const value of [1, 2]) {
    await trainer.step({ x: { data: Float32Array.of(value, -value), shape: [2] } }, 0.1)
  }
  expect(trainer.statistics()).toEqual({
    count: { data: Float32Array.of(7), shape: [] },
    last: { data: Float32Array.of(2, -2), shape: [2] },
  })
  // Not where the step fails.
  await expect(
    trainer.step({ x: { data: Float32Array.of(NaN, 1), shape: [2] } }, 0.1),
  ).rejects.toThrow()
  expect([...trainer.statistics().count!.data]).toEqual([7])
  const next = await createTrainer(counting, two, { ...options, resume: trainer.state() })
  expect(next.statistics()).toEqual(trainer.statistics())
  await next.dispose()
  await trainer.dispose()
  const silent: LossFunction = ({ w }) => tf.sum(w!)
  const lacking = await createTrainer(silent, two, options)
  await expect(lacking.step({}, 0.1)).rejects.toThrow('no value for the statistic "count"')
})

test('states of other weights, optimisers or statistics are errors', async () => {
  const trainer = await createTrainer(square, two)
  const state = trainer.state()
  await trainer.dispose()
  const sgd = { optimiser: { kind: 'sgd' }, resume: state } as const
  await expect(createTrainer(square, two, sgd)).rejects.toThrow('the state of another kind')
  const three = { w: { data: new Float32Array(3), shape: [3] } }
  await expect(createTrainer(square, three, { resume: state })).rejects.toThrow(
    '3 values for weight "w"',
  )
  const statistics = { s: { data: new Float32Array(1), shape: [1] } }
  await expect(createTrainer(square, two, { statistics, resume: state })).rejects.toThrow(
    'lacks the statistic "s"',
  )
})
