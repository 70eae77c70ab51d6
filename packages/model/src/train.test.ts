import { random } from '@serflow/core'
import { expect, test } from 'vitest'
import type { Example } from './batches.js'
import { decide, predictClips, softmax } from './predict.js'
import { trainConfig } from './train-config.js'
import { trainHead, type TrainingSet } from './train.js'

const dimension = 10
const classes = ['b', 'a', 'c']

/** Clips of 1 to 4 segments whose mean tells the class. */
function examples(count: number, seed: string): Example[] {
  const draws = random('examples', seed)
  return Array.from({ length: count }, (_, i) => {
    const label = i % classes.length
    const variant = () => {
      const segments = 1 + draws.integer(4)
      const values = Array.from({ length: segments * dimension }, (_, k) =>
        k % dimension === label ? 1.5 + draws.normal() : draws.normal(),
      )
      return Float32Array.from(values)
    }
    return { utteranceId: `u${i}`, label, variants: [variant(), variant()] }
  })
}

const set = (count = 90): TrainingSet => ({
  examples: examples(count, 'train'),
  dimension,
  classes,
  classWeights: [1, 1, 1],
  standardiser: {
    mean: new Float32Array(dimension).fill(0.2),
    deviation: new Float32Array(dimension).fill(1.2),
  },
})
const config = trainConfig.parse({
  projection: 12,
  hidden: 6,
  dense: 8,
  epochs: 12,
  batch: 16,
  learningRate: 0.01,
  inputDropout: 0.1,
  dropout: 0.1,
  mixup: 0.1,
})

test('it learns what can be learnt, and its loss falls', async () => {
  const { weights, record } = await trainHead(set(), config, 0)
  expect(record.lossByEpoch).toHaveLength(12)
  expect(record.lossByEpoch.at(-1)).toBeLessThan(0.8 * record.lossByEpoch[0]!)
  expect(record.warnings).toEqual([])
  const unseen = examples(60, 'test')
  const { standardiser } = set()
  const probabilities = await predictClips(
    weights,
    standardiser,
    unseen.map(({ variants }) => variants[0]!),
  )
  const right = unseen.filter(({ label }, i) => decide(probabilities[i]!) === label).length
  // chance is 20 of 60
  expect(right).toBeGreaterThan(40)
})

test('one seed gives the same weights to the bit, another seed others', async () => {
  const short = { ...config, epochs: 2 }
  const [first, again, other] = [
    await trainHead(set(), short, 5),
    await trainHead(set(), short, 5),
    await trainHead(set(), short, 6),
  ]
  expect(again.weights).toEqual(first.weights)
  expect(again.record).toEqual(first.record)
  expect(other.weights.outputKernel).not.toEqual(first.weights.outputKernel)
})

test('a loss that is not finite is said aloud, and the last finite weights are kept', async () => {
  const { weights, record } = await trainHead(set(), { ...config, learningRate: 1e30 }, 0)
  expect(record.warnings.join()).toMatch(/was not finite in epoch \d+ of 12/)
  for (const { data } of Object.values(weights)) expect(data.every(Number.isFinite)).toBe(true)
})

test('a last step that ends in infinity is not kept either', async () => {
  const single = { ...config, epochs: 1, learningRate: 1e44 }
  const { weights, record } = await trainHead(set(10), single, 0)
  expect(record.warnings.join()).toMatch(/was not finite in epoch 1 of 1/)
  for (const { data } of Object.values(weights)) expect(data.every(Number.isFinite)).toBe(true)
})

test('a single example, fewer than a batch, trains', async () => {
  const { record } = await trainHead(set(1), { ...config, epochs: 1 }, 0)
  expect(Number.isFinite(record.lossByEpoch[0])).toBe(true)
})

test('a clip has the same probabilities whatever is predicted beside it', async () => {
  const { weights } = await trainHead(set(), { ...config, epochs: 1 }, 0)
  const clips = examples(40, 'beside').map(({ variants }) => variants[0]!)
  const together = await predictClips(weights, set().standardiser, clips)
  const alone = await predictClips(weights, set().standardiser, [clips[17]!])
  expect(alone[0]).toEqual(together[17])
})

