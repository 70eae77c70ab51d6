import fc from 'fast-check'
import { embeddingSet, InputError, type ClipTensor, type Tensor } from '@serflow/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { backboneConfig } from './backbone-config.js'
import { buildBackbone } from './backbone.js'
import { embedClips, openEmbedder, toOnnxSegments, type Embedder } from './embeddings.js'
import { parkMiller } from './random-data.fixture.js'
import { readResnet50, resnet50Notice } from './resnet50.js'
import { makeEmbeddingsStage } from './stages/embeddings.js'

const [bands, frames] = [24, 20]
const config = backboneConfig.parse({ bands, rows: 3 })
const backbone = buildBackbone(readResnet50(), config)
const dimension = 3 * (256 + 512)
let embedder: Embedder
beforeAll(async () => {
  embedder = await openEmbedder(backbone)
})
afterAll(() => embedder.close())

function randomTensor(shape: number[], seed: number): Tensor {
  const next = parkMiller(seed)
  const length = shape.reduce((size, extent) => size * extent, 1)
  return { data: Float32Array.from({ length }, () => 8 * next() - 12), shape }
}

/** The rows of a clip cut without overlap; a clip is a whole number of segments here. */
const cut = ({ data, shape }: Tensor): Tensor => ({
  data,
  shape: [shape[0]! / frames, frames, bands, 3],
})

const clipOf = (clipId: string, segments: number, seed: number): ClipTensor => ({
  clipId,
  utteranceId: clipId.split('#')[0]!,
  effects: clipId.includes('#') ? 'speed=0.9' : '',
  startSample: 480,
  tensor: randomTensor([segments * frames, bands, 3], seed),
})

test('axes are swapped, not just renamed', () => {
  const stored = {
    data: Float32Array.from({ length: 2 * 3 * 4 * 5 }, (_, i) => i),
    shape: [2, 3, 4, 5],
  }
  const { data, shape } = toOnnxSegments(stored)
  expect(shape).toEqual([2, 5, 4, 3])
  for (let segment = 0; segment < 2; segment++) {
    for (let frame = 0; frame < 3; frame++) {
      for (let band = 0; band < 4; band++) {
        for (let channel = 0; channel < 5; channel++) {
          const wanted = stored.data[((segment * 3 + frame) * 4 + band) * 5 + channel]
          expect(data[((segment * 5 + channel) * 4 + band) * 3 + frame]).toBe(wanted)
        }
      }
    }
  }
  expect(() => toOnnxSegments({ data: new Float32Array(4), shape: [2, 2] })).toThrow('segments')
})

test('an embedding does not depend on its neighbours by a bit', async () => {
  const segments = randomTensor([40, frames, bands, 3], 5)
  const width = frames * bands * 3
  const all = await embedder.embed(segments)
  expect(all.shape).toEqual([40, dimension])
  const range = fc
    .tuple(fc.nat(39), fc.nat(39))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const)
  await fc.assert(
    fc.asyncProperty(range, async ([start, end]) => {
      const part = await embedder.embed({
        data: segments.data.slice(start * width, end * width),
        shape: [end - start, frames, bands, 3],
      })
      expect(part.data).toEqual(all.data.subarray(start * dimension, end * dimension))
    }),
    { numRuns: 15 },
  )
})

test('clips come back in order, each as if it were alone, whatever the batch', async () => {
  const clips = [
    clipOf('a', 3, 1),
    clipOf('b', 1, 2),
    clipOf('b#speed=0.9', 5, 3),
    clipOf('c', 2, 4),
  ]
  const done: number[] = []
  // A batch of 1 makes several goes over these few clips.
  const progress = (count: number) => done.push(count)
  const together = await embedClips(embedder, clips, cut, { batch: 1, progress })
  expect(together.map(({ clipId }) => clipId)).toEqual(['a', 'b', 'b#speed=0.9', 'c'])
  expect(together.map(({ tensor }) => tensor.shape)).toEqual(
    [3, 1, 5, 2].map((n) => [n, dimension]),
  )
  expect(done).toEqual([3, 4])
  for (const [index, clip] of clips.entries()) {
    const [alone] = await embedClips(embedder, [clip], cut)
    expect(together[index]).toEqual(alone)
  }
  expect(await embedClips(embedder, [], cut)).toEqual([])
})

test('the stage hands on what made the embeddings, and refuses log-mels of another size', async () => {
  const settings = z.strictObject({ hop: z.int().default(7) })
  const hops: number[] = []
  const cutSegments = (channels: Tensor, { hop }: { hop: number }) => {
    hops.push(hop)
    return { segments: cut(channels) }
  }
  const stage = makeEmbeddingsStage(settings, cutSegments, (times, { hop }) => ({
    ...times,
    hopSamples: hop * times.hopSamples,
  }))
  const stageConfig = stage.config.parse({ segments: {} })
  expect(stageConfig).toEqual({ segments: { hop: 7 }, batch: 32, backend: 'onnx-cpu' })
  const fractions: number[] = []
  const context = { part: { speaker: '01' }, progress: (part: number) => fractions.push(part) }
  const clips = [clipOf('a', 2, 1), clipOf('b', 1, 2)]
  const rowTimes = { sampleRateHz: 16000, hopSamples: 160, windowSamples: 400 }
  const logMels = { rowShape: [bands, 3], rowTimes, settings: { bands }, clips }
  const set = await stage.run({ logMels, backbone }, stageConfig, context)
  expect(set.rowShape).toEqual([dimension])
  expect(set.rowTimes).toEqual({ ...rowTimes, hopSamples: 1120 })
  expect(set.clips.map(({ startSample }) => startSample)).toEqual([480, 480])
  expect(set.settings).toEqual({
    backbone: config,
    segments: { hop: 7 },
    weightsSha256: resnet50Notice.sha256,
    logMel: { bands },
  })
  expect(hops).toEqual([7, 7])
  expect(fractions).toEqual([1])
  expect(await embeddingSet.decode(await embeddingSet.encode(set))).toEqual(set)

  const other = { ...logMels, rowShape: [40, 3] }
  const attempt = async () => stage.run({ logMels: other, backbone }, stageConfig, context)
  await expect(attempt()).rejects.toThrow(InputError)
  await expect(attempt()).rejects.toThrow(
    '40 bands and 3 channels, the backbone is set to 24 and 3',
  )
})
