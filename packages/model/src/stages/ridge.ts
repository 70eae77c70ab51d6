import {
  balanceTable,
  foldsTable,
  InputError,
  manifestTable,
  many,
  one,
  predictionsTable,
  utteranceVectorSet,
  value,
  type BalanceRow,
  type ClipTensors,
  type FoldPart,
  type FoldRow,
  type ManifestRow,
  type PredictionRow,
  type Stage,
} from '@serflow/core'
import { clipsOfPart } from '../fold-clips.js'
import { ridgeConfig, type RidgeConfig } from '../ridge-config.js'
import { fitRidge, ridgeProbabilities, ridgeScores } from '../ridge.js'

/**
 * The baseline: ridge regression of one-hot classes on utterance vectors, standardised by the training clips of the
 * fold, which count as in an epoch of the network: with the weight of their class, times how often a clip of it is
 * drawn. They teach their emotion, whatever the network is taught. `part.fold` says which fold; `training` and `test`
 * are the utterance vectors of the speakers on either side of it.
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
    training: many(utteranceVectorSet),
    test: many(utteranceVectorSet),
  },
  output: predictionsTable,
  config: ridgeConfig,
  async run(
    { corpus, folds, balance, classes, training, test },
    { lambda, copies },
    { part, progress },
  ) {
    const fold = Number(part.fold)
    for (const row of corpus) if (row.status === 'used') emotionOf(row, classes)
    const clipsOf = (sets: readonly ClipTensors[], side: FoldPart) =>
      clipsOfPart(side, fold, folds, corpus, sets).map(({ clip, utterance }) => ({
        clip,
        speakerId: utterance.speakerId,
        emotion: emotionOf(utterance, classes),
      }))
    const trained = clipsOf(training, 'train').filter(({ clip }) =>
      copies.includes(clip.effects || 'original'),
    )
    const tested = clipsOf(test, 'test').filter(({ clip }) => clip.effects === '')
    tested.sort((left, right) => (left.clip.utteranceId < right.clip.utteranceId ? -1 : 1))
    if (trained.length === 0) throw new InputError(noTraining(fold, copies))

    const rows = trained.map(({ clip }) => clip.tensor.data)
    progress(0.1)
    const targets = classes.map((name) =>
      Float64Array.from(trained, ({ emotion }) => (emotion === name ? 1 : 0)),
    )
    const weightOf = new Map(
      balance
        .filter((row) => row.fold === fold)
        .map(({ emotion, weight, draws, utterances }) => [
          emotion,
          utterances === 0 ? 0 : weight * (draws / utterances),
        ]),
    )
    const weights = Float64Array.from(trained, ({ emotion }) => weightOf.get(emotion) ?? 0)
    const model = await fitRidge(rows, targets, lambda * rows[0]!.length, weights)
    return tested.map(({ clip, speakerId, emotion }) =>
      predictionOf(ridgeScores(model, clip.tensor.data), classes, {
        utteranceId: clip.utteranceId,
        speakerId,
        fold,
        truth: emotion,
      }),
    )
  },
}

function emotionOf({ emotion, file }: ManifestRow, classes: readonly string[]): string {
  if (emotion !== null && classes.includes(emotion)) return emotion
  throw new InputError(
    `"${file}" has the emotion "${emotion}", expected one of ${classes.join(', ')}; ` +
      'mend its label or leave the file out of the corpus',
  )
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
