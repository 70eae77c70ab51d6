import { decodeSimd } from './kernels/decode.js'
import type { Kernel } from './kernels/reader-kernel.js'
import { aLawValue, muLawValue } from './g711.js'

/** How one sample of one channel is coded. */
export interface SampleFormat {
  /** In words, e.g. `16-bit PCM`. */
  readonly name: string
  readonly bytes: number
  /** Whether a sample is a signed integer, little endian, of all its bytes. */
  readonly integer: boolean
  /** Whether values that are not finite can occur. */
  readonly float: boolean
  /** The largest positive value; for floats, and for integers of more than 16 bits, that of 16 bits. */
  readonly fullScale: number
  /** The value in -1..1 of the sample at a byte offset. */
  read(view: DataView, offset: number): number
}

/**
 * The format for a codec tag, a number of bits, and the bytes they stand in; undefined where there is none. An integer of
 * fewer bits than its bytes hold stands in the upper ones, so it is worth sample / 2^(8 · bytes - 1) all the same.
 */
export function sampleFormat(tag: number, bits: number, bytes: number): SampleFormat | undefined {
  if (bits < 1 || bits > 8 * bytes) return undefined
  if (tag === 1) return integerFormat(bits, bytes)
  return bits === 8 * bytes ? otherFormats.get(`${tag}/${bits}`) : undefined
}

/** Codec tags of WAVE that occur in the wild, for messages. */
export function codecName(tag: number): string {
  const hex = `0x${tag.toString(16).padStart(4, '0')}`
  const name = codecs.get(tag)
  return name === undefined ? `codec tag ${hex}` : `${name} (codec tag ${hex})`
}

/**
 * Mean of the channels of each frame, summed in float64. Both kernels give the same bits. Throws nothing: the caller
 * checks the values of float formats.
 */
export function readMono(
  data: Uint8Array,
  format: SampleFormat,
  channels: number,
  frames: number,
  kernel: Kernel = 'wasm-simd',
): Float32Array {
  if (kernel === 'wasm-simd' && format.integer) {
    const mono = decodeSimd(data, format.bytes, channels, frames)
    if (mono) return mono
  }
  // Little endian, as every Node platform is.
  if (format === float32 && channels === 1) {
    const copy = new Float32Array(frames)
    new Uint8Array(copy.buffer).set(data.subarray(0, 4 * frames))
    return copy
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const mono = new Float32Array(frames)
  const { bytes, read } = format
  let offset = 0
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++, offset += bytes) sum += read(view, offset)
    mono[frame] = sum / channels
  }
  return mono
}

/** Samples of each channel by itself, from a frame on. */
export function readChannels(
  data: Uint8Array,
  { bytes, read }: SampleFormat,
  channels: number,
  first: number,
  frames: number,
): Float32Array[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const start = first * channels * bytes
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: frames }, (_, frame) =>
      read(view, start + (frame * channels + channel) * bytes),
    ),
  )
}

const fullScale16 = 1 - 2 ** -15

function integerFormat(bits: number, bytes: number): SampleFormat | undefined {
  const read = integerReaders.get(bytes)
  return (
    read && {
      name: bits === 8 * bytes ? `${bits}-bit PCM` : `${bits}-bit PCM in ${8 * bytes} bits`,
      bytes,
      integer: bytes > 1 && bytes <= 4,
      float: false,
      fullScale: Math.min(fullScale16, 1 - 2 ** (1 - bits)),
      read,
    }
  )
}

/** Samples of one byte are unsigned. */
const integerReaders: ReadonlyMap<number, SampleFormat['read']> = new Map([
  [1, (view, at) => (view.getUint8(at) - 128) / 128],
  [2, (view, at) => view.getInt16(at, true) / 2 ** 15],
  [3, (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 2 ** 23],
  [4, (view, at) => view.getInt32(at, true) / 2 ** 31],
  [8, (view, at) => (view.getUint32(at, true) + view.getInt32(at + 4, true) * 2 ** 32) / 2 ** 63],
])

const float32: SampleFormat = {
  name: '32-bit float',
  bytes: 4,
  integer: false,
  float: true,
  fullScale: fullScale16,
  read: (view, at) => view.getFloat32(at, true),
}

/** Integers in the lower 24 of 32 bits; what is in the upper 8 does not count. */
export const right24: SampleFormat = {
  name: '24-bit PCM in the lower of 32 bits',
  bytes: 4,
  integer: false,
  float: false,
  fullScale: fullScale16,
  read: (view, at) => ((view.getInt32(at, true) << 8) >> 8) / 2 ** 23,
}

/** Floats up to 2^23. */
export const float24: SampleFormat = {
  name: '24.0 float',
  bytes: 4,
  integer: false,
  float: true,
  fullScale: fullScale16,
  read: (view, at) => view.getFloat32(at, true) / 2 ** 23,
}

const otherFormats: ReadonlyMap<string, SampleFormat> = new Map([
  ['3/32', float32],
  [
    '3/64',
    { ...float32, name: '64-bit float', bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  ],
  ['6/8', companded('A-law', 32256, aLawValue)],
  ['7/8', companded('mu-law', 32124, muLawValue)],
])

function companded(name: string, largest: number, valueOf: (byte: number) => number): SampleFormat {
  return {
    name,
    bytes: 1,
    integer: false,
    float: false,
    fullScale: largest / 32768,
    read: (view, at) => valueOf(view.getUint8(at)),
  }
}

const codecs: ReadonlyMap<number, string> = new Map([
  [0x0001, 'PCM'],
  [0x0002, 'Microsoft ADPCM'],
  [0x0003, 'float'],
  [0x0006, 'A-law'],
  [0x0007, 'mu-law'],
  [0x0011, 'IMA ADPCM'],
  [0x0031, 'GSM 6.10'],
  [0x0040, 'G.721 ADPCM'],
  [0x0050, 'MPEG audio'],
  [0x0055, 'MP3'],
  [0x00ff, 'AAC'],
  [0x0160, 'Windows Media'],
  [0x0161, 'Windows Media'],
  [0x674f, 'Ogg Vorbis'],
  [0xf1ac, 'FLAC'],
])
