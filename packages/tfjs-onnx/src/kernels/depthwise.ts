import {
  backend_util,
  type DepthwiseConv2dNativeAttrs,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import type { TraceBackend } from '../backend.js'
import { fourAxes } from './convolution.js'
import { arranged, channelsFirstName } from './layout.js'
import { gatherRows, reshapedName, restoredOrder, transposedName } from './rows.js'
import { castName, rule, type Rule } from './rule.js'
import { counts, onnxWindow, phasesOf, seenPositions, windowOf2d, type Window } from './window.js'

/** Convolutions of each channel by itself; the filter is [...taps, channels, multiplier]. */
export const depthwiseRules: readonly Rule[] = [
  rule<DepthwiseConv2dNativeAttrs>('DepthwiseConv2dNative', (trace, { x, filter }, attributes) =>
    depthwise(trace, x!, filter!, attributes),
  ),
  rule<DepthwiseConv2dNativeBackpropInputAttrs>(
    'DepthwiseConv2dNativeBackpropInput',
    (trace, { dy, filter }, attributes) => {
      const window = windowOf(attributes.inputShape, filter!.shape, attributes)
      return inputGradient(trace, dy!, filter!, window)
    },
  ),
  rule<DepthwiseConv2dNativeBackpropFilterAttrs>(
    'DepthwiseConv2dNativeBackpropFilter',
    (trace, { x, dy }, attributes) => {
      const window = windowOf(x!.shape, attributes.filterShape, attributes)
      return filterGradient(trace, x!, dy!, window)
    },
  ),
]

/**
 * The kernel DepthwiseConv2dNative, which the fused kernel starts with too.
 *
 * A filter that is known makes it ONNX's own operator; otherwise
 *
 *   y[place, channel, m] = Σ_tap patches[place, tap, channel] · filter[tap, channel, m]
 */
export function depthwise(
  trace: TraceBackend,
  x: TensorInfo,
  filter: TensorInfo,
  attributes: DepthwiseConv2dNativeAttrs,
): TensorInfo {
  const window = windowOf(x.shape, filter.shape, attributes)
  const { taps } = counts(window)
  const { batch, inChannels, outChannels } = window
  const multiplier = outChannels / inChannels
  const onnx = onnxWindow(window)
  if (onnx !== undefined && trace.isKnown(filter)) {
    // [...taps, channels, multiplier] to [channels·multiplier, 1, ...taps]
    const flat = [...window.filter, 1, outChannels]
    const last = reshapedName(trace, castName(trace, filter, 'float32'), flat)
    const kernel = transposedName(trace, last, [3, 2, 0, 1])
    const names = [channelsFirstName(trace, x), kernel]
    const y = trace.node('Conv', names, { ...onnx, group: inChannels })
    const image = [batch, ...window.output, outChannels]
    return arranged(trace, 'channels-first', y, image, 'float32')
  }
  const patches = patchesOf(trace, x, window)
  const weights = reshapedName(trace, castName(trace, filter, 'float32'), [
    taps,
    inChannels,
    multiplier,
  ])
  const products = trace.node('Mul', [patches, weights])
  const sums = sumOver(trace, products, [2])
  const shape = [batch, ...window.output, outChannels]
  return trace.symbol(reshapedName(trace, sums, shape), shape, 'float32')
}

function inputGradient(
  trace: TraceBackend,
  dy: TensorInfo,
  filter: TensorInfo,
  window: Window,
): TensorInfo {
  const { batch, inChannels, outChannels } = window
  const { places, taps } = counts(window)
  const multiplier = outChannels / inChannels
  const slopes = {
    name: reshapedName(trace, castName(trace, dy, 'float32'), [batch, places, outChannels]),
    batch,
    rows: places,
    channels: outChannels,
  }
  const weights = reshapedName(trace, castName(trace, filter, 'float32'), [taps, outChannels])
  const phases = phasesOf(window).map((phase) => {
    const rows = phase.positions.length
    const count = phase.taps.length
    if (count === 0) return trace.name(trace.repeated(0, [batch, rows, inChannels], 'float32'))
    const seen = reshapedName(trace, gatherRows(trace, slopes, phase.places), [
      batch,
      rows,
      count,
      outChannels,
    ])
    const used =
      count === taps
        ? weights
        : trace.node('Gather', [weights, trace.integers(phase.taps)], { axis: 0 })
    const products = reshapedName(trace, trace.node('Mul', [seen, used]), [
      batch,
      rows,
      count,
      inChannels,
      multiplier,
    ])
    return sumOver(trace, products, [2, 4])
  })
  const restored = restoredOrder(trace, phases, window, inChannels)
  const shape = [batch, ...window.input, inChannels]
  return trace.symbol(reshapedName(trace, restored, shape), shape, 'float32')
}

function filterGradient(
  trace: TraceBackend,
  x: TensorInfo,
  dy: TensorInfo,
  window: Window,
): TensorInfo {
  const { batch, inChannels, outChannels } = window
  const multiplier = outChannels / inChannels
  const slopes = reshapedName(trace, castName(trace, dy, 'float32'), [
    batch,
    counts(window).places,
    1,
    inChannels,
    multiplier,
  ])
  const products = trace.node('Mul', [patchesOf(trace, x, window), slopes])
  const sums = sumOver(trace, products, [0, 1])
  const shape = [...window.filter, inChannels, multiplier]
  return trace.symbol(reshapedName(trace, sums, shape), shape, 'float32')
}

/** What the filter sees at each place: [batch, places, taps, channels, 1]. */
function patchesOf(trace: TraceBackend, x: TensorInfo, window: Window): string {
  const { batch, inChannels: channels } = window
  const { positions, places, taps } = counts(window)
  const name = reshapedName(trace, castName(trace, x, 'float32'), [batch, positions, channels])
  const rows = { name, batch, rows: positions, channels }
  const seen = gatherRows(trace, rows, seenPositions(window))
  return reshapedName(trace, seen, [batch, places, taps, channels, 1])
}

function sumOver(trace: TraceBackend, x: string, axes: readonly number[]): string {
  return trace.node('ReduceSum', [x, trace.integers(axes)], { keepdims: 0 })
}

function windowOf(
  inShape: readonly number[],
  filterShape: readonly number[],
  { strides, dilations, pad, dimRoundingMode }: Omit<DepthwiseConv2dNativeAttrs, 'dataFormat'>,
): Window {
  const info = backend_util.computeConv2DInfo(
    fourAxes(inShape),
    fourAxes(filterShape),
    strides,
    // Callers of the kernel may leave the dilations out, though its type has them.
    (dilations as typeof dilations | undefined) ?? 1,
    pad,
    dimRoundingMode,
    true,
  )
  return windowOf2d(info)
}
