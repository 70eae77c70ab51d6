import { frontEndKernel } from '@serflow/features'
import { readerKernel } from '@serflow/ingest'

/**
 * What computes: WebAssembly with vectors where the machine has them, else plain TypeScript. The two differ in the last
 * digits, so results of the one are never taken for those of the other.
 */
export type Kernels = Readonly<Record<'reader' | 'frontEnd', string>>

/** The kernels that serve on this machine. */
export function kernelsHere(): Kernels {
  return { reader: readerKernel(), frontEnd: frontEndKernel() }
}
