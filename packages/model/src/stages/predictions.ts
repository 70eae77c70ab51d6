import { z } from 'zod'
import {
  embeddingSet,
  foldsTable,
  headWeights,
  manifestTable,
  many,
  one,
  predictionsTable,
  value,
  type ClipTensors,
  type FoldRow,
  type ManifestRow,
  type PredictionRow,
  type Stage,
  type Weights,
} from '@serflow/core'
import { clipsOfPart } from '../fold-clips.js'
import type { Standardiser } from '../standardise.js'
import { decide, predictClips } from '../predict.js'

interface PredictionsInputs {
  readonly corpus: readonly ManifestRow[]
  readonly folds: readonly FoldRow[]
  readonly classes: readonly string[]
  readonly head: Weights
  /** Of the fold's test speakers. */
  readonly embeddings: readonly ClipTensors[]
}

/** One fold and seed: the probabilities of its test speakers' originals, in the order of their ids. */
export const predictionsStage: Stage<
  PredictionsInputs,
  readonly PredictionRow[],
  Record<string, never>
> = {
  name: 'predictions',
  inputs: {
    corpus: one(manifestTable),
    folds: one(foldsTable),
    classes: value(),
    head: one(headWeights),
    embeddings: many(embeddingSet),
  },
  output: predictionsTable,
  config: z.strictObject({}),
  async run({ corpus, folds, classes, head, embeddings }, _config, { part }) {
    const placed = clipsOfPart('test', Number(part.fold), folds, corpus, embeddings)
      // Only originals are ever scored.
      .filter(({ clip }) => clip.effects === '')
      .sort((left, right) => (left.clip.utteranceId < right.clip.utteranceId ? -1 : 1))
    const probabilities = await predictClips(
      head.tensors,
      standardiserOf(head),
      placed.map(({ clip }) => clip.tensor.data),
    )
    return placed.map(({ clip, utterance }, index): PredictionRow => {
      const row = {
        utteranceId: clip.utteranceId,
        speakerId: utterance.speakerId,
        fold: Number(part.fold),
        seed: Number(part.seed),
        truth: utterance.emotion!,
        prediction: classes[decide(probabilities[index]!)]!,
      }
      const columns = classes.map((name, c) => [`p_${name}`, probabilities[index]![c]!])
      return Object.assign(row, Object.fromEntries(columns)) as PredictionRow
    })
  },
}

/** Mean and deviation as they are stored beside the head's weights. */
export function standardiserOf(head: Weights): Standardiser {
  return { mean: head.tensors.mean!.data, deviation: head.tensors.deviation!.data }
}
