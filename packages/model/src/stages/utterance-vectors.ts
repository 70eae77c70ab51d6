import { z } from 'zod'
import { embeddingSet, one, utteranceVectorSet, type ClipTensors, type Stage } from '@serflow/core'
import { utteranceVector } from '../utterance-vector.js'

/**
 * Embeddings of a speaker's clips to their utterance vectors: [1, 2·dimension] a clip, in the clips' order. Made once
 * for all folds: a fold's baseline reads a third of the bytes, and nothing is averaged again.
 */
export const utteranceVectorsStage: Stage<
  { embeddings: ClipTensors },
  ClipTensors,
  Record<string, never>
> = {
  name: 'utterance-vectors',
  inputs: { embeddings: one(embeddingSet) },
  output: utteranceVectorSet,
  config: z.strictObject({}),
  run({ embeddings }, _config, { progress }) {
    const { clips, rowShape, rowTimes, settings } = embeddings
    const width = 2 * rowShape[0]!
    const vectors = clips.map((clip, index) => {
      progress(index / clips.length)
      return { ...clip, tensor: { data: utteranceVector(clip.tensor), shape: [1, width] } }
    })
    return { rowShape: [width], rowTimes, settings, clips: vectors }
  },
}
