/** What STREAMINFO says of a whole file. */
export interface FlacInfo {
  readonly sampleRateHz: number
  readonly channels: number
  readonly depth: number
  /** Samples of a block where all but the last have as many. */
  readonly blockSamples: number | undefined
  /** Samples a channel; undefined where the writer did not know. */
  readonly samples: number | undefined
  /** A stream of this block alone, for a decoder. */
  readonly stream: Uint8Array
}

/** The header of a frame. */
export interface FlacHeader {
  /** Of the header. */
  readonly bytes: number
  readonly sampleRateHz: number
  readonly channels: number
  /** 0 for channels of their own, else 8 left and side, 9 side and right, 10 mid and side. */
  readonly stereo: number
  readonly depth: number
  readonly blockSamples: number
  /** Place of its first sample in the stream; undefined where it cannot be told. */
  readonly first: number | undefined
}

/**
 * STREAMINFO, which the bytes begin with, behind the header of its block if that is there.
 *
 * @see RFC 9639, 8.2
 */
export function flacInfo(bytes: Uint8Array): FlacInfo | undefined {
  if (bytes.length < 38 || (bytes[0]! & 127) !== 0) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + 4, 34)
  const smallest = view.getUint16(0)
  const packed = view.getUint32(10)
  const samples = (packed & 15) * 2 ** 32 + view.getUint32(14)
  return {
    sampleRateHz: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    depth: ((packed >>> 4) & 31) + 1,
    blockSamples: smallest > 0 && smallest === view.getUint16(2) ? smallest : undefined,
    samples: samples || undefined,
    // The block is the last of the metadata.
    stream: Uint8Array.of(...mark, 128, 0, 0, 34, ...bytes.subarray(4, 38)),
  }
}

const mark = [0x66, 0x4c, 0x61, 0x43] as const

/** Whether a stream begins at a place: `fLaC`. */
export function flacMark(bytes: Uint8Array, at: number): boolean {
  return mark.every((byte, i) => bytes[at + i] === byte)
}

/** Bytes of the longest header. */
export const longestHeader = 16

/**
 * The header of a frame that begins at a place, if one does: its check sum is right, and nothing in it is reserved.
 *
 * @param info for what a header may leave out
 * @see RFC 9639, 9.1
 */
export function flacHeader(
  bytes: Uint8Array,
  start: number,
  info: FlacInfo | undefined,
): FlacHeader | undefined {
  if (bytes[start] !== 0xff || ((bytes[start + 1] ?? 0) & 0xfe) !== 0xf8) return undefined
  const sizes = bytes[start + 2] ?? 0
  const layout = bytes[start + 3] ?? 1
  let at = start + 4
  const number = codedNumber(bytes, at)
  if (number === undefined) return undefined
  at += number.bytes
  const [sizeCode, rateCode] = [sizes >> 4, sizes & 15]
  const big = (count: number) => {
    let value = 0
    for (let i = 0; i < count; i++) value = value * 256 + (bytes[at++] ?? 0)
    return value
  }
  const blockSamples =
    sizeCode === 6 ? big(1) + 1 : sizeCode === 7 ? big(2) + 1 : blockSizes[sizeCode]!
  const sampleRateHz =
    rateCode === 12
      ? big(1) * 1000
      : rateCode === 13
        ? big(2)
        : rateCode === 14
          ? big(2) * 10
          : (rates[rateCode] ?? info?.sampleRateHz)
  const channelCode = layout >> 4
  const depth = depths[(layout >> 1) & 7] ?? info?.depth
  if (rateCode === 15 || channelCode > 10 || layout & 1 || ((layout >> 1) & 7) === 3)
    return undefined
  if (!blockSamples || blockSamples > 65535 || !sampleRateHz || !depth || depth < 4)
    return undefined
  if (at >= bytes.length || checkSum8(bytes, start, at) !== bytes[at]) return undefined
  const variable = (bytes[start + 1]! & 1) === 1
  return {
    bytes: at + 1 - start,
    sampleRateHz,
    channels: channelCode < 8 ? channelCode + 1 : 2,
    stereo: channelCode < 8 ? 0 : channelCode,
    depth,
    blockSamples,
    first: variable ? number.value : firstOf(number.value, info?.blockSamples),
  }
}

/** Frames of one size are numbered; writers before FLAC 1.2 that vary it number samples without saying so. */
function firstOf(frame: number, blockSamples: number | undefined): number | undefined {
  return blockSamples === undefined ? undefined : frame * blockSamples
}

/** Up to 36 bits as in UTF-8. */
function codedNumber(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly bytes: number } | undefined {
  const head = bytes[at] ?? 0xff
  const count = Math.max(1, Math.clz32(~(head << 24)))
  if (head < 128) return { value: head, bytes: 1 }
  if (count < 2 || count > 7) return undefined
  let value = head & (127 >> count)
  for (let i = 1; i < count; i++) {
    const next = bytes[at + i] ?? 0
    if (next >> 6 !== 2) return undefined
    value = value * 64 + (next & 63)
  }
  return { value, bytes: count }
}

/** By the four bits of the header; 0 where the size stands elsewhere or the code is reserved. */
const blockSizes = [
  0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768,
] as const
const rates = [
  undefined,
  88200,
  176400,
  192000,
  8000,
  16000,
  22050,
  24000,
  32000,
  44100,
  48000,
  96000,
] as const
const depths = [undefined, 8, 12, undefined, 16, 20, 24, 32] as const

/** CRC-8 with the polynomial 07. */
export function checkSum8(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0
  for (let i = start; i < end; i++) sum = table8[sum ^ bytes[i]!]!
  return sum
}

const table8 = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = sum & 128 ? (sum << 1) ^ 7 : sum << 1
  return sum
})
