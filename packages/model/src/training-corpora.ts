import type { ManifestRow, TrainingRecord } from '@serflow/core'

/** What of one corpus a model was trained on. */
export interface TrainingCorpus {
  /** Name of the corpus; null where the manifest names none. */
  readonly corpus: string | null
  /** null where it is not known who speaks. */
  readonly speakers: number | null
  /** Original recordings; their copies are not counted. */
  readonly utterances: number
}

/** How much a model heard: in all, and of each corpus in the order of the manifest. */
export interface TrainingCorpora {
  /** Somebody who speaks in two corpora counts once here, and in each of them. */
  readonly speakers: number | null
  readonly utterances: number
  readonly corpora: readonly TrainingCorpus[]
}

/**
 * Counts what a training record names.
 *
 * @param manifest has each utterance that was trained on
 * @param speakersKnown whether its speakers are people, or stand for recordings whose speaker nobody knows
 * @throws Error for a trained utterance that is not in the manifest
 */
export function trainingCorpora(
  { trainedOn }: Pick<TrainingRecord, 'trainedOn'>,
  manifest: readonly ManifestRow[],
  speakersKnown: boolean,
): TrainingCorpora {
  const used = manifest.filter(({ status }) => status === 'used')
  const trained = new Set(trainedOn)
  const rows = used.filter(({ utteranceId }) => trained.delete(utteranceId ?? ''))
  const [stranger] = trained
  if (stranger !== undefined)
    throw new Error(`utterance ${stranger} was trained on, but is not in the manifest`)
  const count = (some: readonly ManifestRow[]) => ({
    speakers: speakersKnown ? new Set(some.map(({ speakerId }) => speakerId)).size : null,
    utterances: some.length,
  })
  const names = [...new Set(rows.map(({ corpus }) => corpus))]
  const corpora = names.map((corpus) => ({
    corpus,
    ...count(rows.filter((row) => row.corpus === corpus)),
  }))
  return { ...count(rows), corpora }
}
