import {
  einsum,
  matMul,
  reshape,
  type BatchMatMulAttrs,
  type EinsumAttrs,
  type Tensor,
} from '@tensorflow/tfjs-core'
import { one, repeated, unbroadcast, type Gradient } from './gradient.js'

/** Gradients of products of matrices. */
export const matmulGradients: readonly Gradient[] = [
  {
    kernelName: 'BatchMatMul',
    inputs: ['a', 'b'],
    apply: (dy, [a, b], attributes) => {
      const { transposeA, transposeB } = attributes as unknown as BatchMatMulAttrs
      const dc = one(dy)
      // With C = A·B: dA = dC·Bᵀ and dB = Aᵀ·dC; of a transposed side, the transpose.
      const left = (): Tensor =>
        transposeA ? matMul(b!, dc, transposeB, true) : matMul(dc, b!, false, !transposeB)
      const right = (): Tensor =>
        transposeB ? matMul(dc, a!, true, transposeA) : matMul(a!, dc, !transposeA, false)
      return {
        a: () => unbroadcast(left(), a!.shape),
        b: () => unbroadcast(right(), b!.shape),
      }
    },
  },
  {
    kernelName: 'Einsum',
    inputs: 'all',
    apply: (dy, tensors, attributes) => {
      const { equation } = attributes as unknown as EinsumAttrs
      const [sides, result] = equation.replaceAll(/\s/g, '').split('->')
      const labels = sides!.split(',')
      return Object.fromEntries(
        tensors.map((tensor, index) => {
          const others = tensors.filter((_, other) => other !== index)
          const otherLabels = labels.filter((_, other) => other !== index)
          const slope = () =>
            einsumGradient(one(dy), result!, tensor, labels[index]!, others, otherLabels)
          return [index, slope]
        }),
      )
    },
  },
]

/** The sum runs the other way; along an axis that only this side had, every value counts alike. */
function einsumGradient(
  dy: Tensor,
  result: string,
  tensor: Tensor,
  labels: string,
  others: readonly Tensor[],
  otherLabels: readonly string[],
): Tensor {
  const known = (label: string) => [result, ...otherLabels].some((side) => side.includes(label))
  const kept = Array.from(labels).filter(known)
  const from = [result, ...otherLabels].join(',')
  const to = kept.join('')
  const slope = from === to ? dy : einsum(`${from}->${to}`, dy, ...others)
  const shape = tensor.shape.map((size, axis) => (known(labels[axis]!) ? size : 1))
  return repeated(reshape(slope, shape), tensor.shape)
}
