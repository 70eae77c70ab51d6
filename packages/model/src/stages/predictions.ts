import { z } from 'zod'
import {
  embeddingSet,
  headWeights,
  manifestTable,
  many,
  one,
  predictionsTable,
  value,
  type ClipTensors,
  type ManifestRow,
  type PredictionRow,
  type Stage,
  type Weights,
} from '@serflow/core'
import type { Standardiser } from '../standardise.js'
import { decide, predictClips } from '../predict.js'

interface PredictionsInputs {
  readonly corpus: readonly ManifestRow[]
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
    classes: value(),
    head: one(headWeights),
    embeddings: many(embeddingSet),
  },
  output: predictionsTable,
  config: z.strictObject({}),
  async run({ corpus, classes, head, embeddings }, _config, { part }) {
    const utterances = new Map(
      corpus.filter((row) => row.status === 'used').map((row) => [row.utteranceId!, row]),
    )
    const clips = embeddings
      .flatMap((set) => set.clips)
      // Only originals are ever scored.
      .filter((clip) => clip.effects === '' && utterances.has(clip.utteranceId))
      .sort((left, right) => (left.utteranceId < right.utteranceId ? -1 : 1))
    const probabilities = await predictClips(
      head.tensors,
      standardiserOf(head),
      clips.map((clip) => clip.tensor.data),
    )
    return clips.map((clip, index): PredictionRow => {
      const { speakerId, emotion } = utterances.get(clip.utteranceId)!
      const row = {
        utteranceId: clip.utteranceId,
        speakerId: speakerId!,
        fold: Number(part.fold),
        seed: Number(part.seed),
        truth: emotion!,
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
