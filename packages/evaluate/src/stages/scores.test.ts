import type { TrainingRecord } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { confusionOf } from '../confusion.js'
import { judgedCorpus, manifestRow, type JudgedCorpus } from '../judged-corpus.fixture.js'
import { pairedDifference, speakerInterval } from '../interval.js'
import { unweightedAverageRecall } from '../metrics.js'
import { scoresRecord } from '../records.js'
import { scoresSchema, type Scores } from '../schema.js'
import { scoresConfig } from '../config.js'
import { scoresStage, type ScoresInputs } from './scores.js'

const context = { part: {}, progress: () => undefined }

async function scoresOf(
  made: JudgedCorpus,
  more: Partial<ScoresInputs> = {},
  config: { confidence?: number; baselineName?: string } = {},
): Promise<Scores> {
  const inputs = { histories: [], ...made, ...more }
  return scoresStage.run(inputs, scoresConfig.parse(config), context)
}

const record = (change: Partial<TrainingRecord>): TrainingRecord => ({
  classes: ['angry'],
  lossByEpoch: [1, 0.5],
  backend: 'onnx-cpu',
  seed: 0,
  epoch: 2,
  validation: null,
  trainedOn: [],
  validatedOn: [],
  warnings: [],
  ...change,
})

/** The prediction of every row of a table is made `answer`, or the truth. */
const answering = (
  made: JudgedCorpus,
  answer: string | 'truth',
  tables?: (index: number) => boolean,
) =>
  made.predictions.map((table, index) =>
    tables && !tables(index)
      ? table
      : table.map((row) => {
          const prediction = answer === 'truth' ? row.truth : answer
          const probabilities = Object.fromEntries(
            made.classes.map((name) => [`p_${name}`, name === prediction ? 1 : 0]),
          )
          return { ...row, ...probabilities, prediction }
        }),
  )

test('the headline is the pooled UAR, and its interval is over the speakers', async () => {
  const made = judgedCorpus()
  const rows = made.predictions.flat()
  const scores = await scoresOf(made)
  expect(scores.uar.value).toBe(unweightedAverageRecall(confusionOf(made.classes, rows)))
  const own = ['01', '02', '03', '04', '05', '06'].map((speakerId) =>
    unweightedAverageRecall(
      confusionOf(
        made.classes,
        rows.filter((row) => row.speakerId === speakerId),
      ),
    ),
  )
  expect(scores.perSpeaker.map(({ uar }) => uar)).toEqual(own)
  const { low, high } = speakerInterval(own, 0.95)
  expect(scores.uar.low).toBeCloseTo(low!, 12)
  expect(scores.uar.high).toBeCloseTo(high!, 12)
  expect(scoresSchema.parse(scores)).toEqual(scores)
})

test('with several seeds every rate is the mean over seeds, and the confusion their sum', async () => {
  const made = judgedCorpus({ seeds: [0, 1, 2] })
  const scores = await scoresOf(made)
  const mean = (rate: 'uar' | 'accuracy' | 'macroF1') =>
    scores.perSeed.reduce((total, own) => total + own[rate], 0) / 3
  expect(scores.perSeed.map(({ seed }) => seed)).toEqual([0, 1, 2])
  expect(scores.uar.value).toBeCloseTo(mean('uar'), 12)
  expect(scores.accuracy).toBeCloseTo(mean('accuracy'), 12)
  expect(scores.macroF1).toBeCloseTo(mean('macroF1'), 12)
  expect(scores.confusion.flat().reduce((total, count) => total + count, 0)).toBe(3 * 72)
  expect(scores.utterances).toBe(72)
  const fold = scores.perFold[1]!
  const bySeed = fold.uarBySeed.map(({ uar }) => uar)
  expect(fold.uar).toBeCloseTo((bySeed[0]! + bySeed[1]! + bySeed[2]!) / 3, 12)
  expect(scores.perSpeaker.map(({ utterances }) => utterances)).toEqual(Array(6).fill(12))
  expect(scores.protocol.headline).toContain('mean over 3 seeds')
})