test('softmax sums to 1 and does not overflow', () => {
  expect(softmax([1000, 1000])).toEqual([0.5, 0.5])
  expect(softmax([-1e4, 0]).reduce((a, b) => a + b)).toBe(1)
  expect(decide([0.2, 0.4, 0.4])).toBe(1)
})

test('early stopping keeps the weights of the best epoch of the validation, and says which', async () => {
  const validation = examples(30, 'validation')
  const stopping = { patience: 3, by: 'uar' as const }
  const { weights, record } = await trainHead({ ...set(), validation }, { ...config, stopping }, 0)
  const { uarByEpoch, lossByEpoch } = record.validation!
  expect(uarByEpoch).toHaveLength(record.lossByEpoch.length)
  const best = Math.max(...uarByEpoch)
  expect(uarByEpoch[record.epoch - 1]).toBe(best)
  const equals = lossByEpoch.filter((_, epoch) => uarByEpoch[epoch] === best)
  expect(lossByEpoch[record.epoch - 1]).toBe(Math.min(...equals))
  const isPatient =
    record.lossByEpoch.length === 12 || record.lossByEpoch.length === record.epoch + 3
  expect(isPatient).toBe(true)
  const clips = validation.map(({ variants }) => variants[0]!)
  const probabilities = await predictClips(weights, set().standardiser, clips)
  const losses = validation.map(({ label }, i) => -Math.log(probabilities[i]![label]!))
  const mean = losses.reduce((a, b) => a + b, 0) / losses.length
  expect(mean).toBeCloseTo(lossByEpoch[record.epoch - 1]!, 10)
  expect(record.validatedOn).toEqual(validation.map(({ utteranceId }) => utteranceId).sort())
})

test('the validation changes no weight: stopped at its epoch, the schedule gives the same', async () => {
  const stopping = { patience: 2, by: 'loss' as const }
  const watched = await trainHead(
    { ...set(), validation: examples(30, 'validation') },
    { ...config, stopping },
    0,
  )
  const { validation } = watched.record
  expect(validation!.lossByEpoch[watched.record.epoch - 1]).toBe(
    Math.min(...validation!.lossByEpoch),
  )
  const alone = await trainHead({ ...set(), lastEpoch: watched.record.epoch }, config, 0)
  expect(alone.weights).toEqual(watched.weights)
  expect(alone.record).toMatchObject({ epoch: watched.record.epoch, validation: null })
})

test('soft labels teach: of shares alone the head learns which class has more', async () => {
  const soft = set().examples.map((example) => ({
    ...example,
    label: 0,
    shares: classes.map((_, c) => (c === example.label ? 0.6 : 0.2)),
  }))
  const { weights, record } = await trainHead({ ...set(), examples: soft }, config, 0)
  expect(record.trainedOn).toHaveLength(90)
  const unseen = examples(60, 'test')
  const clips = unseen.map(({ variants }) => variants[0]!)
  const probabilities = await predictClips(weights, set().standardiser, clips)
  const right = unseen.filter(({ label }, i) => decide(probabilities[i]!) === label).length
  expect(right).toBeGreaterThan(40)
})

test('draws of a class decide the number of steps and what is learnt', async () => {
  const few = { ...set(), classDraws: [10, 10, 0] }
  const { record } = await trainHead(few, { ...config, epochs: 1 }, 0)
  expect(record.lossByEpoch).toHaveLength(1)
})

test('the record names the backend that trained; one that is not there is an error the user can mend', async () => {
  const short = { ...config, epochs: 1 }
  const { record } = await trainHead(set(20), { ...short, backend: 'auto' }, 0)
  expect(['onnx-cuda', 'tensorflow-gpu', 'onnx-cpu']).toContain(record.backend)
  await expect(trainHead(set(20), { ...short, backend: 'tensorflow-gpu' }, 0)).rejects.toThrow(
    expect.objectContaining({
      name: 'InputError',
      message: expect.stringMatching(/^backend tensorflow-gpu is not available: .+; .+/),
    }),
  )
})
