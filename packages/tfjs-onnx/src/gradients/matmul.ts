import { matMul, type BatchMatMulAttrs, type Tensor } from '@tensorflow/tfjs-core'
import { one, unbroadcast, type Gradient } from './gradient.js'

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
]
