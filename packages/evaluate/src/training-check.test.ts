import type { FoldRow, ManifestRow, TrainingRecord } from '@serflow/core'
import { expect, test } from 'vitest'
import { manifestRow } from './judged-corpus.fixture.js'
import { partsByFold, usedUtterances } from './leak-check.js'
import { checkTrainings, speakersApart } from './training-check.js'

const corpus: ManifestRow[] = ['01', '02', '03'].flatMap((speakerId) =>
  ['a', 'b'].map((name) =>
    manifestRow({
      utteranceId: `${speakerId}${name}`,
      speakerId,
      emotion: 'sad',
    }),
  ),
)
const folds: FoldRow[] = (['train', 'validation', 'test'] as const).map((part, index) => ({
  fold: 0,
  speakerId: `0${index + 1}`,
  utteranceId: null,
  part,
}))
const record = (trainedOn: string[], validatedOn: string[] = []): TrainingRecord => ({
  classes: ['sad'],
  lossByEpoch: [1],
  backend: 'onnx-cpu',
  seed: 0,
  epoch: 1,
  validation: null,
  trainedOn,
  validatedOn,
  warnings: [],
})
const check =
  (made: TrainingRecord, rows = corpus, table = folds, fold = 0) =>
  () =>
    checkTrainings([{ fold, record: made }], usedUtterances(rows), partsByFold(table))

test('what is trained on and chosen by in its own part is no leak', () => {
  expect(check(record(['01a', '01b'], ['02a', '02b']))).not.toThrow()
})

test.each<[string, TrainingRecord, RegExp]>([
  [
    'tested',
    record(['01a', '03a']),
    /fold 0: utterances are trained on that are not in the training part: 03a/,
  ],
  ['held out', record(['02b']), /are trained on that are not in the training part: 02b/],
  ['unknown', record(['99x']), /not in the training part: 99x/],
])('a %s utterance trained on is an error', (_, made, message) => {
  expect(check(made)).toThrow(message)
})

test.each(['01a', '03b'])('utterance %s, outside of the validation part, must not choose', (id) => {
  expect(check(record(['01b'], [id]))).toThrow(
    `utterances choose the epoch that are not in the validation part: ${id}`,
  )
})

test('a sound that is tested under another name was heard in training', () => {
  const rows = corpus.map((row) =>
    row.utteranceId === '03b' ? { ...row, sameSoundAs: '01a' } : row,
  )
  expect(check(record(['01a', '01b']), rows)).toThrow(
    'training of fold 0: the same sounds are tested under other names: 01a',
  )
  expect(check(record(['01b']), rows)).not.toThrow()
})

test('a fold that is not there is an error', () => {
  expect(check(record([]), corpus, folds, 7)).toThrow('training of fold 7: there is no such fold')
})

test('speakers are apart unless a fold has utterances of one in two parts', () => {
  const divided: FoldRow[] = ['01a', '01b'].map((utteranceId, index) => ({
    fold: 0,
    speakerId: '01',
    utteranceId,
    part: index === 0 ? 'train' : 'test',
  }))
  const utterances = usedUtterances(corpus)
  expect(speakersApart(utterances, partsByFold(folds))).toBe(true)
  expect(speakersApart(utterances, partsByFold(divided))).toBe(false)
  expect(check(record(['01a']), corpus, divided)).not.toThrow()
  expect(check(record(['01b']), corpus, divided)).toThrow(/not in the training part: 01b/)
})
