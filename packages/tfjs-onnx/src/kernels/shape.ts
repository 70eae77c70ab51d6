import {
  backend_util,
  slice_util,
  util,
  type BroadCastToAttrs,
  type ConcatAttrs,
  type ExpandDimsAttrs,
  type PackAttrs,
  type PadV2Attrs,
  type ReshapeAttrs,
  type ReverseAttrs,
  type SliceAttrs,
  type SplitVAttrs,
  type StridedSliceAttrs,
  type TensorInfo,
  type TileAttrs,
  type TransposeAttrs,
  type UnpackAttrs,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend } from '../backend.js'
import { parseAxes, result, rule, type Rule } from './rule.js'

/** Kernels that move values without changing them. */
export const shapeRules: readonly Rule[] = [
  rule<ReshapeAttrs>('Reshape', (trace, { x }, { shape }) =>
    reshaped(trace, x!, util.inferFromImplicitShape(shape, util.sizeFromShape(x!.shape))),
  ),
  rule<ExpandDimsAttrs>('ExpandDims', (trace, { input }, { dim }) => {
    const axis = dim < 0 ? dim + input!.shape.length + 1 : dim
    return reshaped(trace, input!, input!.shape.toSpliced(axis, 0, 1))
  }),
  rule<TransposeAttrs>('Transpose', (trace, { x }, { perm }) => {
    const shape = perm.map((axis) => x!.shape[axis]!)
    return result(trace, 'Transpose', [trace.name(x!)], { shape, dtype: x!.dtype }, { perm })
  }),
  rule<ConcatAttrs>('Concat', (trace, inputs, { axis }) => {
    const parts = Object.values(inputs)
    const [along] = parseAxes(axis, parts[0]!.shape)
    const shape = backend_util.computeOutShape(
      parts.map((part) => part.shape),
      along!,
    )
    return concatenated(trace, parts, along!, shape)
  }),
  rule<PackAttrs>('Pack', (trace, inputs, { axis }) => {
    const parts = Object.values(inputs)
    const along = axis < 0 ? axis + parts[0]!.shape.length + 1 : axis
    const rows = parts.map((part) => reshaped(trace, part, part.shape.toSpliced(along, 0, 1)))
    const shape = parts[0]!.shape.toSpliced(along, 0, parts.length)
    return concatenated(trace, rows, along, shape)
  }),
  rule<UnpackAttrs>('Unpack', (trace, { value }, { axis }) => {
    const along = parseAxes(axis, value!.shape)[0]!
    const shape = value!.shape.toSpliced(along, 1)
    const sizes = new Array<number>(value!.shape[along]!).fill(1)
    return split(trace, value!, along, sizes).map((part) => reshaped(trace, part, shape))
  }),
  rule<SplitVAttrs>('SplitV', (trace, { x }, { numOrSizeSplits, axis }) => {
    const along = parseAxes(axis, x!.shape)[0]!
    return split(
      trace,
      x!,
      along,
      backend_util.prepareSplitSize(tensorLike(x!), numOrSizeSplits, along),
    )
  }),
  rule<SliceAttrs>('Slice', (trace, { x }, { begin, size }) => {
    const [starts, sizes] = slice_util.parseSliceParams(x!, begin, size)
    slice_util.assertParamsValid(x!, starts!, sizes!)
    const ends = starts!.map((start, axis) => start + sizes![axis]!)
    return sliced(trace, x!, starts!, ends, sizes!)
  }),
  rule<StridedSliceAttrs>('StridedSlice', stridedSlice),
  rule<PadV2Attrs>('PadV2', (trace, { x }, { paddings, constantValue }) => {
    const shape = x!.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1])
    if (x!.shape.length === 0) return trace.alias(x!)
    const pads = trace.integers([
      ...paddings.map(([before]) => before),
      ...paddings.map(([, after]) => after),
    ])
    const filling = trace.scalar(constantValue, tracedType(x!.dtype))
    return result(trace, 'Pad', [trace.name(x!), pads, filling], { shape, dtype: x!.dtype })
  }),
  rule<TileAttrs>('Tile', (trace, { x }, { reps }) => {
    const shape = x!.shape.map((size, axis) => size * reps[axis]!)
    const repeated = trace.repeatedValue(x!)
    if (repeated !== undefined) return trace.repeated(repeated, shape, tracedType(x!.dtype))
    const spreads = x!.shape.every((size, axis) => size === 1 || reps[axis] === 1)
    const [opType, amounts] = spreads ? ['Expand', shape] : ['Tile', reps]
    return result(trace, opType, [trace.name(x!), trace.integers(amounts)], {
      shape,
      dtype: x!.dtype,
    })
  }),
  rule<BroadCastToAttrs>('BroadcastTo', (trace, { x }, { shape }) =>
    result(trace, 'Expand', [trace.name(x!), trace.integers(shape)], { shape, dtype: x!.dtype }),
  ),
  rule<ReverseAttrs>('Reverse', (trace, { x }, { dims }) => {
    const axes = parseAxes(dims, x!.shape)
    if (axes.length === 0) return trace.alias(x!)
    const [starts, ends, steps] = [-1, beforeFirst, -1].map((value) =>
      trace.integers(axes.map(() => value)),
    )
    return result(
      trace,
      'Slice',
      [trace.name(x!), starts!, ends!, trace.integers(axes), steps!],
      x!,
    )
  }),
]

