import type * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@serflow/core'
import { compile } from '@serflow/tfjs-onnx'
import { batchBuffers, fillBatch, unmixed, type Draw } from './batches.js'
import type { Standardiser } from './standardise.js'
import { headLogits, headWeightNames, type HeadTensors } from './head.js'

/** Rows of a batch; fixed, so that a clip's result does not depend on how many others there are. */
const rows = 32

/** Predicts clips by a head of fixed shape; its graphs are made once, one for each length of clips. */
export interface Predictor {
  /**
   * @param clips [segments·dimension] values each
   * @returns a distribution over the classes for each clip, in the order of the clips
   */
  predict(
    weights: Readonly<Record<string, Tensor>>,
    clips: readonly Float32Array[],
  ): Promise<readonly (readonly number[])[]>
  /** Frees the sessions. */
  dispose(): Promise<void>
}

export function openPredictor(standardiser: Standardiser): Predictor {
  const dimension = standardiser.mean.length
  const heads = new Map<number, Awaited<ReturnType<typeof compileHead>>>()
  return {
    async predict(weights, clips) {
      const results = new Array<readonly number[]>(clips.length)
      const byLength = new Map<number, number[]>()
      clips.forEach((values, index) => {
        const segments = values.length / dimension
        byLength.set(segments, [...(byLength.get(segments) ?? []), index])
      })
      const weightFeeds = Object.fromEntries(
        headWeightNames.map((name) => [name, weights[name]!.data]),
      )
      for (const [segments, indices] of byLength) {
        const head = heads.get(segments) ?? (await compileHead(weights, segments, dimension))
        heads.set(segments, head)
        for (let start = 0; start < indices.length; start += rows) {
          const batch = indices.slice(start, start + rows)
          const draws = batch.map((index): Draw => ({ label: 0, values: clips[index]!, segments }))
          const buffers = batchBuffers(rows, segments, dimension)
          fillBatch(draws, unmixed(draws.length), standardiser, buffers)
          const feeds = { ...weightFeeds, embeddings: buffers.values, mask: buffers.mask }
          const { logits } = await head(feeds)
          const classes = logits!.shape[1]!
          const values = Array.from(logits!.data, Number)
          batch.forEach((index, row) => {
            results[index] = softmax(values.slice(row * classes, (row + 1) * classes))
          })
        }
      }
      return results
    },
    async dispose() {
      for (const head of heads.values()) await head.dispose()
      heads.clear()
    },
  }
}

function compileHead(
  weights: Readonly<Record<string, Tensor>>,
  segments: number,
  dimension: number,
) {
  return compile(
    (inputs) => ({
      logits: headLogits(
        inputs as HeadTensors,
        inputs.embeddings as tf.Tensor3D,
        inputs.mask as tf.Tensor2D,
      ),
    }),
    {
      ...Object.fromEntries(headWeightNames.map((name) => [name, { shape: weights[name]!.shape }])),
      embeddings: { shape: [rows, segments, dimension] },
      mask: { shape: [rows, segments] },
    },
  )
}

/** Class probabilities of clips, as `Predictor.predict`, by one set of weights. */
export async function predictClips(
  weights: Readonly<Record<string, Tensor>>,
  standardiser: Standardiser,
  clips: readonly Float32Array[],
): Promise<readonly (readonly number[])[]> {
  const predictor = openPredictor(standardiser)
  try {
    return await predictor.predict(weights, clips)
  } finally {
    await predictor.dispose()
  }
}

/** exp(z) / Σ exp(z), shifted by the largest so that nothing overflows. */
export function softmax(logits: readonly number[]): readonly number[] {
  const largest = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - largest))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / total)
}

/** Index of the largest probability; the first of equals. */
export function decide(probabilities: readonly number[]): number {
  return probabilities.indexOf(Math.max(...probabilities))
}
