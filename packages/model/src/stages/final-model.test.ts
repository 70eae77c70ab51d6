import type { TrainingRecord } from '@serflow/core'
import { readModelMetadata } from '@serflow/tfjs-onnx'
import { expect, test } from 'vitest'
import { backboneConfig } from '../backbone-config.js'
import { embeddingDimension } from '../backbone.js'
import { corpus as made } from '../clips.fixture.js'
import { headShape, initialHead } from '../head.js'
import { trainConfig } from '../train-config.js'
import { finalModelStage } from './final-model.js'

const backbone = backboneConfig.parse({ layers: ['stage1'], rows: 2, bands: 16 })
const dimension = embeddingDimension(backbone)
const classes = ['sad', 'happy']
const sizes = headShape(trainConfig.parse({ projection: 4, hidden: 3, dense: 3 }), dimension, 2)
const ones = { data: new Float32Array(dimension).fill(1), shape: [dimension] }
const tensors = { ...initialHead(sizes, 5), mean: ones, deviation: ones }
const corpus = made.map((row, index) => ({ ...row, corpus: index < 2 ? 'first' : 'second' }))

async function cardOf(trainedOn: readonly string[], speakersKnown: boolean) {
  const record: TrainingRecord = {
    classes,
    lossByEpoch: [1, 0.5],
    backend: 'onnx-cpu',
    seed: 5,
    epoch: 2,
    validation: null,
    trainedOn,
    validatedOn: [],
    warnings: [],
  }
  const frontEnd = {
    logMel: { bands: 16 },
    segments: { segmentFrames: 32 },
    speakersKnown,
    about: { corpus: 'made up', corpusLicence: 'none' },
  }
  const bytes = await finalModelStage.run(
    { corpus, head: { tensors, settings: record }, frontEnd },
    backbone,
    { part: {}, progress: () => {} },
  )
  return readModelMetadata(bytes)
}

test('the model names what it was trained on, and says that nothing was measured on it', async () => {
  const card = await cardOf(
    corpus.map(({ utteranceId }) => utteranceId!),
    true,
  )
  expect(card).toMatchObject({
    corpus: 'made up',
    corpusLicence: 'none',
    seed: '5',
    epochs: '2',
    speakers: '4',
    utterances: '8',
  })
  expect(JSON.parse(card.classes!)).toEqual(classes)
  expect(JSON.parse(card.trainedOn!)).toEqual([
    { corpus: 'first', speakers: 1, utterances: 2 },
    { corpus: 'second', speakers: 3, utterances: 6 },
  ])
  expect(card.measured).toMatch(/^nothing: .* no figure of the run's report was measured on it$/)
})

test('where nobody knows who speaks, the speakers are unknown', async () => {
  const card = await cardOf(['01-sad'], false)
  expect(card).toMatchObject({ speakers: 'unknown', utterances: '1' })
  expect(JSON.parse(card.trainedOn!)).toEqual([{ corpus: 'first', speakers: null, utterances: 1 }])
})
