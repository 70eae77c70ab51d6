import type { PredictionRow } from '@serflow/core'
import { expect, test } from 'vitest'
import { judgedCorpus, manifestRow } from './judged-corpus.fixture.js'
import { checkPredictions, seedsOf, usedUtterances } from './leak-check.js'

const made = judgedCorpus({ seeds: [0, 1] })
const rows = made.predictions.flat()

/** The check's verdict on changed predictions. */
const check =
  (predictions: readonly PredictionRow[], folds = made.folds) =>
  () =>
    checkPredictions('network', usedUtterances(made.corpus), folds, predictions, made.classes)

/** The rows with the first of them changed. */
const changed = (change: Partial<PredictionRow>) => [
  { ...rows[0]!, ...change } as PredictionRow,
  ...rows.slice(1),
]

test('predictions by the folds that test the speakers pass, in any order', () => {
  expect(check(rows)).not.toThrow()
  expect(check([...rows].reverse())).not.toThrow()
})

test('a speaker on both sides of a fold is an error', () => {
  const folds = [
    ...made.folds,
    { fold: 0, speakerId: '01', utteranceId: null, part: 'train' as const },
  ]
  expect(check(rows, folds)).toThrow('speaker "01" is in training and in test of fold 0')
})

test('a prediction by a fold that trained on the speaker is an error', () => {
  expect(check(changed({ fold: 1 }))).toThrow(
    'network: utterances are predicted by a fold that does not test their speaker: 01-angry-0',
  )
})

test('an utterance that one seed does not predict is an error', () => {
  expect(check(rows.slice(1))).toThrow(
    'network, seed 0: 1 used utterances are not predicted: 01-angry-0',
  )
})

test('no predictions at all are an error', () => {
  expect(check([])).toThrow('network: there are no predictions')
})

test('an utterance predicted twice by a seed is an error', () => {
  expect(check([...rows, rows[0]!])).toThrow(
    'network, seed 0: utterances are predicted more than once: 01-angry-0',
  )
})

test('an augmented copy among the predictions is an error', () => {
  expect(check(changed({ utteranceId: '01-angry-0#speed=0.9' }))).toThrow(
    'augmented copies are scored, but only originals may be: 01-angry-0#speed=0.9',
  )
})

test('an utterance the corpus does not use is an error', () => {
  expect(check(changed({ utteranceId: 'stranger' }))).toThrow(
    'utterances are predicted that the corpus does not use: stranger',
  )
})

test("a speaker or a truth that is not the corpus's is an error", () => {
  expect(check(changed({ speakerId: '04' }))).toThrow(
    'speakers are not those of the corpus: 01-angry-0',
  )
  expect(check(changed({ truth: 'sad' }))).toThrow("truths are not the corpus's labels: 01-angry-0")
})

test('a prediction that is no class, or not the most probable one, is an error', () => {
  expect(check(changed({ prediction: 'bored' }))).toThrow(
    'predictions are none of angry, happy, neutral, sad: 01-angry-0',
  )
  const { prediction } = rows[0]!
  const other = made.classes.find((name) => name !== prediction)!
  expect(check(changed({ prediction: other }))).toThrow(
    'predictions are not the class with the highest probability: 01-angry-0',
  )
})

test('a missing column of probabilities is an error', () => {
  const without = rows.map((row) => {
    const { p_sad: _, ...rest } = row
    return rest as PredictionRow
  })
  expect(check(without)).toThrow('not the class with the highest probability')
})

test('a truth outside of the classes is an error', () => {
  const { corpus, folds } = made
  expect(() =>
    checkPredictions('network', usedUtterances(corpus), folds, rows, ['angry', 'happy', 'sad']),
  ).toThrow('truths are none of angry, happy, sad')
})

test('only used files are utterances, and an incomplete or repeated one is an error', () => {
  const complete = manifestRow({ utteranceId: 'a', speakerId: '1', emotion: 'sad', gender: null })
  const skipped = manifestRow({ status: 'skipped' })
  expect(usedUtterances([complete, skipped])).toEqual([
    {
      utteranceId: 'a',
      speakerId: '1',
      emotion: 'sad',
      gender: 'unknown',
      corpus: 'made',
      session: null,
      sentence: null,
      sound: 'a',
    },
  ])
  expect(() => usedUtterances([manifestRow({ utteranceId: 'a' })])).toThrow(
    'used file "a.wav" lacks its id, speaker or emotion',
  )
  expect(() => usedUtterances([complete, { ...complete, file: 'b.wav' }])).toThrow(
    'two used files have the id "a", the second is "b.wav"',
  )
})

test('seeds come in order, none first', () => {
  const seeds = [3, null, 1].map((seed) => ({ ...rows[0]!, seed }) as PredictionRow)
  expect(seedsOf(seeds)).toEqual([null, 1, 3])
})
