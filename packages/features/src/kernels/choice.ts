import { frontEndWasm } from '../generated/front-end-wasm.js'
import type { FrontEndKernel, KernelName } from './kernel.js'
import { plainKernel } from './plain.js'
import { scratchBytes } from './simd-tables.js'
import { simdKernel, type FrontEndWasm } from './simd.js'
import { startWasm } from './web-assembly.js'

/** Which kernel serves. */
export interface KernelChoice {
  /** By default the fastest that works here. */
  readonly kernel?: KernelName
}

/**
 * Which kernel serves here: `wasm-simd` where WebAssembly with 128-bit SIMD works and is allowed, else `plain`. Log-mels
 * of the two differ by less than 1e-3 dB; those of one kernel are the same bits on every machine.
 */
export function frontEndKernel(): KernelName {
  return kernelNamed().name
}

/** @throws RangeError where the kernel that is asked for does not work here */
export function kernelNamed(name?: KernelName): FrontEndKernel {
  if (name === 'plain') return plainKernel
  simd ??= { kernel: startSimd() }
  if (name === 'wasm-simd' && !simd.kernel) {
    throw new RangeError('the kernel wasm-simd does not work here; leave the choice open')
  }
  return simd.kernel ?? plainKernel
}

let simd: { readonly kernel: FrontEndKernel | undefined } | undefined

function startSimd(): FrontEndKernel | undefined {
  const started = startWasm(frontEndWasm, scratchBytes / 65536)
  return started && simdKernel(started.exports as FrontEndWasm, started.memory)
}
