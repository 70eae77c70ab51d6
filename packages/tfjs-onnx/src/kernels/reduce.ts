import {
  backend_util,
  type ArgMaxAttrs,
  type CumprodAttrs,
  type CumsumAttrs,
  type LogSoftmaxAttrs,
  type SoftmaxAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend, type TracedType } from '../backend.js'
import { dataTypeCode } from '../element-type.js'
import { channelsFirstName, hasChannelsFirst } from './layout.js'
import { reshapedName } from './rows.js'
import { castName, parseAxes, result, rule, type Rule } from './rule.js'

interface ReduceAttrs {
  readonly axis?: number | number[]
  /** What the Max kernel calls its axes; the other reductions have `axis`. */
  readonly reductionIndices?: number | number[]
  readonly keepDims?: boolean
}

/** Kernels that fold, search or normalise along axes. */
export const reduceRules: readonly Rule[] = [
  reduceRule('Sum', 'ReduceSum', countable),
  reduceRule('Prod', 'ReduceProd', countable),
  reduceRule('Mean', 'ReduceMean', () => 'float32'),
  reduceRule('Max', 'ReduceMax', tracedType),
  reduceRule('Min', 'ReduceMin', tracedType),
  reduceRule('All', 'ReduceMin', () => 'bool'),
  // The sum of nothing is 0, but its largest is the lowest integer, which would be true.
  reduceRule('Any', 'ReduceSum', () => 'bool'),
  searchRule('ArgMax'),
  searchRule('ArgMin'),
  rule<SoftmaxAttrs>('Softmax', (trace, { logits }, { dim }) =>
    result(trace, 'Softmax', [trace.name(logits!)], logits!, { axis: dim }),
  ),
  rule<LogSoftmaxAttrs>('LogSoftmax', (trace, { logits }, { axis }) =>
    result(trace, 'LogSoftmax', [trace.name(logits!)], logits!, { axis }),
  ),
  rule<CumsumAttrs>('Cumsum', (trace, { x }, { axis, exclusive, reverse }) => {
    const dtype = countable(x!.dtype)
    const along = trace.graph.constant([], BigInt64Array.of(BigInt(axis)))
    const inputs = [castName(trace, x!, dtype), along]
    const attributes = { exclusive: Number(exclusive), reverse: Number(reverse) }
    return result(trace, 'CumSum', inputs, { shape: x!.shape, dtype }, attributes)
  }),
  rule<CumprodAttrs>('Cumprod', (trace, { x }, attributes) => cumprod(trace, x!, attributes)),
]

// Sums and products of truth values are counted in int32.
function countable(dtype: TensorInfo['dtype']): TracedType {
  return dtype === 'float32' ? 'float32' : 'int32'
}

function reduceRule(
  kernelName: string,
  opType: string,
  resultType: (dtype: TensorInfo['dtype']) => TracedType,
): Rule {
  return rule<ReduceAttrs>(kernelName, (trace, { x }, { axis, reductionIndices, keepDims }) => {
    const dtype = resultType(x!.dtype)
    const axes = parseAxes(axis ?? reductionIndices, x!.shape)
    // ONNX has no reductions of truth values: they are the sum or the smallest of 0 and 1.
    const computed = dtype === 'bool' ? 'int32' : dtype
    const name = castName(trace, x!, computed)
    const [reducedShape] = backend_util.computeOutAndReduceShapes(x!.shape, axes)
    const shape = keepDims ? backend_util.expandShapeToKeepDim(reducedShape, axes) : reducedShape
    let reduced = name
    if (isOverImages(trace, x!, axes) && dtype === 'float32') {
      const spatial = axes.map((axis) => axis + 1)
      reduced = reduce(trace, opType, channelsFirstName(trace, x!), spatial, false)
      if (keepDims) reduced = reshapedName(trace, reduced, shape)
    } else if (axes.length > 0) {
      // No axes mean all axes to ONNX, and none to TensorFlow.js.
      reduced = reduce(trace, opType, name, axes, keepDims ?? false)
    }
    if (dtype === 'bool') reduced = trace.node('Cast', [reduced], { to: dataTypeCode('bool') })
    return trace.symbol(reduced, shape, dtype)
  })
}

/** Whether exactly height, width and so on are folded, of images that have their channels first. */
function isOverImages(trace: TraceBackend, x: TensorInfo, axes: readonly number[]): boolean {
  return (
    hasChannelsFirst(trace, x) &&
    axes.length === x.shape.length - 2 &&
    axes.every((axis, index) => axis === index + 1)
  )
}

function reduce(
  trace: TraceBackend,
  opType: string,
  x: string,
  axes: readonly number[],
  keepDims: boolean,
): string {
  const keepdims = Number(keepDims)
  // ReduceSum takes its axes as an input since opset 13, the others since 18.
  return opType === 'ReduceSum'
    ? trace.node(opType, [x, trace.integers(axes)], { keepdims })
    : trace.node(opType, [x], { axes, keepdims })
}

function searchRule(kernelName: 'ArgMax' | 'ArgMin'): Rule {
  return rule<ArgMaxAttrs>(kernelName, (trace, { x }, { axis }) => {
    const [along] = parseAxes(axis, x!.shape)
    const name = castName(trace, x!, countable(x!.dtype))
    const index = trace.node(kernelName, [name], { axis: along!, keepdims: 0 })
    const shape = x!.shape.filter((_, position) => position !== along)
    return result(trace, 'Cast', [index], { shape, dtype: 'int32' }, { to: dataTypeCode('int32') })
  })
}

/**
 * ONNX has no cumulative product. After the round of `step`, each value is the product of up to 2·step values
 * that end at it, so that ⌈log₂ n⌉ rounds suffice (Hillis & Steele 1986).
 */
function cumprod(
  trace: TraceBackend,
  x: TensorInfo,
  { axis, exclusive, reverse }: CumprodAttrs,
): TensorInfo {
  const along = parseAxes(axis, x.shape)[0]!
  const length = x.shape[along]!
  const dtype = countable(x.dtype)
  const shifted = (values: string, step: number) => {
    const before = reverse ? [step, length] : [0, length - step]
    const [start, end, axes] = [[before[0]!], [before[1]!], [along]].map((v) => trace.integers(v))
    const kept = trace.node('Slice', [values, start!, end!, axes!])
    const shape = x.shape.map((size, position) => (position === along ? step : size))
    const ones = trace.name(trace.repeated(1, shape, dtype))
    return trace.node('Concat', reverse ? [kept, ones] : [ones, kept], { axis: along })
  }
  let product = castName(trace, x, dtype)
  if (exclusive && length > 0) product = shifted(product, 1)
  for (let step = 1; step < length; step *= 2) {
    product = trace.node('Mul', [product, shifted(product, step)])
  }
  return trace.symbol(product, x.shape, dtype)
}
