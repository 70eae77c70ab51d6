import type {
  BincountAttrs,
  DenseBincountAttrs,
  SearchSortedAttrs,
  TensorInfo,
  TopKAttrs,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend } from '../backend.js'
import { dataTypeCode } from '../element-type.js'
import { castName, rule, type Rule } from './rule.js'

/** Kernels that order or count values. */
export const orderRules: readonly Rule[] = [
  rule<TopKAttrs>('TopK', (trace, { x }, { k }) => {
    const shape = [...x!.shape.slice(0, -1), k]
    const dtype = x!.dtype === 'bool' ? 'int32' : tracedType(x!.dtype)
    const inputs = [castName(trace, x!, dtype), trace.integers([k])]
    const [values, indices] = trace.graph.node('TopK', inputs, { axis: -1 }, 2)
    return [trace.symbol(values!, shape, dtype), int32(trace, indices!, shape)]
  }),
  rule<SearchSortedAttrs>('SearchSorted', (trace, { sortedSequence, values }, { side }) => {
    // The place of a value is the number of those before it.
    const before = side === 'left' ? 'Greater' : 'GreaterOrEqual'
    const column = trace.node('Unsqueeze', [trace.name(values!), trace.integers([-1])])
    const row = trace.node('Unsqueeze', [
      castName(trace, sortedSequence!, tracedType(values!.dtype)),
      trace.integers([-2]),
    ])
    const flags = trace.node('Cast', [trace.node(before, [column, row])], {
      to: dataTypeCode('int32'),
    })
    const counts = trace.node('ReduceSum', [flags, trace.integers([-1])], { keepdims: 0 })
    return trace.symbol(counts, values!.shape, 'int32')
  }),
  rule<BincountAttrs>('Bincount', (trace, { x, weights }, { size }) =>
    counted(trace, x!, weights!, size, false),
  ),
  rule<DenseBincountAttrs>('DenseBincount', (trace, { x, weights }, { size, binaryOutput }) =>
    counted(trace, x!, weights!, size, binaryOutput ?? false),
  ),
]

/** How often each number from 0 to size − 1 comes along the last axis, or the sum of its weights. */
function counted(
  trace: TraceBackend,
  x: TensorInfo,
  weights: TensorInfo,
  size: number,
  binary: boolean,
): TensorInfo {
  const dtype = tracedType(weights.dtype)
  const column = trace.node('Unsqueeze', [castName(trace, x, 'int32'), trace.integers([-1])])
  const numbers = trace.graph.constant(
    [size],
    Int32Array.from({ length: size }, (_, index) => index),
  )
  const matches = trace.node('Equal', [column, numbers])
  // No weights are given as an empty list of them.
  const alone = binary || weights.shape.includes(0)
  const weight = alone
    ? trace.scalar(1, dtype)
    : trace.node('Unsqueeze', [trace.name(weights), trace.integers([-1])])
  const chosen = trace.node('Where', [matches, weight, trace.scalar(0, dtype)])
  const shape = [...x.shape.slice(0, -1), size]
  if (binary) {
    const present = trace.node('ReduceMax', [chosen], { axes: [-2], keepdims: 0 })
    return trace.symbol(present, shape, dtype)
  }
  const sums = trace.node('ReduceSum', [chosen, trace.integers([-2])], { keepdims: 0 })
  return trace.symbol(sums, shape, dtype)
}

function int32(trace: TraceBackend, name: string, shape: readonly number[]): TensorInfo {
  return trace.symbol(trace.node('Cast', [name], { to: dataTypeCode('int32') }), shape, 'int32')
}
