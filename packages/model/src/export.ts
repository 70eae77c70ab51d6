import { canonicalJson, type Tensor } from '@serflow/core'
import { graphBuilder, type GraphBuilder } from '@serflow/tfjs-onnx'
import type { BackboneConfig } from './backbone-config.js'
import { addBackbone, embeddingDimension } from './backbone.js'
import type { Resnet50Weights } from './resnet50.js'

/** What the exported model says of itself, as JSON strings in its metadata. */
export interface ModelCard {
  /** In the order of the probabilities. */
  readonly classes: readonly string[]
  /** Settings of the log-mel front end that its segments must come from. */
  readonly logMel: unknown
  /** Settings of the cut into segments. */
  readonly segments: unknown
  /** Anything a user of the file should know: corpus, licence, seed, versions. */
  readonly about: Readonly<Record<string, unknown>>
}

/**
 * The whole inference as one ONNX file.
 *
 *   segments       float32 [n, segments, 3, bands, frames]: ln mel power, delta, delta-delta
 *   counts         int64 [n]: how many segments of each clip are real, at least 1; the rest is padding
 *   probabilities  float32 [n, classes]
 *
 * It is the head of head.ts in ONNX's own operators, whose LSTM takes any length and stops at `counts`.
 *
 * @param tensors the head's weights with `mean` and `deviation`
 */
export function exportModel(
  tensors: Readonly<Record<string, Tensor>>,
  resnet: Resnet50Weights,
  backbone: BackboneConfig,
  frames: number,
  card: ModelCard,
): Uint8Array {
  const graph = graphBuilder('serflow')
  const segments = graph.input('segments', 'float32', ['n', 'segments', 3, backbone.bands, frames])
  const counts = graph.input('counts', 'int64', ['n'])
  const flat = reshape(graph, segments, [-1, 3, backbone.bands, frames])
  const embeddings = addBackbone(graph, flat, resnet, backbone)
  const batchAndLength = firstTwoExtents(graph, segments)
  const hidden = addBlstm(
    graph,
    tensors,
    project(graph, tensors, embeddings),
    batchAndLength,
    counts,
  )
  const context = addAttention(graph, tensors, hidden, batchAndLength, counts)
  const dense = op(graph, 'Relu', affine(graph, tensors, 'dense', context))
  const logits = affine(graph, tensors, 'output', dense)
  graph.node('Softmax', [logits], { axis: 1 }, ['probabilities'])
  graph.output('probabilities', 'float32', ['n', card.classes.length])

  graph.metadata('format', 'serflow model 1')
  graph.metadata('classes', canonicalJson(card.classes))
  graph.metadata('logMel', canonicalJson(card.logMel))
  graph.metadata('segments', canonicalJson(card.segments))
  graph.metadata('backbone', canonicalJson(backbone))
  graph.metadata('backboneWeightsSha256', resnet.sha256)
  graph.metadata('dimension', String(embeddingDimension(backbone)))
  for (const [key, item] of Object.entries(card.about)) {
    graph.metadata(key, typeof item === 'string' ? item : canonicalJson(item))
  }
  return graph.toBytes()
}

type Tensors = Readonly<Record<string, Tensor>>

/** Standardise, then dense + ReLU: [n·segments, dimension] to [n·segments, projection]. */
function project(graph: GraphBuilder, tensors: Tensors, embeddings: string): string {
  const { mean, deviation } = { mean: tensors.mean!, deviation: tensors.deviation! }
  const inverse = deviation.data.map((value) => 1 / value)
  const centred = op(graph, 'Sub', embeddings, graph.constant(mean.shape, mean.data))
  const standardised = op(graph, 'Mul', centred, graph.constant(deviation.shape, inverse))
  return op(graph, 'Relu', affine(graph, tensors, 'projection', standardised, { transB: 1 }))
}

/** [n·segments, projection] to [n, segments, 2·hidden]. */
function addBlstm(
  graph: GraphBuilder,
  tensors: Tensors,
  projected: string,
  batchAndLength: string,
  counts: string,
): string {
  const recurrent = tensors.lstmRecurrent!
  const hidden = recurrent.shape[1]!
  const inputs = tensors.lstmKernel!.shape[0]!
  const shape = concat(graph, [batchAndLength, int64s(graph, [inputs])])
  const sequence = op(graph, 'Reshape', projected, shape)
  const timeFirst = graph.node('Transpose', [sequence], { perm: [1, 0, 2] })[0]!
  const lengths = graph.node('Cast', [counts], { to: 6 })[0]!
  const weights = onnxLstmWeights(tensors)
  const [states] = graph.node(
    'LSTM',
    [
      timeFirst,
      graph.constant([2, 4 * hidden, inputs], weights.kernel),
      graph.constant([2, 4 * hidden, hidden], weights.recurrent),
      graph.constant([2, 8 * hidden], weights.bias),
      lengths,
    ],
    { direction: 'bidirectional', hidden_size: hidden },
  )
  // [segments, 2, n, hidden] -> [n, segments, 2, hidden] -> [n, segments, 2·hidden]
  const batchFirst = graph.node('Transpose', [states!], { perm: [2, 0, 1, 3] })[0]!
  return reshape(graph, batchFirst, [0, 0, 2 * hidden])
}

