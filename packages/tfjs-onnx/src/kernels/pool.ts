import {
  backend_util,
  type AvgPool3DAttrs,
  type AvgPool3DGradAttrs,
  type AvgPoolAttrs,
  type AvgPoolGradAttrs,
  type MaxPool3DAttrs,
  type MaxPool3DGradAttrs,
  type MaxPoolAttrs,
  type MaxPoolGradAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend, type TracedType } from '../backend.js'
import { dataTypeCode } from '../element-type.js'
import { fiveAxes, fourAxes } from './convolution.js'
import { arranged, channelsFirstName, hasChannelsFirst } from './layout.js'
import { gatherRows, reshapedName, restoredOrder } from './rows.js'
import { castName, rule, type Rule } from './rule.js'
import {
  counts,
  onnxWindow,
  outside,
  phasesOf,
  seenPositions,
  windowOf2d,
  windowOf3d,
  type Window,
} from './window.js'

/** Kernels that fold what a window sees, channel by channel, and their gradients. */
export const poolRules: readonly Rule[] = [
  rule<MaxPoolAttrs>('MaxPool', (trace, { x }, attributes) =>
    maxPool(trace, x!, window2d(x!, attributes)),
  ),
  rule<MaxPool3DAttrs>('MaxPool3D', (trace, { x }, attributes) =>
    maxPool(trace, x!, window3d(x!, attributes)),
  ),
  rule<AvgPoolAttrs>('AvgPool', (trace, { x }, attributes) =>
    averagePool(trace, x!, window2d(x!, attributes)),
  ),
  rule<AvgPool3DAttrs>('AvgPool3D', (trace, { x }, attributes) =>
    averagePool(trace, x!, window3d(x!, attributes)),
  ),
  rule<MaxPoolGradAttrs>('MaxPoolGrad', (trace, { dy, input }, attributes) =>
    maxPoolGradient(trace, dy!, input!, window2d(input!, attributes)),
  ),
  rule<MaxPool3DGradAttrs>('MaxPool3DGrad', (trace, { dy, input }, attributes) =>
    // Over three axes, TensorFlow.js counts the last of equal values as the largest.
    maxPoolGradient(trace, dy!, input!, window3d(input!, attributes), 'last'),
  ),
  rule<AvgPoolGradAttrs>('AvgPoolGrad', (trace, { dy, input }, attributes) =>
    averagePoolGradient(trace, dy!, input!, window2d(input!, attributes)),
  ),
  rule<AvgPool3DGradAttrs>('AvgPool3DGrad', (trace, { dy, input }, attributes) =>
    averagePoolGradient(trace, dy!, input!, window3d(input!, attributes)),
  ),
]

function maxPool(trace: TraceBackend, x: TensorInfo, window: Window): TensorInfo {
  const direct = directPool(trace, 'MaxPool', x, window)
  if (direct !== undefined) return direct
  const dtype = x.dtype === 'float32' ? 'float32' : 'int32'
  const patches = patchesOf(trace, castName(trace, x, dtype), window, lowest(dtype), dtype)
  const maxima = trace.node('ReduceMax', [patches], { axes: [2], keepdims: 0 })
  const shape = [window.batch, ...window.output, window.inChannels]
  return trace.symbol(reshapedName(trace, maxima, shape), shape, dtype)
}

/** ONNX's own operator, for images that have their channels first, unless a window might see nothing at all. */
function directPool(
  trace: TraceBackend,
  opType: 'MaxPool' | 'AveragePool',
  x: TensorInfo,
  window: Window,
): TensorInfo | undefined {
  const attributes = onnxWindow(window)
  if (!hasChannelsFirst(trace, x) || attributes === undefined) return undefined
  const { kernel_shape, strides, pads } = attributes
  const sizes = [...window.filter, ...window.filter]
  if (pads!.some((pad, edge) => pad >= sizes[edge]!)) return undefined
  const options = { kernel_shape: kernel_shape!, strides: strides!, pads: pads! }
  const y = trace.node(opType, [channelsFirstName(trace, x)], options)
  const shape = [window.batch, ...window.output, window.inChannels]
  return arranged(trace, 'channels-first', y, shape, 'float32')
}

/** The mean of what is seen; the padding counts for nothing. */
function averagePool(trace: TraceBackend, x: TensorInfo, window: Window): TensorInfo {
  const direct = directPool(trace, 'AveragePool', x, window)
  if (direct !== undefined) return direct
  const patches = patchesOf(trace, castName(trace, x, 'float32'), window, 0, 'float32')
  const sums = trace.node('ReduceSum', [patches, trace.integers([2])], { keepdims: 0 })
  const means = trace.node('Div', [sums, seenCounts(trace, window)])
  const shape = [window.batch, ...window.output, window.inChannels]
  const mean = reshapedName(trace, means, shape)
  const dtype = tracedType(x.dtype)
  const typed = dtype === 'float32' ? mean : trace.node('Cast', [mean], { to: dataTypeCode(dtype) })
  return trace.symbol(typed, shape, dtype)
}

