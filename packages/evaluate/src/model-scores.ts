import type { PredictionRow } from '@serflow/core'
import { confusionOf, type Confusion } from './confusion.js'
import { pairedDifference, speakerInterval } from './interval.js'
import { seedsOf } from './leak-check.js'
import { accuracyOf, macroF1Of, recallsOf, unweightedAverageRecall } from './metrics.js'
import type { Scores } from './schema.js'

/** A model's numbers over all folds and seeds, rates 0..1. */
export interface ModelScores extends Pick<
  Scores,
  'uar' | 'accuracy' | 'macroF1' | 'recalls' | 'perSeed'
> {
  /** Summed over seeds. */
  readonly confusion: Confusion
  readonly perSpeaker: readonly { speakerId: string; utterances: number; uar: number }[]
}

/**
 * Scores one model's predictions, each utterance once a seed.
 *
 * UAR is pooled: the recall of each class over the utterances of all folds, averaged over the classes that occur.
 * With several seeds each rate is the mean over seeds, and the confusion their sum. As every seed judges the same
 * utterances, the mean UAR over seeds is the UAR of the summed confusion; so it is for a speaker, a fold, a gender.
 *
 * The interval is Student's t over the speakers' own UARs, cut to 0..1, and widened to hold the pooled UAR where
 * speakers differ so much in what they said that it lies outside.
 */
export function scoreModel(
  rows: readonly PredictionRow[],
  classes: readonly string[],
  confidence: number,
): ModelScores {
  const confusion = confusionOf(classes, rows)
  const perSeed = seedsOf(rows).map((seed) => {
    const ofSeed = confusionOf(
      classes,
      rows.filter((row) => row.seed === seed),
    )
    return {
      seed,
      uar: unweightedAverageRecall(ofSeed),
      accuracy: accuracyOf(ofSeed),
      macroF1: macroF1Of(ofSeed),
    }
  })
  const perSpeaker = grouped(rows, (row) => row.speakerId).map(([speakerId, own]) => ({
    speakerId,
    ...pooled(own, classes),
  }))
  const value = unweightedAverageRecall(confusion)
  const { low, high } = speakerInterval(
    perSpeaker.map(({ uar }) => uar),
    confidence,
  )
  return {
    uar: {
      value,
      low: low === null ? null : Math.max(0, Math.min(low, value)),
      high: high === null ? null : Math.min(1, Math.max(high, value)),
    },
    accuracy: accuracyOf(confusion),
    macroF1: perSeed.reduce((total, { macroF1 }) => total + macroF1, 0) / perSeed.length,
    recalls: byClass(classes, recallsOf(confusion)),
    confusion,
    perSeed,
    perSpeaker,
  }
}

/** A baseline's numbers and how far the network is ahead of it, paired over speakers. */
export function compareWithBaseline(
  name: string,
  network: ModelScores,
  baseline: ModelScores,
  confidence: number,
): Scores['baselines'][number] {
  const uars = ({ perSpeaker }: ModelScores) => perSpeaker.map(({ uar }) => uar)
  const { mean, low, high } = pairedDifference(uars(network), uars(baseline), confidence)
  return {
    name,
    uar: baseline.uar,
    accuracy: baseline.accuracy,
    macroF1: baseline.macroF1,
    recalls: baseline.recalls,
    perSpeaker: baseline.perSpeaker.map(({ speakerId, uar }) => ({ speakerId, uar })),
    difference: { value: mean, low, high },
  }
}

/** Number of utterances of these rows and their pooled UAR, mean over seeds. */
export function pooled(
  rows: readonly PredictionRow[],
  classes: readonly string[],
): { utterances: number; uar: number } {
  return {
    utterances: new Set(rows.map((row) => row.utteranceId)).size,
    uar: unweightedAverageRecall(confusionOf(classes, rows)),
  }
}

/** Rows by key, keys ascending (numbers by size, text by code unit), so that the order of the rows does not matter. */
export function grouped<Key extends string | number>(
  rows: readonly PredictionRow[],
  keyOf: (row: PredictionRow) => Key,
): [Key, PredictionRow[]][] {
  const groups = new Map<Key, PredictionRow[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
}

/** A value a class, named. */
export function byClass<T>(classes: readonly string[], values: readonly T[]): Record<string, T> {
  return Object.fromEntries(classes.map((name, index) => [name, values[index]!]))
}
