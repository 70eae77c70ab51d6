import type { FoldPart, FoldRow, ManifestRow, TrainingRecord } from '@serflow/core'
import { expect, test } from 'vitest'
import { manifestRow } from './judged-corpus.fixture.js'
import { partsByFold, usedUtterances } from './leak-check.js'
import { protocolOf } from './protocol.js'

/** Four speakers with two sentences each; the first two are of session s1 and corpus a. */
const corpus = ['1', '2', '3', '4'].flatMap((speakerId, index) =>
  ['x', 'y'].map((sentence) =>
    manifestRow({
      utteranceId: `${speakerId}${sentence}`,
      speakerId,
      emotion: 'sad',
      sentence,
      session: index < 2 ? 's1' : 's2',
      corpus: 'made',
    }),
  ),
)
const row = (fold: number, name: string, part: FoldPart): FoldRow =>
  name.length === 1
    ? { fold, speakerId: name, utteranceId: null, part }
    : { fold, speakerId: name[0]!, utteranceId: name, part }
const foldsOf = (
  ...sides: readonly (readonly [train: string[], test: string[], held?: string[]])[]
) =>
  sides.flatMap(([train, tested, held = []], fold) => [
    ...train.map((name) => row(fold, name, 'train')),
    ...held.map((name) => row(fold, name, 'validation')),
    ...tested.map((name) => row(fold, name, 'test')),
  ])
const told = (folds: FoldRow[], rows: ManifestRow[] = corpus, histories: TrainingRecord[] = []) =>
  protocolOf(usedUtterances(rows), partsByFold(folds), histories, [0], 0.95)

test.each<[string, FoldRow[]]>([
  ['leave one speaker out: 2 folds', foldsOf([['2', '3', '4'], ['1']], [['1', '3', '4'], ['2']])],
  [
    'leave one session out: 2 folds, each tested on 2 speakers',
    foldsOf(
      [
        ['3', '4'],
        ['1', '2'],
      ],
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ),
  ],
  [
    '2 folds by speaker, each tested on 2 speakers',
    foldsOf(
      [
        ['2', '4'],
        ['1', '3'],
      ],
      [
        ['1', '3'],
        ['2', '4'],
      ],
    ),
  ],
  [
    '2 folds by speaker, each tested on 1 to 2 speakers',
    foldsOf(
      [
        ['2', '4'],
        ['1', '3'],
      ],
      [['1', '3'], ['2']],
    ),
  ],
  [
    'one division: trained on 2 speakers, tested on 2',
    foldsOf([
      ['1', '3'],
      ['2', '4'],
    ]),
  ],
  [
    'leave one speaker out: 2 folds, 1 validation speaker held out in each',
    foldsOf([['2', '3'], ['1'], ['4']], [['1', '3'], ['2'], ['4']]),
  ],
  [
    '2 folds, each tested on 1 speaker and on sentences it is not trained on',
    foldsOf([['2x', '3x'], ['1y']], [['2y', '3y'], ['1x']]),
  ],
  [
    '1 fold by recording: speakers are on both sides, not speaker-independent',
    foldsOf([['1x', '2'], ['1y']]),
  ],
])('%s', (text, folds) => {
  expect(told(folds).foldScheme).toBe(text)
})

test('across corpora the corpora are named', () => {
  const rows = corpus.map((each) => ({ ...each, corpus: Number(each.speakerId) < 3 ? 'a' : 'b' }))
  expect(
    told(
      foldsOf([
        ['1', '2'],
        ['3', '4'],
      ]),
      rows,
    ).foldScheme,
  ).toBe('trained on a, tested on b')
  const both = foldsOf(
    [
      ['1', '2'],
      ['3', '4'],
    ],
    [
      ['3', '4'],
      ['1', '2'],
    ],
  )
  expect(told(both, rows).foldScheme).toBe(
    'across corpora: 2 folds, each tested on a corpus that is not trained on (a, b)',
  )
  // Two parts of one published corpus share their sentences; else the names of the corpora are in front of them.
  expect(told(both, rows).sentences).toMatch(
    /^the same 2 sentences are on both sides of every fold/,
  )
  const apart = rows.map((each) => ({ ...each, sentence: `${each.corpus}/${each.sentence}` }))
  expect(told(both, apart).sentences).toBe('no sentence is on both sides of a fold')
})

test('sentences on both sides are counted', () => {
  const all = foldsOf([['2', '3', '4'], ['1']], [['1', '3', '4'], ['2']])
  const offer = '; ingest.folds.scheme: by-sentence keeps them apart'
  expect(told(all).sentences).toBe(`the same 2 sentences are on both sides of every fold${offer}`)
  const partly = corpus.map((each, index) => (index === 0 ? { ...each, sentence: null } : each))
  expect(told(all, partly).sentences).not.toContain('by-sentence')
  expect(told(foldsOf([['2x'], ['1x']])).sentences).toBe(
    'the same sentence is on both sides of every fold',
  )
  expect(told(foldsOf([['2x'], ['1y']])).sentences).toBe('no sentence is on both sides of a fold')
  expect(told(foldsOf([['2x'], ['1x']], [['2x'], ['1y']])).sentences).toBe(
    `up to 1 sentence on both sides of a fold${offer}`,
  )
  const silent = corpus.map((each) => ({ ...each, sentence: null }))
  expect(told(all, silent).sentences).toBe('what is said is not known')
})

test('who is on both sides has no interval', () => {
  expect(told(foldsOf([['1x', '2'], ['1y']]))).toMatchObject({
    speakersIndependent: false,
    interval: 'none: speakers are on both sides of folds',
  })
  expect(told(foldsOf([['1'], ['2']])).speakersIndependent).toBe(true)
})

test('an epoch that validation speakers chose is told, with its range', () => {
  const history = (epoch: number, chosen: boolean): TrainingRecord => ({
    classes: ['sad'],
    lossByEpoch: [1],
    backend: 'onnx-cpu',
    seed: 0,
    epoch,
    validation: chosen ? { lossByEpoch: [1], uarByEpoch: [0.5] } : null,
    trainedOn: [],
    validatedOn: [],
    warnings: [],
  })
  const folds = foldsOf([['3', '4'], ['1'], ['2']])
  expect(told(folds, corpus, [history(3, true), history(9, true)]).selection).toMatch(
    /^the epoch, by 1 validation speaker of each fold, .* epoch 3 to 9;/,
  )
  expect(told(folds, corpus, [history(3, false)])).not.toHaveProperty('selection')
})
