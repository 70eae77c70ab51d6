import { type FillAttrs, type LinSpaceAttrs, type RangeAttrs } from '@tensorflow/tfjs-core'
import { tracedType } from '../backend.js'
import { rule, type Rule } from './rule.js'

/** Kernels whose values are known when a function is traced. */
export const constantRules: readonly Rule[] = [
  rule<FillAttrs>('Fill', (trace, _inputs, { shape, value, dtype }) =>
    trace.repeated(Number(value), shape, tracedType(dtype ?? 'float32')),
  ),
  rule('ZerosLike', (trace, { x }) => trace.repeated(0, x!.shape, tracedType(x!.dtype))),
  rule('OnesLike', (trace, { x }) => trace.repeated(1, x!.shape, tracedType(x!.dtype))),
  rule<RangeAttrs>('Range', (trace, _inputs, { start, stop, step, dtype }) => {
    // A range downwards may leave out its sign: then the step, 1 by default, is -1.
    const by = stop < start && step === 1 ? -1 : step
    const count = Math.max(0, Math.ceil((stop - start) / by))
    return sequence(trace, count, dtype, (index) => start + index * by)
  }),
  rule<LinSpaceAttrs>('LinSpace', (trace, _inputs, { start, stop, num }) => {
    const step = num > 1 ? (stop - start) / (num - 1) : 0
    return sequence(trace, num, 'float32', (index) => start + index * step)
  }),
]

function sequence(
  trace: Parameters<Rule['apply']>[0],
  count: number,
  dtype: 'float32' | 'int32',
  value: (index: number) => number,
) {
  const values = Array.from({ length: count }, (_, index) => value(index))
  const data = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)
  return { dataId: trace.write(data, [count], dtype), shape: [count], dtype }
}