test('the difference to the baseline is paired over speakers', async () => {
  const scores = await scoresOf(judgedCorpus({ speakers: 8, folds: 4 }), {}, { confidence: 0.8 })
  const [baseline] = scores.baselines
  expect(baseline!.name).toBe('ridge')
  const { mean, low, high } = pairedDifference(
    scores.perSpeaker.map(({ uar }) => uar),
    baseline!.perSpeaker.map(({ uar }) => uar),
    0.8,
  )
  expect(baseline!.difference).toEqual({ value: mean, low, high })
  // Speakers say the same number of each class here, so that pooled and paired differences are one.
  expect(baseline!.difference.value).toBeCloseTo(scores.uar.value - baseline!.uar.value, 12)
})

test('a baseline may have another name, or be missing', async () => {
  const made = judgedCorpus()
  const named = await scoresOf(made, {}, { baselineName: 'prior' })
  expect(named.baselines.map(({ name }) => name)).toEqual(['prior'])
  expect((await scoresOf(made, { baselines: [] })).baselines).toEqual([])
})

test('speakers, genders and folds are broken down, and add up', async () => {
  const scores = await scoresOf(judgedCorpus())
  expect(scores.perGender.map(({ gender, speakers }) => [gender, speakers])).toEqual([
    ['female', 3],
    ['male', 3],
  ])
  expect(scores.perFold.map(({ fold, speakerIds }) => [fold, speakerIds])).toEqual([
    [0, ['01', '04']],
    [1, ['02', '05']],
    [2, ['03', '06']],
  ])
  for (const part of [scores.perSpeaker, scores.perGender, scores.perFold]) {
    expect(part.reduce((total, { utterances }) => total + utterances, 0)).toBe(scores.utterances)
  }
})

test('the scheme of the folds is told in words', async () => {
  const scheme = async (options: Parameters<typeof judgedCorpus>[0]) =>
    (await scoresOf(judgedCorpus(options))).protocol.foldScheme
  expect(await scheme({ speakers: 6, folds: 3 })).toBe(
    '3 folds by speaker, each tested on 2 speakers',
  )
  expect(await scheme({ speakers: 7, folds: 3 })).toBe(
    '3 folds by speaker, each tested on 2 to 3 speakers',
  )
  expect(await scheme({ speakers: 6, folds: 6 })).toBe('leave one speaker out: 6 folds')
})

test('a class without a recording is named, has no recall and does not count', async () => {
  const made = judgedCorpus({ classes: ['angry', 'happy', 'sad'] })
  const classes = ['angry', 'bored', 'happy', 'sad']
  const predictions = made.predictions.map((table) => table.map((row) => ({ ...row, p_bored: 0 })))
  const baselines = made.baselines.map((table) => table.map((row) => ({ ...row, p_bored: 0 })))
  const scores = await scoresOf({ ...made, classes, predictions, baselines })
  expect(scores.absentClasses).toEqual(['bored'])
  expect(scores.recalls.bored).toBeNull()
  expect(scores.chance).toBe(1 / 3)
  expect(scores.uar.value).toBe((await scoresOf(made)).uar.value)
  expect(scores.warnings[0]).toContain('No used recording of bored')
})

test('a fold in which a class does not occur has the UAR of the others, and says so', async () => {
  const made = judgedCorpus({ takes: 1 })
  const gone = made.corpus.filter(({ speakerId, emotion }) =>
    speakerId === '01' || speakerId === '04' ? emotion !== 'sad' : true,
  )
  const kept = new Set(gone.map(({ utteranceId }) => utteranceId))
  const keep = (tables: JudgedCorpus['predictions']) =>
    tables.map((table) => table.filter(({ utteranceId }) => kept.has(utteranceId)))
  const scores = await scoresOf({
    ...made,
    corpus: gone,
    predictions: keep(answering(made, 'truth')),
    baselines: keep(made.baselines),
  })
  expect(scores.perFold[0]).toMatchObject({ uar: 1, absentClasses: ['sad'] })
  expect(scores.perFold[1]!.absentClasses).toEqual([])
  expect(scores.absentClasses).toEqual([])
})

