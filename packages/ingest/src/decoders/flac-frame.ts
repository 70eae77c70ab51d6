import { bitsOf } from './flac-bits.js'
import { flacHeader, type FlacHeader, type FlacInfo } from './flac-header.js'
import { readSubframe } from './flac-subframe.js'

/** A frame of FLAC, decoded. */
export interface FlacFrame {
  readonly header: FlacHeader
  /** One array a channel, values in -1..1. */
  readonly channels: readonly (Float32Array | Float64Array)[]
  /** Where it ends. */
  readonly end: number
}

/**
 * The frame that begins at a place: `undefined` where none does, and `more` where the bytes end before it does.
 *
 * A sample of n bits is worth sample / 2^(n-1), as in a WAV file: a FLAC copy of a recording is the same sound bit by
 * bit. Samples of more than 24 bits do not fit float32, and stay in float64 until the channels are mixed.
 *
 * @param bytes with `bitsPadding` more bytes behind them in their buffer
 * @param scratch memory that frames share
 * @see RFC 9639, 9
 */
export function flacFrame(
  bytes: Uint8Array,
  start: number,
  info: FlacInfo | undefined,
  scratch: FlacScratch,
): FlacFrame | 'more' | undefined {
  const header = flacHeader(bytes, start, info)
  if (!header) return undefined
  const { depth, stereo, blockSamples, channels: count } = header
  const bits = bitsOf(bytes, start + header.bytes)
  const channels = scratch(count, blockSamples)
  for (const [channel, samples] of channels.entries()) {
    const side = channel === 0 ? stereo === 9 : stereo === 8 || stereo === 10
    const valid = readSubframe(bits, depth + (side ? 1 : 0), samples)
    if (bits.at > bits.end) return bytes.length - start < largestFrame(header) ? 'more' : undefined
    if (!valid) return undefined
  }
  const end = Math.ceil(bits.at / 8) + 2
  if (end > bytes.length) return 'more'
  if (checkSum16(bytes, start, end - 2) !== bytes[end - 2]! * 256 + bytes[end - 1]!)
    return undefined
  unmix(channels, stereo)
  return { header, channels: channels.map((samples) => scaled(samples, depth)), end }
}

/** Arrays for the channels of a block. */
export type FlacScratch = (channels: number, samples: number) => readonly Float64Array[]

export function flacScratch(): FlacScratch {
  let arrays: readonly Float64Array[] = []
  return (channels, samples) => {
    if (arrays.length !== channels || arrays[0]?.length !== samples) {
      arrays = Array.from({ length: channels }, () => new Float64Array(samples))
    }
    return arrays
  }
}

/** Twice what the plain samples take: a frame that is said to be longer is none. */
function largestFrame({ channels, depth, blockSamples }: FlacHeader): number {
  return 65536 + Math.ceil((2 * channels * blockSamples * (depth + 1)) / 8)
}

/** @see RFC 9639, 4.2 */
function unmix(channels: readonly Float64Array[], stereo: number): void {
  const [left, right] = channels
  if (stereo === 0 || !left || !right) return
  for (let i = 0; i < left.length; i++) {
    const first = left[i]!
    const second = right[i]!
    if (stereo === 8) right[i] = first - second
    else if (stereo === 9) left[i] = first + second
    else {
      // The middle is the sum halved and rounded down; the side is odd where the sum is.
      const other = first - Math.floor(second / 2)
      right[i] = other
      left[i] = other + second
    }
  }
}

function scaled(samples: Float64Array, depth: number): Float32Array | Float64Array {
  const scale = 2 ** (1 - depth)
  const out = depth > 24 ? new Float64Array(samples.length) : new Float32Array(samples.length)
  for (let i = 0; i < out.length; i++) out[i] = samples[i]! * scale
  return out
}

/** CRC-16 with the polynomial 8005. */
export function checkSum16(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0
  for (let i = start; i < end; i++) sum = ((sum << 8) & 0xffff) ^ table16[(sum >> 8) ^ bytes[i]!]!
  return sum
}

const table16 = /* @__PURE__ */ Uint16Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 8
  for (let bit = 0; bit < 8; bit++) sum = sum & 0x8000 ? (sum << 1) ^ 0x8005 : sum << 1
  return sum
})
