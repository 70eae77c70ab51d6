import { readerWasm } from '../generated/reader-wasm.js'

// TypeScript declares WebAssembly with the browser's library only; this is the part in use.
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
  readonly validate: (bytes: Uint8Array) => boolean
}

/** What computes: WebAssembly with 128-bit vectors, or plain TypeScript. */
export type Kernel = 'wasm-simd' | 'plain'

/**
 * The kernel that serves here. Decoding gives the same bits with both; resampled sound differs in the last digits (see
 * `resample`), so whatever is stored of it should be kept apart by kernel.
 */
export function readerKernel(): Kernel {
  return compiled() ? 'wasm-simd' : 'plain'
}

/** The exports of src/assembly/kernels.ts. Addresses are bytes. */
export interface ReaderKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  decode16(from: number, to: number, samples: number): void
  decode16Pairs(from: number, to: number, frames: number): void
  decode24(from: number, to: number, samples: number): void
  decode24Pairs(from: number, to: number, frames: number): void
  transpose(
    from: number,
    fromStride: number,
    to: number,
    toStride: number,
    rows: number,
    columns: number,
  ): void
  peak(from: number, samples: number): number
  peak16(from: number, samples: number): number
  peak24(from: number, samples: number): number
  filter(table: number, rows: number, out: number, outputs: number): void
}

/** A kernel with memory of its own, its first page free; undefined where there are no vectors. */
export function newReaderKernel(bytes: number): ReaderKernel | undefined {
  const program = compiled()
  if (!program) return undefined
  // The module is ours: its exports are what src/assembly/kernels.ts says.
  const kernel = new program.api.Instance(program.module, {}).exports as ReaderKernel
  const missing = kernelBase + bytes - kernel.memory.buffer.byteLength
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / pageBytes))
  return kernel
}

const pageBytes = 65536
/** Where free memory begins. */
export const kernelBase = pageBytes

interface Program {
  readonly api: WebAssemblyApi
  readonly module: object
}

let program: Program | 'unavailable' | undefined

function compiled(): Program | undefined {
  if (program === undefined) {
    const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly
    const bytes = Uint8Array.from(atob(readerWasm), (letter) => letter.charCodeAt(0))
    // An engine without SIMD does not accept the bytes.
    program = api?.validate(bytes) ? { api, module: new api.Module(bytes) } : 'unavailable'
  }
  return program === 'unavailable' ? undefined : program
}
