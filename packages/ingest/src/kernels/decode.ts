import { kernelBase, newReaderKernel, type ReaderKernel } from './reader-kernel.js'

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

const blockFrames = 4096
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
