import { kernelBase, newReaderKernel, type Kernel, type ReaderKernel } from './reader-kernel.js'

/**
 * Integers of one or two channels to mono with vectors; undefined where there are none, or for another layout. The bits
 * are those of the plain loop: sums of integers are exact, and there is one rounding.
 *
 * @param bytes of a sample
 */
export function decodeSimd(
  data: Uint8Array,
  bytes: number,
  channels: number,
  frames: number,
): Float32Array | undefined {
  const decoder = decoders.get(`${bytes}/${channels}`)
  const kernel = decoder && shared()
  if (!kernel) return undefined
  const mono = new Float32Array(frames)
  const memory = kernel.memory.buffer
  const frameBytes = bytes * channels
  for (let first = 0; first < frames; first += blockFrames) {
    const count = Math.min(blockFrames, frames - first)
    const piece = data.subarray(first * frameBytes, (first + count) * frameBytes)
    new Uint8Array(memory, input, piece.length).set(piece)
    decoder(kernel, count)
    mono.set(new Float32Array(memory, output, count), first)
  }
  return mono
}

/**
 * The largest magnitude of samples, Infinity where one is not finite.
 */
export function peakOf(samples: Float32Array, kernel: Kernel = 'wasm-simd'): number {
  const simd = kernel === 'wasm-simd' ? shared() : undefined
  if (!simd) return plainPeak(samples)
  let peak = 0
  for (let first = 0; first < samples.length; first += blockFrames) {
    const piece = samples.subarray(first, first + blockFrames)
    const block = new Float32Array(simd.memory.buffer, output, piece.length + 4)
    block.set(piece)
    block.fill(0, piece.length)
    peak = Math.max(peak, simd.peak(output, piece.length))
  }
  return peak
}

function plainPeak(samples: Float32Array): number {
  let peak = 0
  for (const sample of samples) {
    if (!Number.isFinite(sample)) return Infinity
    peak = Math.max(peak, Math.abs(sample))
  }
  return peak
}

/**
 * The largest magnitude of integers of two or three bytes, whatever their channels, as a share of full scale; undefined
 * where there are no vectors, or for another size.
 */
export function integerPeak(data: Uint8Array, bytes: number): number | undefined {
  const simd = bytes === 2 || bytes === 3 ? shared() : undefined
  if (!simd) return undefined
  const memory = new Uint8Array(simd.memory.buffer, input, peakBytes + 32)
  let peak = 0
  for (let first = 0; first < data.length; first += peakBytes) {
    const piece = data.subarray(first, first + peakBytes)
    memory.set(piece)
    memory.fill(0, piece.length, piece.length + 32)
    const samples = Math.floor(piece.length / bytes)
    peak = Math.max(peak, bytes === 2 ? simd.peak16(input, samples) : simd.peak24(input, samples))
  }
  return peak / 2 ** (8 * bytes - 1)
}

const blockFrames = 4096
/** Whole samples of two and of three bytes; fits between `input` and `output`. */
const peakBytes = 6 * blockFrames
const input = kernelBase
/** Behind the widest block, with room for a vector that reads or writes past its end. */
const output = kernelBase + 6 * blockFrames + 64

const decoders: ReadonlyMap<string, (kernel: ReaderKernel, frames: number) => void> = new Map([
  ['2/1', (kernel, frames) => kernel.decode16(input, output, frames)],
  ['2/2', (kernel, frames) => kernel.decode16Pairs(input, output, frames)],
  ['3/1', (kernel, frames) => kernel.decode24(input, output, frames)],
  ['3/2', (kernel, frames) => kernel.decode24Pairs(input, output, frames)],
])

let kernel: { readonly kernel: ReaderKernel | undefined } | undefined

function shared(): ReaderKernel | undefined {
  kernel ??= { kernel: newReaderKernel(10 * blockFrames + 256) }
  return kernel.kernel
}
