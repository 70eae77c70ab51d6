import {
  backend_util,
  type ScatterNdAttrs,
  type SparseToDenseAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend } from '../backend.js'
import { dataTypeCode, sizeOf } from '../element-type.js'
import { segmentSum } from './gather.js'
import { reshapedName } from './rows.js'
import { castName, result, rule, type Rule } from './rule.js'

/** Kernels that pick or place slices by index vectors, one vector a slice. */
export const scatterRules: readonly Rule[] = [
  rule('GatherNd', (trace, { params, indices }) => {
    const depth = indices!.shape.at(-1)!
    const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)]
    return result(trace, 'GatherND', [trace.name(params!), wide(trace, indices!)], {
      shape,
      dtype: params!.dtype,
    })
  }),
  rule<ScatterNdAttrs>('ScatterNd', (trace, { indices, updates }, { shape }) => {
    const { sliceRank, numUpdates } = backend_util.calculateShapes(updates!, indices!, shape)
    const outer = shape.slice(0, sliceRank)
    // Index vectors become numbers of rows, so that what falls on one row is added in order.
    const steps = outer.map((_, axis) => sizeOf(outer.slice(axis + 1)))
    const step = trace.graph.constant([steps.length], Int32Array.from(steps))
    const scaled = trace.node('Mul', [castName(trace, indices!, 'int32'), step])
    const rows = trace.node('ReduceSum', [scaled, trace.integers([-1])], { keepdims: 0 })
    const ids = reshapedName(trace, rows, [numUpdates])
    const sliceShape = shape.slice(sliceRank)
    const flat = reshapedName(trace, trace.name(updates!), [numUpdates, ...sliceShape])
    const dtype = tracedType(updates!.dtype)
    const sums = segmentSum(
      trace,
      trace.symbol(flat, [numUpdates, ...sliceShape], dtype),
      trace.symbol(ids, [numUpdates], 'int32'),
      sizeOf(outer),
    )
    return trace.symbol(reshapedName(trace, trace.name(sums), shape), shape, dtype)
  }),
  rule('TensorScatterUpdate', (trace, { tensor, indices, updates }) =>
    result(
      trace,
      'ScatterND',
      [trace.name(tensor!), wide(trace, indices!), trace.name(updates!)],
      tensor!,
    ),
  ),
  rule<SparseToDenseAttrs>(
    'SparseToDense',
    (trace, { sparseIndices, sparseValues, defaultValue }, { outputShape }) => {
      const dtype = tracedType(sparseValues!.dtype)
      const filling = trace.node('Expand', [
        reshapedName(trace, castName(trace, defaultValue!, dtype), []),
        trace.integers(outputShape),
      ])
      const { sliceRank, numUpdates } = backend_util.calculateShapes(
        sparseValues!,
        sparseIndices!,
        outputShape,
      )
      const indices = reshapedName(trace, wide(trace, sparseIndices!), [numUpdates, sliceRank])
      // A single value is for all indices.
      const wanted = [numUpdates, ...outputShape.slice(sliceRank)]
      const values = trace.node('Expand', [trace.name(sparseValues!), trace.integers(wanted)])
      return result(trace, 'ScatterND', [filling, indices, values], { shape: outputShape, dtype })
    },
  ),
  rule('Diag', (trace, { x }) => {
    const size = sizeOf(x!.shape)
    const dtype = tracedType(x!.dtype)
    const positions = Int32Array.from({ length: size }, (_, index) => index)
    const across = trace.graph.constant([1, size], positions)
    const down = trace.graph.constant([size, 1], positions)
    const values = [
      trace.node('Equal', [across, down]),
      reshapedName(trace, trace.name(x!), [size]),
    ]
    const shape = [...x!.shape, ...x!.shape]
    const square = trace.node('Where', [...values, trace.scalar(0, dtype)])
    return trace.symbol(reshapedName(trace, square, shape), shape, dtype)
  }),
]

function wide(trace: TraceBackend, indices: TensorInfo): string {
  return trace.node('Cast', [trace.name(indices)], { to: dataTypeCode('int64') })
}
