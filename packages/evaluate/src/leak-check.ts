import {
  allFoldParts,
  soundOf,
  type FoldPart,
  type FoldRow,
  type ManifestRow,
  type PredictionRow,
} from '@serflow/core'
import { listed } from './wording.js'

/** An utterance of the corpus, with all that scoring needs of it. */
export interface UsedUtterance {
  readonly utteranceId: string
  readonly speakerId: string
  readonly emotion: string
  readonly gender: 'female' | 'male' | 'unknown'
  readonly corpus: string | null
  readonly session: string | null
  readonly sentence: string | null
  /** Equal for one recording under several names. */
  readonly sound: string
}

/**
 * The used rows of a manifest.
 *
 * @throws Error naming the files whose id, speaker or emotion is missing, or whose id is not their own
 */
export function usedUtterances(corpus: readonly ManifestRow[]): UsedUtterance[] {
  const seen = new Set<string>()
  return corpus
    .filter((row) => row.status === 'used')
    .map((row) => {
      const { file, utteranceId, speakerId, emotion, gender } = row
      if (utteranceId === null || speakerId === null || emotion === null) {
        throw new Error(`manifest: used file "${file}" lacks its id, speaker or emotion`)
      }
      if (seen.has(utteranceId)) {
        throw new Error(
          `manifest: two used files have the id "${utteranceId}", the second is "${file}"`,
        )
      }
      seen.add(utteranceId)
      const { corpus, session, sentence } = row
      return {
        utteranceId,
        speakerId,
        emotion,
        gender: gender ?? 'unknown',
        corpus,
        session,
        sentence,
        sound: soundOf(row) ?? utteranceId,
      }
    })
}

/** The parts of an utterance in each fold, by fold. */
export type PartsByFold = ReadonlyMap<
  number,
  (utterance: Pick<UsedUtterance, 'utteranceId' | 'speakerId'>) => FoldPart | undefined
>

/** @throws Error for a speaker or an utterance in two parts of a fold */
export function partsByFold(folds: readonly FoldRow[]): PartsByFold {
  return allFoldParts(folds)
}

/** The utterances that a fold tests; the others are trained on alone, as a corpus that is not tested. */
export function testedUtterances(
  utterances: readonly UsedUtterance[],
  parts: PartsByFold,
): UsedUtterance[] {
  const all = [...parts.values()]
  return utterances.filter((utterance) => all.some((partOf) => partOf(utterance) === 'test'))
}

/**
 * Holds predictions against corpus and folds, so that no number is made from leaked or incomplete ones:
 * no speaker is in two parts of a fold; each utterance that the folds test is predicted exactly once a seed, by the
 * fold that tests it; nothing but these is predicted, no copy either; speaker and truth are the corpus's; the
 * prediction is a class, and the one with the highest probability.
 *
 * @param model whose predictions they are, for messages
 * @throws Error naming the first rule broken and the ids that break it
 */
export function checkPredictions(
  model: string,
  utterances: readonly UsedUtterance[],
  folds: readonly FoldRow[],
  predictions: readonly PredictionRow[],
  classes: readonly string[],
): void {
  const parts = partsByFold(folds)
  const known = new Map(utterances.map((utterance) => [utterance.utteranceId, utterance]))
  const refuse = (broken: (row: PredictionRow) => boolean, rule: string) => {
    const ids = predictions.filter(broken).map((row) => row.utteranceId)
    if (ids.length > 0) throw new Error(`${model}: ${rule}: ${listed(ids)}`)
  }
  refuse(
    (row) => !known.has(row.utteranceId) && known.has(row.utteranceId.split('#')[0]!),
    'augmented copies are scored, but only originals may be',
  )
  refuse(
    (row) => !known.has(row.utteranceId),
    'utterances are predicted that the corpus does not use',
  )
  refuse(
    (row) => row.speakerId !== known.get(row.utteranceId)?.speakerId,
    'speakers are not those of the corpus',
  )
  refuse(
    (row) => row.truth !== known.get(row.utteranceId)?.emotion,
    "truths are not the corpus's labels",
  )
  refuse(
    (row) => parts.get(row.fold)?.(row) !== 'test',
    'utterances are predicted by a fold that does not test their speaker',
  )
  refuse((row) => !classes.includes(row.truth), `truths are none of ${classes.join(', ')}`)
  refuse(
    (row) => !classes.includes(row.prediction),
    `predictions are none of ${classes.join(', ')}`,
  )
  refuse(
    (row) => classes.some((name) => !(row[`p_${row.prediction}`]! >= row[`p_${name}`]!)),
    'predictions are not the class with the highest probability',
  )
  checkComplete(model, testedUtterances(utterances, parts), predictions)
}

function checkComplete(
  model: string,
  utterances: readonly UsedUtterance[],
  predictions: readonly PredictionRow[],
): void {
  if (predictions.length === 0) throw new Error(`${model}: there are no predictions`)
  for (const seed of seedsOf(predictions)) {
    const times = new Map<string, number>()
    for (const row of predictions) {
      if (row.seed === seed) times.set(row.utteranceId, (times.get(row.utteranceId) ?? 0) + 1)
    }
    const where = seed === null ? model : `${model}, seed ${seed}`
    const missing = utterances.filter(({ utteranceId }) => !times.has(utteranceId))
    if (missing.length > 0) {
      const ids = listed(missing.map(({ utteranceId }) => utteranceId))
      throw new Error(`${where}: ${missing.length} used utterances are not predicted: ${ids}`)
    }
    const repeated = [...times].filter(([, count]) => count > 1).map(([id]) => id)
    if (repeated.length > 0) {
      throw new Error(`${where}: utterances are predicted more than once: ${listed(repeated)}`)
    }
  }
}

/** The seeds that occur, ascending; a model without one first. */
export function seedsOf(predictions: readonly PredictionRow[]): (number | null)[] {
  const seeds = new Set(predictions.map((row) => row.seed))
  return [...seeds].sort((left, right) => (left ?? -Infinity) - (right ?? -Infinity))
}
