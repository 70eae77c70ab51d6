import { InputError, type BalanceRow, type TrainingRecord } from '@serflow/core'
import { expect, test } from 'vitest'
import { corpus, folds, ofSpeaker, utterance } from '../clips.fixture.js'
import { trainConfig } from '../train-config.js'
import { trainStage } from './train.js'

const classes = ['happy', 'sad']
const balance: BalanceRow[] = [0, null].flatMap((fold) =>
  classes.map((emotion) => ({ fold, emotion, utterances: 2, weight: 1, draws: 2 })),
)
const inputs = {
  corpus,
  folds,
  balance,
  classes,
  embeddings: ofSpeaker('01', '02'),
  validation: ofSpeaker('03'),
  histories: [],
}
const small = { projection: 4, hidden: 2, dense: 2, epochs: 4, batch: 2 }
const context = (fold: string) => ({ part: { fold, seed: '0' }, progress: () => undefined })
const run = async (change: object = {}, config: object = {}, fold = '0') => {
  const { tensors, settings } = await trainStage.run(
    { ...inputs, ...change },
    trainConfig.parse({ ...small, ...config }),
    context(fold),
  )
  return { tensors, record: settings as TrainingRecord }
}

test('it says what it was trained on, and by default the last epoch is kept', async () => {
  const { record } = await run()
  expect(record).toMatchObject({
    epoch: 4,
    validation: null,
    trainedOn: ['01-happy', '01-sad', '02-happy', '02-sad'],
    validatedOn: [],
  })
})

test('with early stopping the validation speakers choose, by their originals', async () => {
  const { record } = await run({}, { stopping: { patience: 1 } })
  expect(record.validatedOn).toEqual(['03-happy', '03-sad'])
  expect(record.validation!.uarByEpoch.length).toBeGreaterThan(0)
})

test('the model of all speakers goes on for the median of the folds', async () => {
  const { record: one } = await run()
  const histories = [4, 2, 1].map((epoch) => ({ ...one, epoch }))
  const everybody = { embeddings: ofSpeaker('01', '02', '03', '04'), validation: [], histories }
  const { record } = await run(everybody, { stopping: { patience: 1 } }, 'all')
  expect(record).toMatchObject({ epoch: 2, validation: null })
  expect(record.trainedOn).toHaveLength(8)
})

test('test or validation speakers among the training clips are an error', async () => {
  for (const speaker of ['03', '04']) {
    await expect(run({ embeddings: ofSpeaker('01', speaker) })).rejects.toThrow(
      `speaker ${speaker} of clip ${speaker}-sad is not in the train part of fold 0`,
    )
  }
  const stopping = { stopping: { patience: 1 } }
  await expect(run({ validation: ofSpeaker('04') }, stopping)).rejects.toThrow(
    'is not in the validation part of fold 0',
  )
})

test('early stopping without validation speakers, and no clip to train on, are errors', async () => {
  const without = run({ validation: [] }, { stopping: { patience: 1 } })
  await expect(without).rejects.toThrow(InputError)
  await expect(run({ validation: [] }, { stopping: { patience: 1 } })).rejects.toThrow(
    /no validation speaker to choose the epoch by; set ingest.folds.validation/,
  )
  await expect(run({ embeddings: [] })).rejects.toThrow(/fold 0 has no clip to train on/)
})

test('shares of votes change what is learnt; without any they change nothing', async () => {
  const labels = { labels: 'shares' }
  const plain = await run()
  expect((await run({}, labels)).tensors).toEqual(plain.tensors)
  const voted = corpus.map((row) =>
    utterance(row.speakerId!, row.emotion, { labelShares: '{"happy":0.5,"sad":0.5}' }),
  )
  expect((await run({ corpus: voted })).tensors).toEqual(plain.tensors)
  expect((await run({ corpus: voted }, labels)).tensors).not.toEqual(plain.tensors)
})
