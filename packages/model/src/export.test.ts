import { random } from '@serflow/core'
import { readModelMetadata } from '@serflow/tfjs-onnx'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { beforeAll, expect, test } from 'vitest'
import { backboneConfig } from './backbone-config.js'
import { buildBackbone, embeddingDimension } from './backbone.js'
import { embedClips, openEmbedder, toOnnxSegments } from './embeddings.js'
import { exportModel } from './export.js'
import { headShape, initialHead } from './head.js'
import { predictClips } from './predict.js'
import { readResnet50 } from './resnet50.js'
import { trainConfig } from './train-config.js'

const frames = 40
const backbone = backboneConfig.parse({ layers: ['stage1'], rows: 3, bands: 24 })
const dimension = embeddingDimension(backbone)
const classes = ['surprised', 'angry', 'neutral']
const counts = [3, 1, 5]
const { normal } = random('export')

/** [segments, frames, bands, channels] of each clip, like log-mels in range. */
const clips = counts.map((count) => {
  const shape = [count, frames, backbone.bands, 3]
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
  for (let i = 0; i < data.length; i++) data[i] = i % 3 === 0 ? -8 + 4 * normal() : 0.4 * normal()
  return { data, shape }
})

const sizes = headShape(
  trainConfig.parse({ projection: 10, hidden: 6, dense: 7 }),
  dimension,
  classes.length,
)
const vector = (from: number) => ({
  data: Float32Array.from({ length: dimension }, (_, i) => from + (i % 7) / 10),
  shape: [dimension],
})
const tensors = { ...initialHead(sizes, 3), mean: vector(0.2), deviation: vector(0.5) }
// Biases start at zero; here they must not be.
for (const name of ['projectionBias', 'lstmBias', 'denseBias', 'outputBias'] as const) {
  tensors[name].data.forEach((value, i, all) => (all[i] = value + 0.3 * Math.sin(i)))
}

let model: Uint8Array
let expected: readonly (readonly number[])[]

beforeAll(async () => {
  const weights = readResnet50()
  model = exportModel(tensors, weights, backbone, frames, {
    classes,
    logMel: { bands: backbone.bands },
    segments: { segmentFrames: frames },
    about: { corpus: 'made up', seed: 3 },
  })
  const embedder = await openEmbedder(buildBackbone(weights, backbone), 4)
  const named = clips.map((tensor, i) => ({
    clipId: `${i}`,
    utteranceId: `${i}`,
    effects: '',
    startSample: 0,
    tensor,
  }))
  const embedded = await embedClips(embedder, named, (tensor) => tensor, { batch: 4 })
  await embedder.close()
  expected = await predictClips(
    tensors,
    { mean: tensors.mean.data, deviation: tensors.deviation.data },
    embedded.map((clip) => clip.tensor.data),
  )
})

async function run(rows: readonly number[], padTo: number, padding: number) {
  const size = 3 * backbone.bands * frames
  const segments = new Float32Array(rows.length * padTo * size).fill(padding)
  rows.forEach((clip, row) => segments.set(toOnnxSegments(clips[clip]!).data, row * padTo * size))
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 })
  const { probabilities } = await session.run({
    segments: new OrtTensor('float32', segments, [rows.length, padTo, 3, backbone.bands, frames]),
    counts: new OrtTensor(
      'int64',
      BigInt64Array.from(rows, (clip) => BigInt(counts[clip]!)),
      [rows.length],
    ),
  })
  await session.release()
  const values = [...(probabilities!.data as Float32Array)]
  return rows.map((_, row) => values.slice(row * classes.length, (row + 1) * classes.length))
}

function expectClose(found: readonly number[], wanted: readonly number[]) {
  found.forEach((value, i) => expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-5))
}

test('the exported model gives the probabilities of the batch path', async () => {
  for (const [clip, wanted] of expected.entries()) {
    const [found] = await run([clip], counts[clip]!, 0)
    expectClose(found!, wanted)
    expect(found!.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
  }
})

test('clips of several lengths in one batch: padding, whatever is in it, changes nothing', async () => {
  for (const padding of [0, 7]) {
    const found = await run([2, 0, 1], 6, padding)
    ;[2, 0, 1].forEach((clip, row) => expectClose(found[row]!, expected[clip]!))
  }
})

test('the file says what it is', () => {
  const card = readModelMetadata(model)
  expect(JSON.parse(card.classes!)).toEqual(classes)
  expect(JSON.parse(card.logMel!)).toEqual({ bands: 24 })
  expect(JSON.parse(card.segments!)).toEqual({ segmentFrames: frames })
  expect(card).toMatchObject({ corpus: 'made up', seed: '3', format: 'serflow model 1' })
  expect(card.backboneWeightsSha256).toMatch(/^[0-9a-f]{64}$/)
})