/** The slope of each place goes to its largest value: of several, to the first or last. */
function maxPoolGradient(
  trace: TraceBackend,
  dy: TensorInfo,
  x: TensorInfo,
  window: Window,
  ofEqual: 'first' | 'last' = 'first',
): TensorInfo {
  const { batch, inChannels: channels } = window
  const { places: rows } = counts(window)
  const name = castName(trace, x, 'float32')
  const patches = patchesOf(trace, name, window, lowest('float32'), 'float32')
  const search = { axis: 2, keepdims: 0, select_last_index: Number(ofEqual === 'last') }
  const largest = trace.node('ArgMax', [patches], search)
  const taps = {
    name: trace.node('Cast', [largest], { to: dataTypeCode('int32') }),
    batch,
    rows,
    channels,
  }
  const slopes = { ...taps, name: slopesOf(trace, dy, window) }
  return spread(trace, window, (phase) => {
    const shape = [batch, phase.positions.length, phase.taps.length, channels]
    const chosen = gatherRows(trace, taps, phase.places, outside, 'int32')
    const column = trace.graph.constant([phase.taps.length, 1], Int32Array.from(phase.taps))
    const matches = trace.node('Equal', [reshapedName(trace, chosen, shape), column])
    const seen = reshapedName(trace, gatherRows(trace, slopes, phase.places), shape)
    return trace.node('Where', [matches, seen, trace.scalar(0, 'float32')])
  })
}

function averagePoolGradient(
  trace: TraceBackend,
  dy: TensorInfo,
  _x: TensorInfo,
  window: Window,
): TensorInfo {
  const { batch, inChannels: channels } = window
  const shares = trace.node('Div', [slopesOf(trace, dy, window), seenCounts(trace, window)])
  const slopes = { name: shares, batch, rows: counts(window).places, channels }
  return spread(trace, window, (phase) =>
    reshapedName(trace, gatherRows(trace, slopes, phase.places), [
      batch,
      phase.positions.length,
      phase.taps.length,
      channels,
    ]),
  )
}

/** The gradient of the input: of each position, the sum of what `termsOf` gives for the taps that can see it. */
function spread(
  trace: TraceBackend,
  window: Window,
  termsOf: (phase: ReturnType<typeof phasesOf>[number]) => string,
): TensorInfo {
  const { batch, inChannels: channels } = window
  const phases = phasesOf(window).map((phase) =>
    phase.taps.length === 0
      ? trace.name(trace.repeated(0, [batch, phase.positions.length, channels], 'float32'))
      : trace.node('ReduceSum', [termsOf(phase), trace.integers([2])], { keepdims: 0 }),
  )
  const shape = [batch, ...window.input, channels]
  const restored = restoredOrder(trace, phases, window, channels)
  return trace.symbol(reshapedName(trace, restored, shape), shape, 'float32')
}

/** What the window sees at each place: [batch, places, taps, channels]. */
function patchesOf(
  trace: TraceBackend,
  x: string,
  window: Window,
  filling: number,
  dtype: TracedType,
): string {
  const { batch, inChannels: channels } = window
  const { positions, places, taps } = counts(window)
  const name = reshapedName(trace, x, [batch, positions, channels])
  const rows = { name, batch, rows: positions, channels }
  const seen = gatherRows(trace, rows, seenPositions(window), filling, dtype)
  return reshapedName(trace, seen, [batch, places, taps, channels])
}

function slopesOf(trace: TraceBackend, dy: TensorInfo, window: Window): string {
  const shape = [window.batch, counts(window).places, window.inChannels]
  return reshapedName(trace, castName(trace, dy, 'float32'), shape)
}

/** How many positions of the input each place sees, as a column. */
function seenCounts(trace: TraceBackend, window: Window): string {
  const { places, taps } = counts(window)
  const seen = seenPositions(window)
  const values = Float32Array.from(
    { length: places },
    (_, place) =>
      seen.subarray(place * taps, (place + 1) * taps).filter((position) => position !== outside)
        .length,
  )
  return trace.graph.constant([places, 1], values)
}

function lowest(dtype: 'float32' | 'int32'): number {
  return dtype === 'float32' ? -Infinity : -(2 ** 31)
}

function window2d(
  x: TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: MaxPoolAttrs,
): Window {
  const info = backend_util.computePool2DInfo(
    fourAxes(x.shape),
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  return windowOf2d(info)
}

function window3d(
  x: TensorInfo,
  {
    filterSize,
    strides,
    pad,
    dimRoundingMode,
  }: Pick<MaxPool3DAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>,
): Window {
  const info = backend_util.computePool3DInfo(
    fiveAxes(x.shape),
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  return windowOf3d(info)
}
