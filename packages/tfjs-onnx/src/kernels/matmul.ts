import {
  backend_util,
  type BatchMatMulAttrs,
  type EinsumAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend } from '../backend.js'
import { broadcastShape, result, rule, type Rule } from './rule.js'

/** Products of matrices, over any number of leading axes. */
export const matmulRules: readonly Rule[] = [
  rule<BatchMatMulAttrs>('BatchMatMul', (trace, { a, b }, { transposeA, transposeB }) =>
    matrixProduct(trace, a!, b!, transposeA, transposeB),
  ),
  rule<EinsumAttrs>('Einsum', (trace, inputs, { equation }) => {
    const tensors = Object.values(inputs)
    const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length)
    const sizes = new Map<string, number>()
    tensors.forEach(({ shape }, index) =>
      idDims[index]!.forEach((dim, axis) => sizes.set(allDims[dim]!, shape[axis]!)),
    )
    const labels = equation.replaceAll(/\s/g, '').split('->')[1]!
    const shape = Array.from(labels, (label) => sizes.get(label)!)
    const names = tensors.map((tensor) => trace.name(tensor))
    return result(trace, 'Einsum', names, { shape, dtype: tensors[0]!.dtype }, { equation })
  }),
]

/** The product of two stacks of matrices, either side transposed or not; leading axes are broadcast. */
export function matrixProduct(
  trace: TraceBackend,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): TensorInfo {
  const left = transposed(a, transposeA)
  const right = transposed(b, transposeB)
  const shape = [
    ...broadcastShape(left.slice(0, -2), right.slice(0, -2)),
    left.at(-2)!,
    right.at(-1)!,
  ]
  return trace.symbol(product(trace, a, b, transposeA, transposeB), shape, tracedType(a.dtype))
}

function product(
  trace: TraceBackend,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): string {
  if (
    (transposeA || transposeB) &&
    a.shape.length === 2 &&
    b.shape.length === 2 &&
    a.dtype === 'float32'
  ) {
    // Gemm reads a transposed matrix in place.
    const attributes = { transA: Number(transposeA), transB: Number(transposeB) }
    return trace.node('Gemm', [trace.name(a), trace.name(b)], attributes)
  }
  return trace.node('MatMul', [swapped(trace, a, transposeA), swapped(trace, b, transposeB)])
}

function swapped(trace: TraceBackend, x: TensorInfo, swap: boolean): string {
  if (!swap) return trace.name(x)
  const perm = transposed({ shape: x.shape.map((_, axis) => axis) }, true)
  return trace.node('Transpose', [trace.name(x)], { perm })
}

function transposed({ shape }: { readonly shape: readonly number[] }, swap: boolean): number[] {
  return swap ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : [...shape]
}