test('one speaker has no interval', async () => {
  const scores = await scoresOf(judgedCorpus({ speakers: 1, folds: 1 }))
  expect(scores.uar).toMatchObject({ low: null, high: null })
  expect(scores.baselines[0]!.difference).toMatchObject({ low: null, high: null })
  expect(scores.warnings).toContain(
    'One speaker only: nothing can be said of other speakers, so there is no interval.',
  )
})

test('the interval holds the headline and stays within 0 to 1, however unlike the speakers are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 7 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 30 }),
      async (speakers, skill, dropped) => {
        const made = judgedCorpus({ speakers, folds: 2, skill })
        const corpus = made.corpus.filter((_, index) => index % 31 !== dropped)
        const kept = new Set(corpus.map(({ utteranceId }) => utteranceId))
        const predictions = made.predictions.map((table) =>
          table.filter(({ utteranceId }) => kept.has(utteranceId)),
        )
        const { uar } = await scoresOf({ ...made, corpus, predictions, baselines: [] })
        expect(uar.low).toBeLessThanOrEqual(uar.value)
        expect(uar.high).toBeGreaterThanOrEqual(uar.value)
        expect(uar.low).toBeGreaterThanOrEqual(0)
        expect(uar.high).toBeLessThanOrEqual(1)
      },
    ),
    { numRuns: 50 },
  )
})

test('the order of tables and rows changes no byte', async () => {
  const made = judgedCorpus({ seeds: [0, 1] })
  const bytes = await scoresRecord.encode(await scoresOf(made))
  const shuffled = {
    ...made,
    folds: [...made.folds].reverse(),
    predictions: [...made.predictions].reverse().map((table) => [...table].reverse()),
    baselines: [made.baselines.flat().reverse()],
  }
  expect(await scoresRecord.encode(await scoresOf(shuffled))).toEqual(bytes)
})

test('a network that beats the baseline beyond doubt has no warning', async () => {
  const made = judgedCorpus({ skill: 0.3 })
  const scores = await scoresOf(made, { predictions: answering(made, 'truth') })
  expect(scores.uar).toEqual({ value: 1, low: 1, high: 1 })
  expect(scores.warnings).toEqual([])
})

test('a network not better than the baseline, or worse, is said plainly', async () => {
  const made = judgedCorpus()
  const same = await scoresOf(made, {
    baselines: made.predictions.map((table) => table.map((row) => ({ ...row, seed: null }))),
  })
  expect(same.warnings).toContain(
    'The network is not shown to be better than ridge: 0.0 points, interval 0.0 to 0.0, ' +
      'which includes no difference. ridge is the simpler model.',
  )
  const worse = await scoresOf(made, { predictions: answering(made, 'sad') })
  expect(
    worse.warnings.some((warning) => warning.startsWith('The network is worse than ridge')),
  ).toBe(true)
  expect(worse.warnings[0]).toContain('is not shown to be better than chance (25.0 %)')
})

test('a fold and seed that answers always the same is named', async () => {
  const made = judgedCorpus({ seeds: [0, 1] })
  const scores = await scoresOf(made, {
    predictions: answering(made, 'happy', (index) => index === 3),
  })
  expect(scores.warnings).toContain(
    'Fold 1 (seed 1) answers happy to all its 24 recordings: its training collapsed.',
  )
})

