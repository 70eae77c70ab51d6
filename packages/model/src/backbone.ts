import { canonicalJson } from '@serflow/core'
import { graphBuilder, readModelMetadata, type GraphBuilder } from '@serflow/tfjs-onnx'
import { backboneConfig, type BackboneConfig } from './backbone-config.js'
import { adaptivePooling } from './pooling.js'
import {
  addResnet50,
  imagenetMeansBgr,
  resnet50Maps,
  resnet50Notice,
  resnet50Stages,
  type Resnet50Weights,
} from './resnet50.js'

/** Values of an embedding: rows times the channels of the layers taken. */
export function embeddingDimension(config: BackboneConfig): number {
  return config.layers.reduce((sum, layer) => sum + resnet50Maps[layer].channels * config.rows, 0)
}

/**
 * The backbone as an ONNX model of its own: `segments` [n, 3, bands, frames] to `embeddings` [n, dimension].
 * Metadata: `backbone` (the config as JSON), `weights`, `weightsSha256`, `weightsLicence`.
 *
 * @see addBackbone for what it computes
 */
export function buildBackbone(weights: Resnet50Weights, config: BackboneConfig): Uint8Array {
  const graph = graphBuilder('backbone')
  const segments = graph.input('segments', 'float32', ['n', 3, config.bands, 'frames'])
  const embeddings = addBackbone(graph, segments, weights, config)
  graph.node('Identity', [embeddings], {}, ['embeddings'])
  graph.output('embeddings', 'float32', ['n', embeddingDimension(config)])
  graph.metadata('backbone', canonicalJson(config))
  graph.metadata('weights', resnet50Notice.name)
  graph.metadata('weightsSha256', weights.sha256)
  graph.metadata('weightsLicence', resnet50Notice.licence)
  return graph.toBytes()
}

/**
 * Adds the backbone to a graph: log-mel segments to one vector each.
 *
 *   pixel = clip(128 + 45·(x − offset)/scale, 0, 255), channels reversed, minus ImageNet's means
 *   map   = a stage of ResNet50 on pixels with height = bands, width = frames
 *   value = ln(1 + mean of the map over time and over one of `rows` even parts of its height)
 *
 * Reversed, because the CNN wants blue, green, red: the static channel is red, the slope green, its slope blue.
 * The values are in the order of `layers`; within a layer, value `channel·rows + row`, row 0 the lowest
 * frequencies.
 *
 * @param input [n, 3, bands, frames]: ln mel power, delta, delta-delta as the front end makes them
 * @returns name of the embeddings, [n, dimension]
 */
export function addBackbone(
  graph: GraphBuilder,
  input: string,
  weights: Resnet50Weights,
  config: BackboneConfig,
): string {
  const deepest = resnet50Stages.findLast((stage) => config.layers.includes(stage))
  if (deepest === undefined) throw new RangeError('backbone: no layers to take')
  const stages = addResnet50(graph, addPixels(graph, input, config), weights, deepest)
  const parts = config.layers.map((layer) => {
    const height = mapHeight(config.bands, resnet50Maps[layer].stride)
    const matrix = adaptivePooling(height, config.rows)
    // [n, channels, height, frames] -> [n, channels, height] -> [n, channels, rows] -> [n, channels·rows]
    const overTime = graph.node('ReduceMean', [stages[layer]!], { axes: [3], keepdims: 0 })[0]!
    const pooled = graph.node('MatMul', [overTime, graph.constant(matrix.shape, matrix.data)])[0]!
    return graph.node('Flatten', [pooled], { axis: 1 })[0]!
  })
  const joined = parts.length === 1 ? parts[0]! : graph.node('Concat', parts, { axis: 1 })[0]!
  const plusOne = graph.node('Add', [joined, graph.constant([1], Float32Array.of(1))])[0]!
  return graph.node('Log', [plusOne])[0]!
}

/**
 * What a backbone's ONNX bytes say of themselves.
 *
 * @throws Error if they were not made by `buildBackbone`
 */
export function backboneSettings(model: Uint8Array): {
  readonly backbone: BackboneConfig
  readonly weightsSha256: string
} {
  const metadata = readModelMetadata(model)
  const { backbone, weightsSha256 } = metadata
  if (backbone === undefined || weightsSha256 === undefined) {
    throw new Error('backbone: the ONNX model lacks the metadata "backbone" or "weightsSha256"')
  }
  return { backbone: backboneConfig.parse(JSON.parse(backbone)), weightsSha256 }
}

function addPixels(graph: GraphBuilder, input: string, config: BackboneConfig): string {
  const channels = (values: readonly number[]) =>
    graph.constant([values.length, 1, 1], Float32Array.from(values))
  const gains = config.scales.map((scale) => 45 / scale)
  const greys = config.offsets.map((offset, channel) => 128 - gains[channel]! * offset)
  const scaled = graph.node('Mul', [input, channels(gains)])[0]!
  const grey = graph.node('Add', [scaled, channels(greys)])[0]!
  const clipped = graph.node('Clip', [
    grey,
    graph.constant([], Float32Array.of(0)),
    graph.constant([], Float32Array.of(255)),
  ])[0]!
  const reversed = graph.node('Gather', [clipped, graph.constant([3], Int32Array.of(2, 1, 0))], {
    axis: 1,
  })[0]!
  return graph.node('Sub', [reversed, channels(imagenetMeansBgr)])[0]!
}

/** Each halving on the way rounds up, which is the same as rounding up once. */
function mapHeight(bands: number, stride: number): number {
  return Math.ceil(bands / stride)
}
