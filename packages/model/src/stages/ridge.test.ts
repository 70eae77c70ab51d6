import {
  InputError,
  predictionsTable,
  type ClipTensors,
  type FoldRow,
  type ManifestRow,
} from '@serflow/core'
import { expect, test } from 'vitest'
import { utterance } from '../clips.fixture.js'
import { parkMiller } from '../random-data.fixture.js'
import { ridgeConfig } from '../ridge-config.js'
import { ridgeStage } from './ridge.js'

const classes = ['sad', 'happy', 'angry']
const speakers = ['01', '02', '03', '04']
const width = 12

const corpus: ManifestRow[] = [
  ...speakers.flatMap((speaker) => classes.map((emotion) => utterance(speaker, emotion))),
  { ...utterance('01', 'sad'), file: '01/broken.wav', utteranceId: null, status: 'unreadable' },
]

/** Fold 1 tests speaker 04, fold 0 speaker 03. */
const folds = [0, 1].flatMap((fold) =>
  speakers.map((speakerId): FoldRow => {
    const test = speakerId === (fold === 1 ? '04' : '03')
    return { fold, speakerId, utteranceId: null, part: test ? 'test' : 'train' }
  }),
)

/** Value k of a class is high for k = its index; copies are the original with a little noise. */
function vectorsOf(speakerId: string): ClipTensors {
  const next = parkMiller(Number(speakerId))
  const clips = [...classes].reverse().flatMap((emotion) =>
    ['', 'speed=0.9', 'speed=1.1'].map((effects) => {
      const utteranceId = `${speakerId}-${emotion}`
      const data = Float32Array.from({ length: width }, (_, at) => {
        return next() * 0.2 + (at === classes.indexOf(emotion) ? 1 : 0)
      })
      const clipId = effects ? `${utteranceId}#${effects}` : utteranceId
      return {
        clipId,
        utteranceId,
        effects,
        startSample: 0,
        tensor: { data, shape: [1, width] },
      }
    }),
  )
  const rowTimes = { sampleRateHz: 16000, hopSamples: 5120, windowSamples: 10480 }
  return { rowShape: [width], rowTimes, settings: null, clips }
}

const balance = [0, 1].flatMap((fold) =>
  classes.map((emotion) => ({ fold, emotion, utterances: 3, weight: 1, draws: 3 })),
)

const inputsFor = (training: string[], test: string[]) => ({
  corpus,
  folds,
  balance,
  classes,
  training: training.map(vectorsOf),
  test: test.map(vectorsOf),
})
const context = { part: { fold: '1' }, progress: () => {} }
const config = ridgeConfig.parse({ copies: ['original', 'speed=0.9', 'speed=1.1'] })

test('each original of the test speakers is predicted once, in order, and can be stored', async () => {
  const rows = await ridgeStage.run(inputsFor(['01', '02', '03'], ['04']), config, context)
  expect(rows.map((row) => row.utteranceId)).toEqual(['04-angry', '04-happy', '04-sad'])
  for (const row of rows) {
    expect(row).toMatchObject({ speakerId: '04', fold: 1, seed: null })
    expect(row.prediction).toBe(row.truth)
    const probabilities = classes.map((name) => row[`p_${name}`]!)
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
    expect(Math.max(...probabilities)).toBe(row[`p_${row.prediction}`])
  }
  expect(Object.keys(rows[0]!).slice(-3)).toEqual(['p_sad', 'p_happy', 'p_angry'])
  expect(await predictionsTable.decode(await predictionsTable.encode(rows))).toEqual(rows)
})

test('the order of the sets changes nothing but rounding, and test clips change no other', async () => {
  const rows = await ridgeStage.run(inputsFor(['01', '02', '03'], ['04']), config, context)
  const turned = await ridgeStage.run(inputsFor(['03', '01', '02'], ['04']), config, context)
  rows.forEach((row, index) => {
    expect(turned[index]!.prediction).toBe(row.prediction)
    expect(turned[index]!.p_sad).toBeCloseTo(row.p_sad!, 10)
  })
  const inputs = inputsFor(['01', '02', '03'], ['04'])
  const [set] = inputs.test
  const fewer = { ...inputs, test: [{ ...set!, clips: set!.clips.slice(0, 3) }] }
  expect(await ridgeStage.run(fewer, config, context)).toEqual(rows.slice(0, 1))
})

test('only the copies asked for are trained on', async () => {
  const inputs = inputsFor(['01', '02', '03'], ['04'])
  const originals = inputs.training.map((set) => ({
    ...set,
    clips: set.clips.filter((clip) => clip.effects === ''),
  }))
  const onlyOriginals = { ...config, copies: ['original'] }
  expect(await ridgeStage.run(inputs, onlyOriginals, context)).toEqual(
    await ridgeStage.run({ ...inputs, training: originals }, onlyOriginals, context),
  )
  const attempt = async () => ridgeStage.run(inputs, { ...config, copies: ['speed=2'] }, context)
  await expect(attempt()).rejects.toThrow(InputError)
  await expect(attempt()).rejects.toThrow('fold 1 has no training clip that is speed=2')
})

test('a class that no training speaker has is never predicted, and does no harm', async () => {
  const names = [...classes, 'calm']
  const inputs = { ...inputsFor(['01', '02', '03'], ['04']), classes: names }
  const rows = await ridgeStage.run(inputs, config, context)
  for (const row of rows) expect(row.prediction).toBe(row.truth)
})

test('a speaker on the wrong side of the fold stops the stage', async () => {
  const leak = async (training: string[], test: string[]) =>
    ridgeStage.run(inputsFor(training, test), config, context)
  await expect(leak(['01', '04'], ['04'])).rejects.toThrow(
    'speaker 04 of clip 04-angry is not in the train part of fold 1',
  )
  await expect(leak(['01', '02'], ['03'])).rejects.toThrow(
    'speaker 03 of clip 03-angry is not in the test part of fold 1',
  )
})

test('a clip that nobody knows or a label that is no class stops the stage', async () => {
  const inputs = inputsFor(['01', '02', '03'], ['04'])
  const without = corpus.filter((row) => row.utteranceId !== '02-sad')
  const unknown = async () => ridgeStage.run({ ...inputs, corpus: without }, config, context)
  await expect(unknown()).rejects.toThrow('clip 02-sad is not in the manifest')
  const unlabelled = async () =>
    ridgeStage.run({ ...inputs, corpus: [...corpus, utterance('01', null)] }, config, context)
  await expect(unlabelled()).rejects.toThrow(InputError)
  await expect(unlabelled()).rejects.toThrow(
    '"01/null.wav" has the emotion "null", expected one of sad, happy, angry',
  )
})