test("losses that are not finite and trainings' warnings are told with their place", async () => {
  const made = judgedCorpus({ seeds: [4] })
  const histories = [
    record({ seed: 4, lossByEpoch: [1, Number.NaN, Number.NaN] }),
    record({ seed: 4, warnings: ['ran on another backend.'] }),
    record({ seed: 4, warnings: ['ran on another backend.'] }),
  ]
  const { warnings } = await scoresOf(made, { histories })
  expect(warnings).toContain('Fold 0 (seed 4): the loss is not finite from epoch 2 on.')
  expect(warnings).toContain('Fold 1 (seed 4), Fold 2 (seed 4): ran on another backend.')
  const unplaced = await scoresOf(made, { histories: histories.slice(0, 1) })
  expect(unplaced.warnings).toContain(
    'Training 1 (seed 4): the loss is not finite from epoch 2 on.',
  )
})

test('files that were not used are listed and summed up, notes on used files told', async () => {
  const made = judgedCorpus()
  const corpus = made.corpus.map((row, index) =>
    index < 2 ? { ...row, note: 'same samples as another' } : row,
  )
  const left = [
    manifestRow({ file: 'a (copy).wav', status: 'duplicate', note: 'as a.wav' }),
    manifestRow({ file: 'b.wav', status: 'unreadable', note: 'no RIFF header' }),
    manifestRow({ file: 'c.wav', status: 'rejected', note: '1 field' }),
    ...Array.from({ length: 7 }, (_, i) =>
      manifestRow({ file: `song ${i}.wav`, status: 'skipped' }),
    ),
  ]
  const scores = await scoresOf({ ...made, corpus: [...corpus, ...left] })
  expect(scores.skipped).toHaveLength(10)
  expect(scores.skipped[0]).toEqual({ file: 'a (copy).wav', status: 'duplicate', note: 'as a.wav' })
  for (const warning of [
    '1 file is a copy of a used one and was left out: a (copy).wav.',
    '1 file cannot be read as sound: b.wav.',
    "1 file does not follow the corpus's naming: c.wav.",
    '7 files or utterances were skipped: unknown (7).',
    '01-angry-0.wav, 01-angry-1.wav (used): same samples as another.',
  ]) {
    expect(scores.warnings).toContain(warning)
  }
})

test('many different notes are cut, and their number told', async () => {
  const made = judgedCorpus()
  const corpus = made.corpus.map((row, index) => ({ ...row, note: `note ${index}` }))
  const { warnings } = await scoresOf({ ...made, corpus })
  expect(warnings.filter((warning) => warning.includes('(used)'))).toHaveLength(12)
  expect(warnings.at(-1)).toMatch(/^60 more used files with a note: .* and 55 more\.$/)
})

test('few speakers, and speakers that said very different things, are warned of', async () => {
  const few = await scoresOf(judgedCorpus({ speakers: 4, folds: 2 }))
  expect(few.warnings.some((warning) => warning.startsWith('Only 4 speakers'))).toBe(true)
  const made = judgedCorpus({ speakers: 5, folds: 5, classes: ['a', 'b'], takes: 4 })
  // Speakers 1 to 4 say a alone and are right; speaker 5 says both and is wrong on b.
  const corpus = made.corpus.filter(
    ({ speakerId, emotion }) => speakerId === '05' || emotion === 'a',
  )
  const kept = new Set(corpus.map(({ utteranceId }) => utteranceId))
  const predictions = answering(made, 'a').map((table) =>
    table.filter(({ utteranceId }) => kept.has(utteranceId)),
  )
  const unlike = await scoresOf({ ...made, corpus, predictions, baselines: [] })
  expect(unlike.uar.value).toBe(0.5)
  expect(unlike.uar.low).toBe(0.5)
  expect(unlike.warnings).toContain(
    "The speakers' own UARs average 90.0 %, the pooled UAR is 50.0 %: " +
      'they differ since speakers differ in how many recordings of which class they have.',
  )
})

