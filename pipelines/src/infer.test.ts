import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError, random, type Audio, type Tensor } from '@serflow/core'
import { logMelConfig, segmentConfig } from '@serflow/features'
import {
  backboneConfig,
  embeddingDimension,
  exportModel,
  initialHead,
  readResnet50,
} from '@serflow/model'
import { expect, test } from 'vitest'
import { openRecogniser, windowsOf, type Sound } from './infer.js'

const sampleRateHz = 16000
const emotions = ['surprised', 'angry', 'neutral', 'calm']

/** A small model with random weights, its outputs in this order of the emotions. */
async function modelFile(classes: readonly string[]): Promise<string> {
  const backbone = backboneConfig.parse({ layers: ['stage1'], rows: 2 })
  const dimension = embeddingDimension(backbone)
  const sizes = { dimension, projection: 8, hidden: 4, dense: 4, classes: emotions.length }
  const head = initialHead(sizes, 0)
  const order = classes.map((name) => emotions.indexOf(name))
  const constant = (value: number): Tensor => ({
    data: new Float32Array(dimension).fill(value),
    shape: [dimension],
  })
  const tensors = {
    ...head,
    outputKernel: columns(head.outputKernel!, order),
    mean: constant(0.5),
    deviation: constant(2),
  }
  const card = {
    classes,
    logMel: logMelConfig.parse({}),
    segments: segmentConfig.parse({}),
    about: {},
  }
  const path = join(await mkdtemp(join(tmpdir(), 'model-')), 'model.onnx')
  await writeFile(path, exportModel(tensors, readResnet50(), backbone, 64, card))
  return path
}

function columns({ data, shape }: Tensor, order: readonly number[]): Tensor {
  const [rows, width] = [shape[0]!, shape[1]!]
  const picked = Float32Array.from(
    { length: rows * width },
    (_, at) => data[Math.floor(at / width) * width + order[at % width]!]!,
  )
  return { data: picked, shape }
}

/** Noise that swells and fades, and what was read of it. */
function noise(seconds: number): Sound & { readonly parts: [number, number][] } {
  const draw = random('noise', seconds)
  const samples = Float32Array.from(
    { length: seconds * sampleRateHz },
    (_, i) => 0.2 * draw.normal() * Math.sin(i / 9000),
  )
  const parts: [number, number][] = []
  return {
    sampleRateHz,
    parts,
    read(first, last) {
      const part: Audio = { samples: samples.slice(first, last), sampleRateHz }
      parts.push([first, first + part.samples.length])
      return Promise.resolve(part)
    },
  }
}

test.each([
  [1, [[0, 1]]],
  [240_000, [[0, 240_000]]],
  [
    240_001,
    [
      [0, 240_000],
      [240_000, 240_001],
    ],
  ],
  [
    640_000,
    [
      [0, 240_000],
      [240_000, 480_000],
      [480_000, 640_000],
    ],
  ],
])('%d samples at 16 kHz are cut every 15 s', async (samples, expected) => {
  const whole = new Float32Array(samples)
  const read = (first: number, last: number) =>
    Promise.resolve({ samples: whole.slice(first, last), sampleRateHz })
  const windows: number[][] = []
  for await (const { start, audio } of windowsOf({ sampleRateHz, read })) {
    windows.push([start, start + audio.samples.length])
  }
  expect(windows).toEqual(expected)
})

test('the names of the classes travel with the model, whatever their order', async () => {
  const turned = ['calm', 'surprised', 'neutral', 'angry']
  const one = await openRecogniser(await modelFile(emotions))
  const other = await openRecogniser(await modelFile(turned))
  const [left, right] = [await one.recognise(noise(2)), await other.recognise(noise(2))]
  expect(Object.keys(left.probabilities)).toEqual(emotions)
  expect(Object.keys(right.probabilities)).toEqual(turned)
  expect(new Set(Object.values(left.probabilities)).size).toBe(4)
  for (const name of emotions) {
    expect(Math.abs(left.probabilities[name]! - right.probabilities[name]!)).toBeLessThan(1e-6)
  }
  expect(left.emotion).toBe(right.emotion)
  await one.close()
  await other.close()
})

test('a long recording is read a window at a time, and answered by their mean over time', async () => {
  const recogniser = await openRecogniser(await modelFile(emotions))
  const sound = noise(20)
  const { probabilities, windows } = await recogniser.recognise(sound)
  expect(sound.parts).toEqual([
    [0, 240_000],
    [240_000, 320_000],
  ])
  for (const name of emotions) {
    const [first, second] = windows.map((window) => window.probabilities[name]!)
    expect(probabilities[name]).toBeCloseTo((15 * first! + 5 * second!) / 20, 12)
  }
  await recogniser.close()
})

test('a file that is missing or is no model of ours is an error that names it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'model-'))
  const missing = openRecogniser(join(folder, 'none.onnx'))
  await expect(missing).rejects.toThrow(InputError)
  await expect(missing).rejects.toThrow(/none\.onnx: there is no model; train one/)
  const path = join(folder, 'text.onnx')
  await writeFile(path, 'no model')
  await expect(openRecogniser(path)).rejects.toThrow(/text\.onnx: is no serflow model/)
  await expect(openRecogniser(folder)).rejects.toThrow(/cannot be read \(EISDIR\)/)
})
