import { grad, matMul, square, sum, type Tensor2D } from '@tensorflow/tfjs-core'
import type { Backend } from './backend.js'

/**
 * Computes the gradient of Σ (x·x)² on a backend: that it is there does not say yet that it computes.
 *
 * @throws Error if it cannot, or the values are wrong
 */
export async function tryBackend(backend: Backend): Promise<void> {
  const slope = grad((x) => sum(square(matMul(x as Tensor2D, x as Tensor2D))))
  const program = await backend.prepare(
    ({ x }) => ({ slope: slope(x!) }),
    { x: { shape: [2, 2] } },
    { name: 'try', threads: 1 },
  )
  const { slope: found } = await program.run({ x: Float32Array.of(1, 2, 0, 1) })
  await program.dispose()
  // With y = x·x = [1 4; 0 1] it is 2·(y·xᵀ + xᵀ·y).
  const expected = [20, 16, 8, 20]
  if (!expected.every((value, index) => Math.abs(found!.data[index]! - value) < 1e-3)) {
    throw new Error(
      `${backend.name} computes [${found!.data.join(', ')}], expected [${expected.join(', ')}]`,
    )
  }
}
