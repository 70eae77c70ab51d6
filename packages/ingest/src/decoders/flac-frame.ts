import {
  flacHeader,
  flacMark,
  longestHeader,
  type FlacHeader,
  type FlacInfo,
} from './flac-header.js'
import type { FlacSamples } from './flac-samples.js'

/** A frame of FLAC, decoded. */
export interface FlacFrame {
  readonly header: FlacHeader
  /** One array a channel, values in -1..1. */
  readonly channels: readonly Float32Array[]
  /** Where it ends. */
  readonly end: number
}

/**
 * The frame that begins at a place: `undefined` where none does, and `more` where the bytes end before that is known.
 *
 * @param atEnd whether no more bytes follow
 * @see RFC 9639, 9
 */
export function flacFrame(
  bytes: Uint8Array,
  start: number,
  info: FlacInfo | undefined,
  samples: FlacSamples,
  atEnd: boolean,
): FlacFrame | 'more' | undefined {
  const header = flacHeader(bytes, start, info)
  if (!header) return undefined
  for (const end of frameEnds(bytes, start, header, info, atEnd)) {
    if (end === 'more') return 'more'
    const channels = samples.decode(bytes.subarray(start, end), header)
    if (channels) return { header, channels, end }
  }
  return undefined
}

/**
 * Where it may end, the likeliest first: behind a check sum that is right. No frame says how long it is, and one place in
 * 65536 has such a sum by chance; what follows a frame is nearly always another one, or the end of the file.
 */
function* frameEnds(
  bytes: Uint8Array,
  start: number,
  header: FlacHeader,
  info: FlacInfo | undefined,
  atEnd: boolean,
): Generator<number | 'more', undefined> {
  const last = start + largestFrame(header)
  const unlikely: number[] = []
  let sum = checkSum16(bytes, start, start + header.bytes)
  for (let at = start + header.bytes; at < last && at < bytes.length;) {
    // With its check sum behind them the sum of any bytes is 0.
    sum = ((sum << 8) & 0xffff) ^ table16[(sum >> 8) ^ bytes[at++]!]!
    if (sum !== 0) continue
    if (at + longestHeader > bytes.length && !atEnd) return yield 'more'
    const isFollowed = at === bytes.length || flacMark(bytes, at) || flacHeader(bytes, at, info)
    if (isFollowed) yield at
    else unlikely.push(at)
  }
  if (last > bytes.length && !atEnd) return yield 'more'
  yield* unlikely
}

/** Twice what the plain samples take: a frame that is said to be longer is none. */
function largestFrame({ channels, depth, blockSamples }: FlacHeader): number {
  return 65536 + Math.ceil((2 * channels * blockSamples * (depth + 1)) / 8)
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
