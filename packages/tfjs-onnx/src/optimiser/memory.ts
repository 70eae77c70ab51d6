import { optimiserWasm } from '../generated/optimiser-wasm.js'
import type { Kernels } from './kernels.js'
import { plainKernels } from './plain.js'

// TypeScript declares WebAssembly with the browser's library only; this is the part in use.
interface WebAssemblyApi {
  readonly Memory: new (size: { initial: number; maximum: number }) => {
    readonly buffer: ArrayBuffer
  }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
  readonly validate: (bytes: Uint8Array) => boolean
}

interface Exports {
  sumOfSquares(x: number, count: number): number
  adam(...addressesCountAndConstants: number[]): void
  sgd(...addressesCountAndConstants: number[]): void
  dropoutMask(target: number, count: number, state: number, threshold: number, kept: number): void
}

const pageBytes = 65536
/** The random state lies at byte 64, and arrays begin here; cache lines are 64 bytes. */
const firstByte = 128
const stateByte = 64
const largestPages = 65536

const instances = new WeakMap<ArrayBufferLike, Exports>()
let compiled: { readonly api: WebAssemblyApi; readonly module: object } | 'unavailable' | undefined

/**
 * Zeros in memory on which kernels work in place. ONNX Runtime reads and writes such an array without a copy, as
 * it does any other. Where WebAssembly SIMD is missing it is an ordinary array.
 *
 * @param length number of float32 values
 * @throws RangeError if more than 4 GiB are asked for
 */
export function sharedArray(length: number): Float32Array {
  const wasm = webAssembly()
  if (wasm === 'unavailable') return new Float32Array(length)
  const pages = Math.ceil((firstByte + length * 4) / pageBytes)
  if (pages > largestPages) {
    throw new RangeError(
      `${length} values need ${pages * pageBytes} bytes; an array may have 4 GiB`,
    )
  }
  const memory = new wasm.api.Memory({ initial: pages, maximum: pages })
  const { exports } = new wasm.api.Instance(wasm.module, { env: { memory } })
  instances.set(memory.buffer, exports as Exports)
  return new Float32Array(memory.buffer, firstByte, length)
}

/** Whether an array lies in memory that `sharedArray` made, so that SIMD kernels reach it. */
export function isShared(array: Float32Array): boolean {
  return instances.has(array.buffer)
}

/** The fastest kernels for an array: SIMD in place for one made by `sharedArray`, else the plain ones. */
export function kernelsOf(array: Float32Array): Kernels {
  const exports = instances.get(array.buffer)
  return exports === undefined ? plainKernels : wasmKernels(exports)
}

function wasmKernels(exports: Exports): Kernels {
  return {
    sumOfSquares: (x) => exports.sumOfSquares(x.byteOffset, x.length),
    adam({ weights, gradients, means, squares }, step) {
      exports.adam(
        ...[weights, gradients, means, squares].map((array) => array.byteOffset),
        weights.length,
        step.gradientScale,
        step.keep,
        step.beta1,
        1 - step.beta1,
        step.beta2,
        1 - step.beta2,
        step.rate,
        step.correction,
        step.epsilon,
      )
    },
    sgd({ weights, gradients, velocities }, step) {
      exports.sgd(
        ...[weights, gradients, velocities].map((array) => array.byteOffset),
        weights.length,
        step.gradientScale,
        step.decay,
        step.momentum,
        step.rate,
      )
    },
    dropoutMask(target, state, threshold, kept) {
      const shared = new Uint32Array(target.buffer, stateByte, state.length)
      shared.set(state)
      exports.dropoutMask(target.byteOffset, target.length, stateByte, threshold, kept)
      state.set(shared)
    },
  }
}

function webAssembly(): Exclude<typeof compiled, undefined> {
  if (compiled !== undefined) return compiled
  const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly
  const bytes = Uint8Array.from(atob(optimiserWasm), (character) => character.charCodeAt(0))
  // An engine without SIMD does not accept the bytes.
  compiled = api?.validate(bytes) ? { api, module: new api.Module(bytes) } : 'unavailable'
  return compiled
}
