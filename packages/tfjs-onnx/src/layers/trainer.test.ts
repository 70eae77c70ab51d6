import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { beforeAll, expect, test } from 'vitest'
import { compile } from '../compile.js'
import { createLayersTrainer, type LayersLoss } from './trainer.js'

beforeAll(() => tf.setBackend('cpu'))

const { layers: layer } = layers
const crossEntropy: LayersLoss = (predict, { x, y }) =>
  tf.losses.softmaxCrossEntropy(y!, predict(x!)) as tf.Scalar

/** Values whose class can be seen; the same for the same seed. */
function batch(shape: readonly number[], classes: number, seed = 1) {
  const size = shape.reduce((a, b) => a * b, 1)
  const data = Float32Array.from(tf.randomNormal([size], 0, 1, 'float32', seed).dataSync())
  const rows = shape[0]!
  const y = new Float32Array(rows * classes)
  for (let row = 0; row < rows; row++) {
    y[row * classes + (row % classes)] = 1
    for (let i = row % classes; i < size / rows; i += classes) data[row * (size / rows) + i]! += 1.5
  }
  return { x: { data, shape }, y: { data: y, shape: [rows, classes] } }
}

/** Losses of plain steps, and the same steps by TensorFlow.js's own optimiser. */
async function both(
  model: layers.LayersModel,
  data: ReturnType<typeof batch>,
  steps: number,
  rate: number,
) {
  const trainer = await createLayersTrainer(model, crossEntropy, { optimiser: { kind: 'sgd' } })
  const found: number[] = []
  for (let step = 0; step < steps; step++) found.push((await trainer.step(data, rate)).loss)
  const optimiser = tf.train.sgd(rate)
  const expected: number[] = []
  const [x, y] = [data.x, data.y].map((each) => tf.tensor(each.data, [...each.shape]))
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  for (let step = 0; step < steps; step++) {
    const cost = optimiser.minimize(
      () =>
        crossEntropy((inputs) => model.apply(inputs, { training: true }) as tf.Tensor, {
          x: x!,
          y: y!,
        }),
      true,
      variables,
    )
    expected.push(cost!.dataSync()[0]!)
  }
  return { trainer, found, expected }
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-4) {
  expect(found.length).toBe(expected.length)
  for (let i = 0; i < found.length; i++) {
    expect(Math.abs(found[i]! - expected[i]!), `${i}`).toBeLessThan(tolerance)
  }
}

function dense() {
  return layers.sequential({
    layers: [
      layer.dense({ units: 8, activation: 'relu', inputShape: [6] }),
      layer.dense({ units: 3 }),
    ],
  })
}

const quick = { recurrentInitializer: 'glorotNormal' } as const

const models: Record<string, () => layers.LayersModel> = {
  'a dense network': dense,
  'an LSTM': () =>
    layers.sequential({
      layers: [layer.lstm({ units: 5, inputShape: [4, 3], ...quick }), layer.dense({ units: 3 })],
    }),
  'a GRU': () =>
    layers.sequential({
      layers: [layer.gru({ units: 5, inputShape: [4, 3], ...quick }), layer.dense({ units: 3 })],
    }),
  'a bidirectional LSTM': () =>
    layers.sequential({
      layers: [
        layer.bidirectional({
          layer: layer.lstm({ units: 4, returnSequences: true, ...quick }) as never,
          mergeMode: 'concat',
          inputShape: [4, 3],
        }),
        layer.globalAveragePooling1d({}),
        layer.dense({ units: 3 }),
      ],
    }),
  'a functional convolutional network': () => {
    const x = layers.input({ shape: [8, 8, 2] })
    const first = layer.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(x)
    const normal = layer.batchNormalization({ momentum: 0.9 }).apply(first)
    const pooled = layer
      .maxPooling2d({ poolSize: 2 })
      .apply(layer.activation({ activation: 'relu' }).apply(normal))
    const second = layer
      .conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' })
      .apply(pooled)
    const joined = layer
      .add()
      .apply([pooled as layers.SymbolicTensor, second as layers.SymbolicTensor])
    const flat = layer.globalAveragePooling2d({ dataFormat: 'channelsLast' }).apply(joined)
    const y = layer.dense({ units: 3 }).apply(flat)
    return layers.model({ inputs: x, outputs: y as layers.SymbolicTensor })
  },
}

test.each(Object.entries(models))(
  '%s trains as by the optimiser of TensorFlow.js',
  async (_, make) => {
    const model = make()
    const shape = [6, ...model.inputs[0]!.shape.slice(1).map(Number)]
    const data = batch(shape, 3)
    const { trainer, found, expected } = await both(model, data, 6, 0.2)
    expectClose(found, expected)
    expect(found[5]).toBeLessThan(found[0]!)
    // Its own optimiser has moved the model to where the trainer stands, moving statistics too.
    const now = { ...trainer.weights(), ...trainer.statistics() }
    for (const weight of model.weights) {
      expectClose(now[weight.name]!.data, weight.read().dataSync(), 2e-4)
    }
    await trainer.dispose()
  },
)

test.each(Object.entries(models))('%s compiles', async (_, make) => {
  const model = make()
  const shape = [2, ...model.inputs[0]!.shape.slice(1).map(Number)]
  const { x } = batch(shape, 2)
  const compiled = await compile(({ x }) => ({ y: model.apply(x!) as tf.Tensor }))
  const { y } = await compiled({ x })
  const expected = model.apply(tf.tensor(x.data, [...shape])) as tf.Tensor
  expectClose(y!.data, expected.dataSync(), 1e-5)
  await compiled.dispose()
})

