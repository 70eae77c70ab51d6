/** A made-up corpus with folds and predictions, for tests. */
import { random, type FoldRow, type ManifestRow, type PredictionRow } from '@serflow/core'
import type { CorpusInfo, Provenance, Report } from './schema.js'
import { reportStage } from './stages/report.js'
import { scoresConfig } from './config.js'
import { scoresStage } from './stages/scores.js'

export interface JudgedCorpus {
  corpus: ManifestRow[]
  folds: FoldRow[]
  predictions: PredictionRow[][]
  baselines: PredictionRow[][]
  classes: string[]
  speakersKnown: boolean
  seenSeconds: number
}

/** Speakers 1…n, women and men in turn, each with `takes` recordings of each class; a table a fold and seed. */
export function judgedCorpus({
  speakers = 6,
  classes = ['angry', 'happy', 'neutral', 'sad'],
  takes = 3,
  folds = 3,
  seeds = [0],
  skill = 0.7,
}: {
  speakers?: number
  classes?: string[]
  takes?: number
  folds?: number
  seeds?: number[]
  skill?: number
} = {}): JudgedCorpus {
  const draws = random('judged corpus', speakers, takes)
  const speakerIds = Array.from({ length: speakers }, (_, i) => String(i + 1).padStart(2, '0'))
  const corpus = speakerIds.flatMap((speakerId, index) =>
    classes.flatMap((emotion) =>
      Array.from({ length: takes }, (_, take) =>
        manifestRow({
          utteranceId: `${speakerId}-${emotion}-${take}`,
          speakerId,
          emotion,
          gender: index % 2 === 0 ? 'male' : 'female',
        }),
      ),
    ),
  )
  const foldOf = (speakerId: string | null) => speakerIds.indexOf(speakerId ?? '') % folds
  const judge = (fold: number, seed: number | null) =>
    corpus
      .filter((row) => foldOf(row.speakerId) === fold)
      .map(({ utteranceId, speakerId, emotion }) =>
        predictionRow(classes, {
          utteranceId: utteranceId ?? '',
          speakerId: speakerId ?? '',
          fold,
          seed,
          truth: emotion ?? '',
          prediction:
            draws.uniform() < skill ? (emotion ?? '') : classes[draws.integer(classes.length)]!,
        }),
      )
  const each = Array.from({ length: folds }, (_, fold) => fold)
  return {
    corpus,
    folds: each.flatMap((fold) =>
      speakerIds.map((speakerId): FoldRow => ({
        fold,
        speakerId,
        utteranceId: null,
        part: foldOf(speakerId) === fold ? 'test' : 'train',
      })),
    ),
    predictions: each.flatMap((fold) => seeds.map((seed) => judge(fold, seed))),
    baselines: each.map((fold) => judge(fold, null)),
    classes,
    speakersKnown: true,
    seenSeconds: 15,
  }
}

export function manifestRow(row: Partial<ManifestRow>): ManifestRow {
  return {
    utteranceId: null,
    file: `${row.utteranceId ?? 'unnamed'}.wav`,
    fileDigest: null,
    speakerId: null,
    gender: 'unknown',
    emotion: null,
    sentence: null,
    intensity: null,
    corpus: 'made',
    startSeconds: null,
    endSeconds: null,
    labelShares: null,
    session: null,
    split: null,
    attributes: null,
    sampleRateHz: 16000,
    channels: 1,
    durationSeconds: 2,
    samplesDigest: null,
    fingerprint: null,
    sameSoundAs: null,
    status: 'used',
    note: null,
    ...row,
  }
}

export function predictionRow(
  classes: readonly string[],
  row: Omit<PredictionRow, `p_${string}`> & { prediction: string },
): PredictionRow {
  const probabilities = Object.fromEntries(
    classes.map((name) => [
      `p_${name}`,
      name === row.prediction ? 0.5 : 0.5 / Math.max(1, classes.length - 1),
    ]),
  )
  return { ...probabilities, ...row } as PredictionRow
}

/** The report on a made-up corpus. */
export async function madeReport(
  made: JudgedCorpus,
  change: {
    corpusInfo?: Partial<CorpusInfo>
    provenance?: Partial<Provenance>
  } = {},
): Promise<Report> {
  const context = { part: {}, progress: () => undefined }
  const scores = await scoresStage.run({ histories: [], ...made }, scoresConfig.parse({}), context)
  const corpusInfo = {
    name: 'made',
    title: 'A made-up corpus',
    synthetic: false,
    licence: 'CC0',
    citation: 'nobody',
    recipeOrigin: 'developed elsewhere',
    corpora: [
      {
        name: 'made',
        kind: 'table',
        title: 'A made-up corpus',
        licence: 'CC0',
        citation: 'nobody',
        classes: made.classes,
        labels: null,
        labelVersions: { reader: null, map: null },
        labelChanges: [],
        where: null,
      },
    ],
    ...change.corpusInfo,
  }
  const provenance = {
    settings: { seed: 0, epochs: 40 },
    inputs: { files: made.corpus.length, digest: 'd1' },
    packages: { zod: '4', serflow: '1' },
    backend: 'onnx-cpu',
    ...change.provenance,
  }
  return reportStage.run({ scores, corpusInfo, provenance }, {}, context)
}
