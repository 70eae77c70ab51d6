import type {
  GatherV2Attrs,
  OneHotAttrs,
  TensorInfo,
  UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend } from '../backend.js'
import { dataTypeCode } from '../element-type.js'
import { castName, parseAxes, result, rule, type Rule } from './rule.js'

/** Kernels that pick or place rows by index. */
export const gatherRules: readonly Rule[] = [
  rule<GatherV2Attrs>('GatherV2', (trace, { x, indices }, { axis, batchDims = 0 }) => {
    const along = parseAxes(axis, x!.shape)[0]!
    const shape = [
      ...x!.shape.slice(0, along),
      ...indices!.shape.slice(batchDims),
      ...x!.shape.slice(along + 1),
    ]
    const gathered =
      batchDims === 0
        ? trace.node('Gather', [trace.name(x!), castName(trace, indices!, 'int32')], {
            axis: along,
          })
        : gatherInBatches(trace, x!, indices!, along, batchDims)
    return trace.symbol(gathered, shape, tracedType(x!.dtype))
  }),
  rule<OneHotAttrs>('OneHot', (trace, { indices }, { depth, onValue, offValue, dtype }) => {
    // A comparison rather than ONNX's OneHot, to which -1 is the last class; here it is none.
    const column = trace.node('Unsqueeze', [
      castName(trace, indices!, 'int32'),
      trace.integers([-1]),
    ])
    const classes = trace.graph.constant(
      [depth],
      Int32Array.from({ length: depth }, (_, i) => i),
    )
    const type = tracedType(dtype)
    const shape = [...indices!.shape, depth]
    const matches = trace.node('Equal', [column, classes])
    const values = [onValue, offValue].map((value) =>
      trace.scalar(value, type === 'bool' ? 'int32' : type),
    )
    const chosen = trace.node('Where', [matches, ...values])
    return type === 'bool'
      ? result(trace, 'Cast', [chosen], { shape, dtype: 'bool' }, { to: dataTypeCode('bool') })
      : trace.symbol(chosen, shape, type)
  }),
  rule<UnsortedSegmentSumAttrs>('UnsortedSegmentSum', (trace, { x, segmentIds }, { numSegments }) =>
    segmentSum(trace, x!, segmentIds!, numSegments),
  ),
]

// GatherND picks along the axis that follows the batch axes, so the axis is moved there and back.
function gatherInBatches(
  trace: TraceBackend,
  x: TensorInfo,
  indices: TensorInfo,
  axis: number,
  batchDims: number,
): string {
  const axes = x.shape.map((_, position) => position)
  const order = axes.toSpliced(axis, 1).toSpliced(batchDims, 0, axis)
  const moved =
    axis === batchDims ? trace.name(x) : trace.node('Transpose', [trace.name(x)], { perm: order })
  const wide = trace.node('Cast', [trace.name(indices)], { to: dataTypeCode('int64') })
  const tuples = trace.node('Unsqueeze', [wide, trace.integers([-1])])
  const gathered = trace.node('GatherND', [moved, tuples], { batch_dims: batchDims })
  if (axis === batchDims) return gathered
  // Now [batch, picked, between, after]; wanted is [batch, between, picked, after].
  const picked = indices.shape.length - batchDims
  const between = axis - batchDims
  const rank = x.shape.length - 1 + picked
  const positions = Array.from({ length: rank }, (_, position) => position)
  const perm = [
    ...positions.slice(0, batchDims),
    ...positions.slice(batchDims + picked, batchDims + picked + between),
    ...positions.slice(batchDims, batchDims + picked),
    ...positions.slice(batchDims + picked + between),
  ]
  return trace.node('Transpose', [gathered], { perm })
}

/**
 * Row s of the result is the sum of the rows of `x` whose id is s; rows with an id outside of 0…numSegments − 1
 * are dropped. Placed by ScatterElements, which adds in the order of the rows.
 */
export function segmentSum(
  trace: TraceBackend,
  x: TensorInfo,
  segmentIds: TensorInfo,
  numSegments: number,
): TensorInfo {
  const dtype = tracedType(x.dtype)
  const idAxes = segmentIds.shape.length
  const rowShape = x.shape.slice(idAxes)
  const rows = segmentIds.shape.reduce((product, size) => product * size, 1)
  const flatShape = trace.integers([rows, ...rowShape])
  const updates = trace.node('Reshape', [trace.name(x), flatShape])

  const ids = castName(trace, segmentIds, 'int32')
  const outside = trace.node('Or', [
    trace.node('Less', [ids, trace.scalar(0, 'int32')]),
    trace.node('GreaterOrEqual', [ids, trace.scalar(numSegments, 'int32')]),
  ])
  const kept = trace.node('Where', [outside, trace.scalar(numSegments, 'int32'), ids])
  const column = trace.node('Reshape', [kept, trace.integers([rows, ...rowShape.map(() => 1)])])
  const places = trace.node('Expand', [column, flatShape])

  const zeros = trace.name(trace.repeated(0, [numSegments + 1, ...rowShape], dtype))
  const sums = trace.node('ScatterElements', [zeros, places, updates], {
    axis: 0,
    reduction: 'add',
  })
  const bounds = [[0], [numSegments], [0]].map((values) => trace.integers(values))
  return result(trace, 'Slice', [sums, ...bounds], { shape: [numSegments, ...rowShape], dtype })
}