/** Masked softmax of tanh(h)·s over the segments, weighted sum: [n, segments, units] to [n, units]. */
function addAttention(
  graph: GraphBuilder,
  tensors: Tensors,
  hidden: string,
  batchAndLength: string,
  counts: string,
): string {
  const kernel = tensors.scoreKernel!
  const units = kernel.shape[0]!
  const squashed = op(graph, 'Tanh', hidden)
  const column = op(graph, 'MatMul', squashed, graph.constant(kernel.shape, kernel.data))
  const scores = reshape(graph, column, [0, -1])
  const length = graph.node('Gather', [batchAndLength, scalar64(graph, 1)], { axis: 0 })[0]!
  const positions = op(graph, 'Range', scalar64(graph, 0), length, scalar64(graph, 1))
  const limits = reshape(graph, counts, [-1, 1])
  const isThere = op(graph, 'Less', positions, limits)
  const masked = op(graph, 'Where', isThere, scores, graph.constant([], Float32Array.of(-1e9)))
  const attention = graph.node('Softmax', [masked], { axis: 1 })[0]!
  const row = graph.node('Unsqueeze', [attention, int64s(graph, [1])])[0]!
  return reshape(graph, op(graph, 'MatMul', row, hidden), [-1, units])
}

/**
 * Our LSTM weights in ONNX's layout: a matrix a direction, gates in the order input, output, forget, candidate,
 * one row a gate unit, and a second, zero bias for the recurrent side.
 */
function onnxLstmWeights(tensors: Tensors) {
  const kernel = tensors.lstmKernel!
  const recurrent = tensors.lstmRecurrent!
  const bias = tensors.lstmBias!
  const inputs = kernel.shape[0]!
  const hidden = recurrent.shape[1]!
  // Ours: input, forget, output, candidate.
  const gates = [0, 2, 1, 3]
  const out = {
    kernel: new Float32Array(2 * 4 * hidden * inputs),
    recurrent: new Float32Array(2 * 4 * hidden * hidden),
    bias: new Float32Array(2 * 8 * hidden),
  }
  for (let direction = 0; direction < 2; direction++) {
    for (let gate = 0; gate < 4; gate++) {
      for (let unit = 0; unit < hidden; unit++) {
        const to = direction * 4 * hidden + gate * hidden + unit
        const column = gates[gate]! * hidden + unit
        for (let i = 0; i < inputs; i++) {
          out.kernel[to * inputs + i] =
            kernel.data[i * 8 * hidden + direction * 4 * hidden + column]!
        }
        for (let i = 0; i < hidden; i++) {
          out.recurrent[to * hidden + i] =
            recurrent.data[(direction * hidden + i) * 4 * hidden + column]!
        }
        out.bias[direction * 8 * hidden + gate * hidden + unit] =
          bias.data[direction * 4 * hidden + column]!
      }
    }
  }
  return out
}

function affine(
  graph: GraphBuilder,
  tensors: Tensors,
  layer: string,
  input: string,
  attributes: Readonly<Record<string, number>> = {},
): string {
  const kernel = tensors[`${layer}Kernel`]!
  const bias = tensors[`${layer}Bias`]!
  const constants = [kernel, bias].map(({ shape, data }) => graph.constant(shape, data))
  return graph.node('Gemm', [input, ...constants], attributes)[0]!
}

function op(graph: GraphBuilder, type: string, ...inputs: string[]): string {
  return graph.node(type, inputs)[0]!
}

function reshape(graph: GraphBuilder, input: string, shape: readonly number[]): string {
  return op(graph, 'Reshape', input, int64s(graph, shape))
}

function concat(graph: GraphBuilder, parts: readonly string[]): string {
  return graph.node('Concat', parts, { axis: 0 })[0]!
}

function firstTwoExtents(graph: GraphBuilder, input: string): string {
  const shape = op(graph, 'Shape', input)
  return op(graph, 'Slice', shape, int64s(graph, [0]), int64s(graph, [2]))
}

function int64s(graph: GraphBuilder, values: readonly number[]): string {
  return graph.constant([values.length], BigInt64Array.from(values.map(BigInt)))
}

function scalar64(graph: GraphBuilder, value: number): string {
  return graph.constant([], BigInt64Array.of(BigInt(value)))
}
