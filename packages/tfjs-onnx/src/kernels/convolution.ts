import {
  backend_util,
  type Conv2DAttrs,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropInputAttrs,
  type Conv3DAttrs,
  type Conv3DBackpropFilterV2Attrs,
  type Conv3DBackpropInputV2Attrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import type { TraceBackend } from '../backend.js'
import { arranged, channelsFirstName, channelsFirstOrder, channelsLastOrder } from './layout.js'
import { patchMatrix } from './patches.js'
import { gatherRows, reshapedName, restoredOrder, transposedName } from './rows.js'
import { castName, rule, type Rule } from './rule.js'
import {
  contributions,
  counts,
  onnxWindow,
  phasesOf,
  windowOf2d,
  windowOf3d,
  type Window,
} from './window.js'

/** Convolutions and what their gradients are made of; the filter is [...taps, inChannels, outChannels]. */
export const convolutionRules: readonly Rule[] = [
  rule<Conv2DAttrs>('Conv2D', (trace, { x, filter }, attributes) =>
    convolution2d(trace, x!, filter!, attributes),
  ),
  rule<Conv2DBackpropInputAttrs>(
    'Conv2DBackpropInput',
    (trace, { dy, filter }, { inputShape, strides, pad, dimRoundingMode, dataFormat }) => {
      const info = backend_util.computeConv2DInfo(
        inputShape,
        fourAxes(filter!.shape),
        strides,
        1,
        pad,
        dimRoundingMode,
        false,
        channelsOf(dataFormat),
      )
      return inputGradient(trace, dy!, filter!, windowOf2d(info), isFirst(dataFormat))
    },
  ),
  rule<Conv2DBackpropFilterAttrs>(
    'Conv2DBackpropFilter',
    (trace, { x, dy }, { filterShape, strides, pad, dimRoundingMode, dataFormat }) => {
      const info = backend_util.computeConv2DInfo(
        fourAxes(x!.shape),
        filterShape,
        strides,
        1,
        pad,
        dimRoundingMode,
        false,
        channelsOf(dataFormat),
      )
      return filterGradient(trace, x!, dy!, windowOf2d(info), isFirst(dataFormat))
    },
  ),
  rule<Conv3DAttrs>('Conv3D', (trace, { x, filter }, { strides, pad, dilations }) => {
    const info = backend_util.computeConv3DInfo(
      fiveAxes(x!.shape),
      fiveAxes(filter!.shape),
      strides,
      dilations,
      pad,
    )
    return convolution(trace, x!, filter!, windowOf3d(info), false)
  }),
  rule<Conv3DBackpropInputV2Attrs>(
    'Conv3DBackpropInputV2',
    (trace, { dy, filter }, { inputShape, strides, pad }) => {
      const info = backend_util.computeConv3DInfo(
        inputShape,
        fiveAxes(filter!.shape),
        strides,
        1,
        pad,
      )
      return inputGradient(trace, dy!, filter!, windowOf3d(info), false)
    },
  ),
  rule<Conv3DBackpropFilterV2Attrs>(
    'Conv3DBackpropFilterV2',
    (trace, { x, dy }, { filterShape, strides, pad }) => {
      const info = backend_util.computeConv3DInfo(fiveAxes(x!.shape), filterShape, strides, 1, pad)
      return filterGradient(trace, x!, dy!, windowOf3d(info), false)
    },
  ),
]

/** The kernel Conv2D, which the fused kernels start with too. */
export function convolution2d(
  trace: TraceBackend,
  x: TensorInfo,
  filter: TensorInfo,
  { strides, pad, dilations, dimRoundingMode, dataFormat }: Conv2DAttrs,
): TensorInfo {
  const info = backend_util.computeConv2DInfo(
    fourAxes(x.shape),
    fourAxes(filter.shape),
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    channelsOf(dataFormat),
  )
  return convolution(trace, x, filter, windowOf2d(info), isFirst(dataFormat))
}

/**
 * A convolution. With a filter that is known and more than a few places it is ONNX's own operator, which ONNX Runtime
 * prepares for the filter once; otherwise one matrix product: what the filter sees at each place is a row.
 *
 *   y[batch·place, outChannel] = patches[batch·place, tap·inChannel] · filter[tap·inChannel, outChannel]
 */
function convolution(
  trace: TraceBackend,
  x: TensorInfo,
  filter: TensorInfo,
  window: Window,
  channelsFirst: boolean,
): TensorInfo {
  const attributes = onnxWindow(window)
  if (attributes !== undefined && isDirect(trace, filter, window)) {
    const weights = transposedName(
      trace,
      castName(trace, filter, 'float32'),
      filterOrder(window.filter.length),
    )
    const image = channelsFirst ? castName(trace, x, 'float32') : channelsFirstName(trace, x)
    const y = trace.node('Conv', [image, weights], attributes)
    const shape = [window.batch, ...window.output, window.outChannels]
    if (!channelsFirst) return arranged(trace, 'channels-first', y, shape, 'float32')
    const [batch, ...rest] = shape
    return trace.symbol(y, [batch!, rest.at(-1)!, ...rest.slice(0, -1)], 'float32')
  }
  const patches = patchMatrix(trace, channelsLast(trace, x, channelsFirst), window)
  const product = trace.node('MatMul', [patches, filterMatrix(trace, filter, window)])
  return imageOf(trace, product, window.batch, window.output, window.outChannels, channelsFirst)
}

// At so few places ONNX Runtime's own operator, which goes image by image, is slower than one product for the batch.
const fewPlaces = 16

function isDirect(trace: TraceBackend, filter: TensorInfo, window: Window): boolean {
  return trace.isKnown(filter) && counts(window).places > fewPlaces
}

/** [...taps, in, out] to [out, in, ...taps] */
function filterOrder(axes: number): number[] {
  return [axes + 1, axes, ...Array.from({ length: axes }, (_, axis) => axis)]
}

/** The gradient of the filter, [tap·inChannel, outChannel]: patchesᵀ·dy. */
function filterGradient(
  trace: TraceBackend,
  x: TensorInfo,
  dy: TensorInfo,
  window: Window,
  channelsFirst: boolean,
): TensorInfo {
  const { inChannels, outChannels } = window
  const patches = patchMatrix(trace, channelsLast(trace, x, channelsFirst), window)
  const rows = window.batch * counts(window).places
  const slopes = reshapedName(trace, channelsLast(trace, dy, channelsFirst), [rows, outChannels])
  const product = trace.node('Gemm', [patches, slopes], { transA: 1 })
  const shape = [...window.filter, inChannels, outChannels]
  return arranged(trace, 'rows', product, shape, 'float32')
}

/** The gradient of the input, which is the transposed convolution too. */
function inputGradient(
  trace: TraceBackend,
  dy: TensorInfo,
  filter: TensorInfo,
  window: Window,
  channelsFirst: boolean,
): TensorInfo {
  const { batch, inChannels, outChannels } = window
  const { positions, places, taps } = counts(window)
  const slopes = reshapedName(trace, channelsLast(trace, dy, channelsFirst), [
    batch,
    places,
    outChannels,
  ])
  const stack = reshapedName(trace, castName(trace, filter, 'float32'), [
    taps,
    inChannels,
    outChannels,
  ])
  // With fewer rows than the filter has, it costs less to add up what rows give than to turn the filter.
  const spread = batch * places < outChannels ? addedByTaps : gatheredByTaps
  const rows = reshapedName(trace, spread(trace, slopes, stack, window), [
    batch * positions,
    inChannels,
  ])
  return imageOf(trace, rows, batch, window.input, inChannels, channelsFirst)
}

/**
 * Each input position gathers the slopes of the places that see it, one product a phase of the stride (see `phasesOf`):
 *
 *   dx[position, inChannel] = Σ dy[place, outChannel]·filter[tap, inChannel, outChannel],  over tap and outChannel
 *
 * @returns [batch, positions, inChannels]
 */
function gatheredByTaps(
  trace: TraceBackend,
  slopes: string,
  filter: string,
  window: Window,
): string {
  const { batch, inChannels, outChannels } = window
  const { places, taps } = counts(window)
  const source = { name: slopes, batch, rows: places, channels: outChannels }
  const turned = transposedName(trace, filter, [0, 2, 1])
  const phases = phasesOf(window).map((phase) => {
    const rows = phase.positions.length
    const count = phase.taps.length
    if (count === 0) return trace.name(trace.repeated(0, [batch, rows, inChannels], 'float32'))
    const seen = gatherRows(trace, source, phase.places)
    const patches = reshapedName(trace, seen, [batch * rows, count * outChannels])
    const used =
      count === taps
        ? turned
        : trace.node('Gather', [turned, trace.integers(phase.taps)], { axis: 0 })
    const matrix = reshapedName(trace, used, [count * outChannels, inChannels])
    const product = trace.node('MatMul', [patches, matrix])
    return reshapedName(trace, product, [batch, rows, inChannels])
  })
  return restoredOrder(trace, phases, window, inChannels)
}

/**
 * One product gives what each place passes on under each tap, and each input position adds up its own:
 *
 *   part[place, tap, inChannel] = Σ dy[place, outChannel]·filter[tap, inChannel, outChannel],  over outChannel
 *
 * @returns [batch, positions, inChannels]
 */
function addedByTaps(trace: TraceBackend, slopes: string, filter: string, window: Window): string {
  const { batch, inChannels, outChannels } = window
  const { positions, places, taps } = counts(window)
  const rows = reshapedName(trace, slopes, [batch * places, outChannels])
  const matrix = reshapedName(trace, filter, [taps * inChannels, outChannels])
  const product = trace.node('Gemm', [rows, matrix], { transB: 1 })
  const name = reshapedName(trace, product, [batch, places * taps, inChannels])
  const parts = { name, batch, rows: places * taps, channels: inChannels }
  const { sources, terms } = contributions(window)
  const gathered = reshapedName(trace, gatherRows(trace, parts, sources), [
    batch,
    positions,
    terms,
    inChannels,
  ])
  return trace.node('ReduceSum', [gathered, trace.integers([2])], { keepdims: 0 })
}

function filterMatrix(trace: TraceBackend, filter: TensorInfo, window: Window): string {
  const rows = counts(window).taps * window.inChannels
  return reshapedName(trace, castName(trace, filter, 'float32'), [rows, window.outChannels])
}

/** Images of the rows of a matrix, which they stay for what is computed value by value. */
function imageOf(
  trace: TraceBackend,
  rows: string,
  batch: number,
  size: readonly number[],
  channels: number,
  channelsFirst: boolean,
): TensorInfo {
  const shape = [batch, ...size, channels]
  if (!channelsFirst) return arranged(trace, 'rows', rows, shape, 'float32')
  const moved = transposedName(
    trace,
    reshapedName(trace, rows, shape),
    channelsFirstOrder(shape.length),
  )
  return trace.symbol(moved, [batch, channels, ...size], 'float32')
}

function channelsLast(trace: TraceBackend, x: TensorInfo, channelsFirst: boolean): string {
  const name = castName(trace, x, 'float32')
  return channelsFirst ? transposedName(trace, name, channelsLastOrder(x.shape.length)) : name
}

function isFirst(dataFormat: 'NHWC' | 'NCHW'): boolean {
  return dataFormat === 'NCHW'
}

function channelsOf(dataFormat: 'NHWC' | 'NCHW'): 'channelsLast' | 'channelsFirst' {
  return isFirst(dataFormat) ? 'channelsFirst' : 'channelsLast'
}

type FourAxes = [number, number, number, number]
type FiveAxes = [number, number, number, number, number]

/** A shape as the helpers of tfjs-core want it. */
export function fourAxes(shape: readonly number[]): FourAxes {
  const [a, b, c, d] = shape
  return [a!, b!, c!, d!]
}

/** A shape as the helpers of tfjs-core want it. */
export function fiveAxes(shape: readonly number[]): FiveAxes {
  return [...fourAxes(shape), shape[4]!]
}