// An end that a slice with a negative step runs past; -1 would be the last value.
const beforeFirst = -(2 ** 31)

function reshaped(trace: TraceBackend, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const repeated = trace.repeatedValue(x)
  if (repeated !== undefined) return trace.repeated(repeated, shape, tracedType(x.dtype))
  // In ONNX a 0 in a shape copies the input's size, unless allowzero is set.
  const attributes = shape.includes(0) ? { allowzero: 1 } : {}
  return result(
    trace,
    'Reshape',
    [trace.name(x), trace.integers(shape)],
    { shape, dtype: x.dtype },
    attributes,
  )
}

function concatenated(
  trace: TraceBackend,
  parts: readonly TensorInfo[],
  axis: number,
  shape: readonly number[],
): TensorInfo {
  const names = parts.map((part) => trace.name(part))
  return result(trace, 'Concat', names, { shape, dtype: parts[0]!.dtype }, { axis })
}

function split(
  trace: TraceBackend,
  x: TensorInfo,
  axis: number,
  sizes: readonly number[],
): TensorInfo[] {
  const inputs = [trace.name(x), trace.integers(sizes)]
  const parts = trace.graph.node('Split', inputs, { axis }, sizes.length)
  return parts.map((part, index) =>
    trace.symbol(part, x.shape.with(axis, sizes[index]!), tracedType(x.dtype)),
  )
}

function sliced(
  trace: TraceBackend,
  x: TensorInfo,
  starts: readonly number[],
  ends: readonly number[],
  shape: readonly number[],
  steps: readonly number[] = starts.map(() => 1),
): TensorInfo {
  if (shape.length === 0) return trace.alias(x)
  const axes = starts.map((_, axis) => axis)
  const inputs = [starts, ends, axes, steps].map((values) => trace.integers(values))
  return result(trace, 'Slice', [trace.name(x), ...inputs], { shape, dtype: x.dtype })
}

function stridedSlice(
  trace: TraceBackend,
  { x }: Readonly<Record<string, TensorInfo>>,
  attributes: StridedSliceAttrs,
): TensorInfo {
  const { begin, end, strides, finalShape, finalShapeSparse } = slice_util.sliceInfo(
    x!.shape,
    attributes.begin,
    attributes.end,
    attributes.strides,
    attributes.beginMask,
    attributes.endMask,
    attributes.ellipsisMask,
    attributes.newAxisMask,
    attributes.shrinkAxisMask,
  )
  const ends = end.map((stop, axis) => (strides[axis]! < 0 && stop < 0 ? beforeFirst : stop))
  return reshaped(trace, sliced(trace, x!, begin, ends, finalShapeSparse, strides), finalShape)
}

// The helper of tfjs-core reads nothing but the shape, though it asks for a tensor.
function tensorLike(x: TensorInfo): Parameters<typeof backend_util.prepareSplitSize>[0] {
  return x as Parameters<typeof backend_util.prepareSplitSize>[0]
}
