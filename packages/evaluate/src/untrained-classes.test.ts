import { expect, test } from 'vitest'
import { partsByFold, usedUtterances } from './leak-check.js'
import { judgedCorpus } from './judged-corpus.fixture.js'
import { untrainedWarnings } from './untrained-classes.js'

const { corpus, folds, classes } = judgedCorpus()
const utterances = usedUtterances(corpus)
const parts = partsByFold(folds)
const [first = '', ...others] = classes
const speakerOfFold = (fold: number) =>
  utterances.find((one) => parts.get(fold)!(one) === 'test')!.speakerId
const training = (fold: number, ids: readonly string[]) => ({
  fold,
  record: {
    classes,
    lossByEpoch: [1],
    backend: 'made',
    seed: 0,
    epoch: 1,
    validation: null,
    trainedOn: ids,
    validatedOn: [],
    warnings: [],
  },
})

test('where every fold trains on every class nothing is said', () => {
  expect(untrainedWarnings(utterances, parts, [], classes)).toEqual([])
  const trained = utterances.filter((one) => parts.get(0)!(one) === 'train')
  const ids = trained.map(({ utteranceId }) => utteranceId)
  expect(untrainedWarnings(utterances, parts, [training(0, ids)], classes)).toEqual([])
})

test('a class that one speaker alone has is not trained on where that speaker is tested', () => {
  const owner = speakerOfFold(0)
  const kept = utterances.filter((one) => one.emotion !== first || one.speakerId === owner)
  const count = kept.filter(({ emotion }) => emotion === first).length
  expect(count).toBeGreaterThan(0)
  expect(untrainedWarnings(kept, parts, [], classes)).toEqual([
    `No recording of ${first} is trained on in fold 0: the ${count} ` +
      `recording${count === 1 ? '' : 's'} of it tested there cannot be recognised.`,
  ])
})

test('what a training was really given counts, not the part of the fold', () => {
  const ids = utterances
    .filter((one) => parts.get(1)!(one) === 'train' && one.emotion !== first)
    .map(({ utteranceId }) => utteranceId)
  const [warning, ...more] = untrainedWarnings(utterances, parts, [training(1, ids)], classes)
  expect(warning).toMatch(new RegExp(`^No recording of ${first} is trained on in fold 1: `))
  expect(more).toEqual([])
})

test('folds that neither train on a class nor test it are told; a class nobody has is not', () => {
  const nobody = utterances.filter(({ emotion }) => emotion !== first)
  expect(untrainedWarnings(nobody, parts, [], classes)).toEqual([])
  const owner = speakerOfFold(0)
  const moved = partsByFold(
    folds.map((row) => (row.speakerId === owner ? { ...row, part: 'validation' } : row)),
  )
  const kept = utterances.filter((one) => one.emotion !== first || one.speakerId === owner)
  const [warning] = untrainedWarnings(kept, moved, [], [first, ...others])
  expect(warning).toMatch(/fold 0, fold 1.*: none is tested there either\.$/)
})
