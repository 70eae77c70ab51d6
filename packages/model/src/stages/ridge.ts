import {
  balanceTable,
  embeddingSet,
  foldsTable,
  InputError,
  manifestTable,
  many,
  one,
  predictionsTable,
  value,
  type BalanceRow,
  type ClipTensors,
  type FoldRow,
  type ManifestRow,
  type PredictionRow,
  type Stage,
} from '@serflow/core'
import { ridgeConfig, type RidgeConfig } from '../ridge-config.js'
import { fitRidge, ridgeProbabilities, ridgeScores, utteranceVector } from '../ridge.js'

/**
 * The baseline: ridge regression of one-hot classes on mean and deviation of a clip's embeddings, standardised
 * by the training clips of the fold, which count with the weights of their classes, as in the network. `part.fold` says which fold; `training` and `test` are the embeddings of
 * the speakers on either side of it.
 */
export const ridgeStage: Stage<
  {
    corpus: readonly ManifestRow[]
    folds: readonly FoldRow[]
    balance: readonly BalanceRow[]
    classes: readonly string[]
    training: readonly ClipTensors[]
    test: readonly ClipTensors[]
  },
  readonly PredictionRow[],
  RidgeConfig
> = {
  name: 'ridge',
  inputs: {
    corpus: one(manifestTable),
    folds: one(foldsTable),
    balance: one(balanceTable),
    classes: value<readonly string[]>(),
    training: many(embeddingSet),
    test: many(embeddingSet),
  },
  output: predictionsTable,
  config: ridgeConfig,
  async run(
    { corpus, folds, balance, classes, training, test },
    { lambda, copies },
    { part, progress },
  ) {
    const fold = Number(part.fold)
    const known = utterancesById(corpus, classes)
    const clipsOf = (sets: readonly ClipTensors[], side: FoldRow['part']) => {
      const speakers = new Set(
        folds.filter((row) => row.fold === fold && row.part === side).map((row) => row.speakerId),
      )
      return sets
        .flatMap((set) => set.clips)
        .map((clip) => {
          const utterance = known.get(clip.utteranceId)
          if (!utterance) throw new Error(`ridge: clip ${clip.clipId} is not in the manifest`)
          if (!speakers.has(utterance.speakerId)) {
            throw new Error(
              `ridge: speaker ${utterance.speakerId} of clip ${clip.clipId} is not in the ` +
                `${side} part of fold ${fold}`,
            )
          }
          return { clip, ...utterance }
        })
    }
    const trained = clipsOf(training, 'train').filter(({ clip }) =>
      copies.includes(clip.effects || 'original'),
    )
    const tested = clipsOf(test, 'test').filter(({ clip }) => clip.effects === '')
    tested.sort((left, right) => (left.clip.utteranceId < right.clip.utteranceId ? -1 : 1))
    if (trained.length === 0) throw new InputError(noTraining(fold, copies))

    const rows = trained.map(({ clip }) => utteranceVector(clip.tensor))
    progress(0.1)
    const targets = classes.map((name) =>
      Float64Array.from(trained, ({ emotion }) => (emotion === name ? 1 : 0)),
    )
    const weightOf = new Map(
      balance.filter((row) => row.fold === fold).map((row) => [row.emotion, row.weight]),
    )
    const weights = Float64Array.from(trained, ({ emotion }) => weightOf.get(emotion) ?? 0)
    const model = await fitRidge(rows, targets, lambda * rows[0]!.length, weights)
    return tested.map(({ clip, speakerId, emotion }) =>
      predictionOf(ridgeScores(model, utteranceVector(clip.tensor)), classes, {
        utteranceId: clip.utteranceId,
        speakerId,
        fold,
        truth: emotion,
      }),
    )
  },
}

/** Speaker and emotion of each used utterance. */
function utterancesById(
  corpus: readonly ManifestRow[],
  classes: readonly string[],
): Map<string, { speakerId: string; emotion: string }> {
  const known = new Map<string, { speakerId: string; emotion: string }>()
  for (const { status, utteranceId, speakerId, emotion, file } of corpus) {
    if (status !== 'used' || utteranceId === null || speakerId === null) continue
    if (emotion === null || !classes.includes(emotion)) {
      throw new InputError(
        `"${file}" has the emotion "${emotion}", expected one of ${classes.join(', ')}; ` +
          'mend its label or leave the file out of the corpus',
      )
    }
    known.set(utteranceId, { speakerId, emotion })
  }
  return known
}

function predictionOf(
  scores: readonly number[],
  classes: readonly string[],
  about: Pick<PredictionRow, 'utteranceId' | 'speakerId' | 'fold' | 'truth'>,
): PredictionRow {
  const probabilities = ridgeProbabilities(scores)
  const prediction = classes[probabilities.indexOf(Math.max(...probabilities))]!
  const columns = Object.fromEntries(
    classes.map((name, index) => [`p_${name}` as const, probabilities[index]!]),
  )
  return { ...about, seed: null, prediction, ...columns }
}

function noTraining(fold: number, copies: readonly string[]): string {
  return (
    `ridge: fold ${fold} has no training clip that is ${copies.join(' or ')}; ` +
    'set ridge.copies to effects that the augmentation makes'
  )
}
