import { expectShape, sizeOf, type ClipTensor, type Tensor } from '@serflow/core'
import { createSession, type GraphBackendName } from '@serflow/tfjs-onnx'
import type { InferenceSession } from 'onnxruntime-node'

/** A backbone ready to embed segments; `close` frees its memory. */
export interface Embedder {
  /** [segments, frames, bands, channels] of one clip, or of many, to [segments, dimension] */
  embed(segments: Tensor): Promise<Tensor>
  close(): Promise<void>
}

/**
 * Opens a backbone made by `buildBackbone`.
 *
 * Segments go through in batches; what comes out for one does not depend, not by a bit, on its neighbours or on
 * how many they are.
 *
 * @param batch segments at a time
 */
export async function openEmbedder(
  backbone: Uint8Array,
  batch = 32,
  backend: GraphBackendName = 'onnx-cpu',
): Promise<Embedder> {
  const session = await createSession(backbone, 1, backend)
  return {
    async embed(segments) {
      const [count, ...rest] = segments.shape as [number, ...number[]]
      const width = sizeOf(rest)
      const parts: Float32Array[] = []
      for (let start = 0; start < count; start += batch) {
        const end = Math.min(count, start + batch)
        parts.push(
          await run(session, {
            data: segments.data.subarray(start * width, end * width),
            shape: [end - start, ...rest],
          }),
        )
      }
      const data = joined(parts)
      return { data, shape: [count, count === 0 ? 0 : data.length / count] }
    },
    close: () => session.release(),
  }
}

/**
 * Embeds clips one after the other, with batches that run across clips, so that short clips fill them too.
 *
 * @param cut a clip's [frames, bands, channels] to its [segments, frames, bands, channels]
 * @param progress called with the number of clips done
 * @returns the clips in their order, each [segments, dimension]
 */
export async function embedClips(
  embedder: Embedder,
  clips: readonly ClipTensor[],
  cut: (channels: Tensor) => Tensor,
  { batch = 32, progress = (_clips: number) => {} } = {},
): Promise<ClipTensor[]> {
  const embedded: ClipTensor[] = []
  let waiting: { clip: ClipTensor; segments: Tensor }[] = []
  let count = 0
  const flush = async () => {
    if (waiting.length === 0) return
    const { data, shape } = await embedder.embed(stacked(waiting.map(({ segments }) => segments)))
    const dimension = shape[1]!
    let start = 0
    for (const { clip, segments } of waiting) {
      const rows = segments.shape[0]!
      const values = data.slice(start * dimension, (start + rows) * dimension)
      embedded.push({ ...clip, tensor: { data: values, shape: [rows, dimension] } })
      start += rows
    }
    progress(embedded.length)
    waiting = []
    count = 0
  }
  for (const clip of clips) {
    const segments = cut(clip.tensor)
    waiting.push({ clip, segments })
    count += segments.shape[0]!
    if (count >= 8 * batch) await flush()
  }
  await flush()
  return embedded
}

/**
 * The one place where axes are swapped: [segments, frames, bands, channels], as stored, to
 * [n, channels, bands, frames], as at every ONNX boundary.
 */
export function toOnnxSegments(segments: Tensor): Tensor {
  expectShape(segments, [-1, -1, -1, -1], 'segments')
  const [count, frames, bands, channels] = segments.shape as [number, number, number, number]
  const data = new Float32Array(segments.data.length)
  let to = 0
  for (let segment = 0; segment < count; segment++) {
    const start = segment * frames * bands * channels
    for (let channel = 0; channel < channels; channel++) {
      for (let band = 0; band < bands; band++) {
        const from = start + band * channels + channel
        for (let frame = 0; frame < frames; frame++) {
          data[to++] = segments.data[from + frame * bands * channels]!
        }
      }
    }
  }
  return { data, shape: [count, channels, bands, frames] }
}

async function run(session: InferenceSession, segments: Tensor): Promise<Float32Array> {
  const { data, shape } = toOnnxSegments(segments)
  // Loaded with the first session: what only reads settings comes by here too.
  const { Tensor: OrtTensor } = await import('onnxruntime-node')
  const { embeddings } = await session.run({ segments: new OrtTensor('float32', data, shape) })
  const values = embeddings?.data
  if (!(values instanceof Float32Array)) throw new Error('backbone: no float32 "embeddings"')
  return values
}

function stacked(tensors: readonly Tensor[]): Tensor {
  const rows = tensors.reduce((sum, { shape }) => sum + shape[0]!, 0)
  return {
    data: joined(tensors.map(({ data }) => data)),
    shape: [rows, ...tensors[0]!.shape.slice(1)],
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let start = 0
  for (const part of parts) {
    data.set(part, start)
    start += part.length
  }
  return data
}