test('the model changes at update, and not before', async () => {
  const model = models['a functional convolutional network']!()
  const before = model.weights.map((weight) => [...weight.read().dataSync()])
  const data = batch([6, 8, 8, 2], 3)
  const trainer = await createLayersTrainer(model, crossEntropy, { learningRate: 0.01 })
  await trainer.step(data)
  expect(model.weights.map((weight) => [...weight.read().dataSync()])).toEqual(before)
  trainer.update()
  const now = { ...trainer.weights(), ...trainer.statistics() }
  for (const weight of model.weights) {
    expect([...weight.read().dataSync()]).toEqual([...now[weight.name]!.data])
  }
  expect(model.weights.map((weight) => [...weight.read().dataSync()])).not.toEqual(before)
  await trainer.dispose()
})

test('dropout draws a mask a step from the seed; none where the rate is 0', async () => {
  const withRate = (rate: number) => {
    const x = layers.input({ shape: [4, 3] })
    const dropped = layer.dropout({ rate }).apply(layer.spatialDropout1d({ rate }).apply(x))
    return layers.model({ inputs: x, outputs: dropped as layers.SymbolicTensor })
  }
  // The loss is the mean of what is left of ones; a dense layer of one weight makes something to train.
  const lossesOf = async (rate: number, seed: number) => {
    const model = layers.sequential({
      layers: [
        withRate(rate),
        layer.dense({ units: 1, useBias: false, kernelInitializer: 'ones' }),
      ],
    })
    const mean: LayersLoss = (predict, { x }) => tf.mean(predict(x!))
    const trainer = await createLayersTrainer(model, mean, { seed })
    const losses: number[] = []
    for (let step = 0; step < 4; step++) {
      const x = { data: new Float32Array(64 * 12).fill(1), shape: [64, 4, 3] }
      losses.push((await trainer.step({ x }, 0)).loss)
    }
    await trainer.dispose()
    return losses
  }
  expect(await lossesOf(0, 1)).toEqual([3, 3, 3, 3])
  const losses = await lossesOf(0.5, 1)
  expect(new Set(losses).size).toBe(4)
  losses.forEach((loss) => expect(Math.abs(loss - 3)).toBeLessThan(1))
  expect(await lossesOf(0.5, 1)).toEqual(losses)
  expect(await lossesOf(0.5, 2)).not.toEqual(losses)
})

test('penalties on weights are part of the loss', async () => {
  const model = layers.sequential({
    layers: [
      layer.dense({
        units: 1,
        inputShape: [2],
        useBias: false,
        kernelInitializer: 'ones',
        kernelRegularizer: layers.regularizers.l2({ l2: 0.5 }),
      }),
    ],
  })
  const trainer = await createLayersTrainer(model, (predict, { x }) => tf.mean(predict(x!)))
  const { loss } = await trainer.step({ x: { data: Float32Array.of(1, 2), shape: [1, 2] } }, 0.1)
  expect(loss).toBeCloseTo(3 + 0.5 * 2, 5)
  await trainer.dispose()
})

test('it goes on from a state to the bit, masks too', async () => {
  const model = layers.sequential({
    layers: [
      layer.dense({ units: 4, inputShape: [6] }),
      layer.dropout({ rate: 0.3 }),
      layer.dense({ units: 3 }),
    ],
  })
  const data = batch([6, 6], 3)
  const settings = { learningRate: 0.05, seed: 3 }
  const whole = await createLayersTrainer(model, crossEntropy, settings)
  for (let step = 0; step < 3; step++) await whole.step(data)
  const first = await createLayersTrainer(model, crossEntropy, settings)
  await first.step(data)
  const second = await createLayersTrainer(model, crossEntropy, {
    ...settings,
    resume: first.state(),
  })
  for (let step = 0; step < 2; step++) await second.step(data)
  expect(second.state()).toEqual(whole.state())
  for (const trainer of [whole, first, second]) await trainer.dispose()
})

test('what cannot be trained so is refused by name', async () => {
  const refused = (made: layers.layers.Layer | object) => {
    const model = layers.sequential({ layers: [layer.dense({ units: 3, inputShape: [4, 3] })] })
    model.add(made as never)
    return expect(createLayersTrainer(model, crossEntropy)).rejects
  }
  await refused(layer.gaussianNoise({ stddev: 1, name: 'noise' })).toThrow(
    'GaussianNoise "noise" draws random',
  )
  await refused(layer.alphaDropout({ rate: 0.1, name: 'a' })).toThrow(
    'AlphaDropout "a" draws random',
  )
  await refused(layer.lstm({ units: 2, dropout: 0.2, name: 'r', ...quick })).toThrow(
    'LSTMCell "r" has dropout 0.2',
  )
  const within = layer.gru({ units: 2, recurrentDropout: 0.2, name: 'inner', ...quick })
  await refused(layer.bidirectional({ layer: within as never, mergeMode: 'sum' })).toThrow(
    'recurrentDropout 0.2',
  )
  const constrained = layer.dense({ units: 1, kernelConstraint: 'nonNeg', name: 'c' })
  await refused(constrained).toThrow('the weight c/kernel has a constraint')
  const stateful = layers.sequential({
    layers: [
      layer.lstm({ units: 2, stateful: true, batchInputShape: [1, 2, 2], name: 's', ...quick }),
    ],
  })
  await expect(createLayersTrainer(stateful, crossEntropy)).rejects.toThrow('LSTM "s" is stateful')
})
