import { readFileSync } from 'node:fs'
import { readModelMetadata } from '@serflow/tfjs-onnx'
import { expect, test } from 'vitest'
import { backboneConfig } from './backbone-config.js'
import { backboneSettings, buildBackbone, embeddingDimension } from './backbone.js'
import { openEmbedder } from './embeddings.js'
import { parkMiller } from './random-data.fixture.js'
import { readResnet50, resnet50Notice } from './resnet50.js'
import { backboneStage } from './stages/backbone.js'

interface GoldenCase {
  bands: number
  frames: number
  layers: ('stage1' | 'stage2' | 'stage3' | 'stage4' | 'stage5')[]
  rows: number
  offsets: [number, number, number]
  scales: [number, number, number]
  seed: number
  dimension: number
  first: number[]
  everyTwentyThird: number[]
}

const weights = readResnet50()

/** As random_segment in backbone.py: [1, frames, bands, channels]. */
function randomSegment({ bands, frames, seed }: GoldenCase) {
  const next = parkMiller(seed)
  const data = Float32Array.from({ length: frames * bands * 3 }, (_, at) => {
    const channel = at % 3
    return next() * [24, 4, 2][channel]! - [20, 2, 1][channel]!
  })
  return { data, shape: [1, frames, bands, 3] }
}

test('embeddings are those of the unfolded network in float64, value by value', async () => {
  const file = new URL('../../../tests/golden/model/backbone.json', import.meta.url)
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: GoldenCase[] }
  for (const made of cases) {
    const { bands, layers, rows, offsets, scales } = made
    const config = backboneConfig.parse({ bands, layers, rows, offsets, scales })
    expect(embeddingDimension(config)).toBe(made.dimension)
    const embedder = await openEmbedder(buildBackbone(weights, config))
    const { data, shape } = await embedder.embed(randomSegment(made))
    await embedder.close()
    expect(shape).toEqual([1, made.dimension])
    // float32 through up to forty layers; values reach about 3
    made.first.forEach((value, at) => expect(Math.abs(data[at]! - value)).toBeLessThan(1e-5))
    made.everyTwentyThird.forEach((value, at) =>
      expect(Math.abs(data[at * 23]! - value)).toBeLessThan(1e-5),
    )
  }
})

test('the defaults are 6144 values from the two middle stages', () => {
  const config = backboneConfig.parse({})
  expect(config).toEqual({
    kind: 'resnet50',
    layers: ['stage2', 'stage3'],
    rows: 8,
    bands: 64,
    offsets: [-8, 0, 0],
    scales: [5, 0.6, 0.25],
  })
  expect(embeddingDimension(config)).toBe(6144)
})

test('settings that cannot be meant are refused', () => {
  const refused = [
    { layers: [] },
    { layers: ['stage2', 'stage2'] },
    { layers: ['stage6'] },
    { rows: 0 },
    { scales: [5, 0, 1] },
    { offsets: [0, 0] },
    { rwos: 4 },
  ]
  for (const config of refused) expect(backboneConfig.safeParse(config).success).toBe(false)
})

test('the file says what is in it, and is the same every time', async () => {
  const config = backboneConfig.parse({ layers: ['stage1'], rows: 2 })
  const context = { part: {}, progress: () => {} }
  const bytes = await backboneStage.run({}, config, context)
  expect(readModelMetadata(bytes)).toMatchObject({
    weights: resnet50Notice.name,
    weightsSha256: resnet50Notice.sha256,
    weightsLicence: expect.stringContaining('MIT'),
  })
  expect(backboneSettings(bytes)).toEqual({
    backbone: config,
    weightsSha256: resnet50Notice.sha256,
  })
  expect(Buffer.compare(bytes, await backboneStage.run({}, config, context))).toBe(0)
})