test('a speaker of two genders is counted as unknown and named', async () => {
  const made = judgedCorpus()
  const corpus = made.corpus.map((row, index) =>
    index === 0 ? { ...row, gender: 'female' as const } : row,
  )
  const scores = await scoresOf({ ...made, corpus })
  expect(scores.perSpeaker[0]!.gender).toBe('unknown')
  expect(scores.warnings).toContain(
    'The corpus gives more than one gender for speaker 01: counted as unknown.',
  )
})

test('a corpus without a usable file is an input error', async () => {
  const corpus = [manifestRow({ status: 'unreadable' })]
  await expect(scoresOf({ ...judgedCorpus(), corpus })).rejects.toThrow(
    'corpus: none of its 1 file is a usable recording; its manifest says of each why',
  )
})

test('leaks stop the stage, in the network and in the baseline', async () => {
  const made = judgedCorpus()
  const folds = made.folds.map((row) => ({ ...row, part: 'train' as const }))
  await expect(scoresOf({ ...made, folds })).rejects.toThrow('network: utterances are predicted by')
  const baselines = made.baselines.slice(1)
  await expect(scoresOf({ ...made, baselines })).rejects.toThrow(
    'ridge: 24 used utterances are not predicted',
  )
})

test.each([0, 1, 1.2])('a confidence of %s is refused', (confidence) => {
  expect(scoresConfig.safeParse({ confidence }).success).toBe(false)
})

test('an unknown setting is refused', () => {
  expect(scoresConfig.safeParse({ confidense: 0.9 }).success).toBe(false)
})

test('where speakers are unknown nothing is said of speakers: no interval, no breakdown by them, and a stamp', async () => {
  const scores = await scoresOf({ ...judgedCorpus(), speakersKnown: false })
  const known = await scoresOf(judgedCorpus())
  expect(scores.uar).toEqual({ value: known.uar.value, low: null, high: null })
  expect(scores.baselines[0]!.uar).toEqual({
    value: known.baselines[0]!.uar.value,
    low: null,
    high: null,
  })
  expect(scores.baselines[0]!.difference.value).toBeCloseTo(
    known.uar.value - known.baselines[0]!.uar.value,
    12,
  )
  expect(scores).toMatchObject({ speakers: 0, perSpeaker: [], perGender: [] })
  expect(scores.perFold.every(({ speakerIds }) => speakerIds.length === 0)).toBe(true)
  expect(scores.protocol).toMatchObject({
    speakersIndependent: false,
    foldScheme: '3 folds; speakers unknown: not speaker-independent',
    interval: 'none: speakers are not known',
  })
  expect(scores.warnings[0]).toMatch(/^Speakers unknown: not speaker-independent\./)
  expect(scores.warnings.filter((warning) => /speakers?:|One speaker/.test(warning))).toEqual([])
})

test('what is used of each corpus is counted by class', async () => {
  const made = judgedCorpus({ speakers: 2, folds: 2, classes: ['a', 'b'] })
  const corpus = made.corpus.map((row) => ({ ...row, corpus: `from ${row.speakerId}` }))
  const { perCorpus } = await scoresOf({ ...made, corpus })
  expect(perCorpus).toEqual([
    { corpus: 'from 01', speakers: 1, utterances: 6, byClass: { a: 3, b: 3 } },
    { corpus: 'from 02', speakers: 1, utterances: 6, byClass: { a: 3, b: 3 } },
  ])
})

test('utterances that the model does not see whole are named', async () => {
  const made = judgedCorpus()
  const [first, second] = made.corpus
  const corpus = made.corpus.map((row) =>
    row === first || row === second ? { ...row, durationSeconds: 16.5 } : row,
  )
  const { warnings } = await scoresOf({ ...made, corpus, seenSeconds: 15.04 })
  expect(warnings).toContain(
    'Of 2 utterances what is beyond the first 15 s is neither trained nor tested on (segments.maxSegments): ' +
      `${first!.file}, ${second!.file}.`,
  )
  expect((await scoresOf(made)).warnings.join()).not.toContain('neither trained')
})
