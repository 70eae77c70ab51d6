import type * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@serflow/core'
import { compile } from '@serflow/tfjs-onnx'
import { batchBuffers, fillBatch, unmixed, type Draw } from './batches.js'
import type { Standardiser } from './standardise.js'
import { headLogits, headWeightNames, type HeadTensors } from './head.js'

/** Rows of a batch; fixed, so that a clip's result does not depend on how many others there are. */
const rows = 32

/**
 * Class probabilities of clips.
 *
 * @param clips [segments·dimension] values each
 * @returns a distribution over the classes for each clip, in the order of the clips
 */
export async function predictClips(
  weights: Readonly<Record<string, Tensor>>,
  standardiser: Standardiser,
  clips: readonly Float32Array[],
): Promise<readonly (readonly number[])[]> {
  const dimension = standardiser.mean.length
  const results = new Array<readonly number[]>(clips.length)
  const byLength = new Map<number, number[]>()
  clips.forEach((values, index) => {
    const segments = values.length / dimension
    byLength.set(segments, [...(byLength.get(segments) ?? []), index])
  })
  const weightFeeds = Object.fromEntries(headWeightNames.map((name) => [name, weights[name]!.data]))
  for (const [segments, indices] of byLength) {
    const head = await compile(
      (inputs) => ({
        logits: headLogits(
          inputs as HeadTensors,
          inputs.embeddings as tf.Tensor3D,
          inputs.mask as tf.Tensor2D,
        ),
      }),
      {
        ...Object.fromEntries(
          headWeightNames.map((name) => [name, { shape: weights[name]!.shape }]),
        ),
        embeddings: { shape: [rows, segments, dimension] },
        mask: { shape: [rows, segments] },
      },
    )
    try {
      for (let start = 0; start < indices.length; start += rows) {
        const batch = indices.slice(start, start + rows)
        const draws = batch.map((index): Draw => ({ label: 0, values: clips[index]!, segments }))
        const buffers = batchBuffers(rows, segments, dimension)
        fillBatch(draws, unmixed(draws.length), standardiser, buffers)
        const feeds = { ...weightFeeds, embeddings: buffers.values, mask: buffers.mask }
        const { logits } = await head.run(feeds)
        const classes = logits!.shape[1]!
        batch.forEach((index, row) => {
          results[index] = softmax(
            [...logits!.data].map(Number).slice(row * classes, (row + 1) * classes),
          )
        })
      }
    } finally {
      await head.dispose()
    }
  }
  return results
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
