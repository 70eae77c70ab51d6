import { decodeSimd } from './kernels/decode.js'
import type { Kernel } from './kernels/reader-kernel.js'
import { aLawValue, muLawValue } from './g711.js'

/** How one sample of one channel is coded. */
export interface SampleFormat {
  /** In words, e.g. `16-bit PCM`. */
  readonly name: string
  readonly bytes: number
  /** Whether a sample is a signed integer, little endian. */
  readonly integer: boolean
  /** Whether values that are not finite can occur. */
  readonly float: boolean
  /** The largest positive value; for floats, and for integers of more than 16 bits, that of 16 bits. */
  readonly fullScale: number
  /** The value in -1..1 of the sample at a byte offset. */
  read(view: DataView, offset: number): number
}

/** The format for a codec tag and a number of bits; undefined where there is none. */
export function sampleFormat(tag: number, bits: number): SampleFormat | undefined {
  return formats.get(`${tag}/${bits}`)
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
  if (format.float && format.bytes === 4 && channels === 1) {
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

const fullScale16 = 1 - 2 ** -15

const formats: ReadonlyMap<string, SampleFormat> = new Map(
  Object.entries({
    '1/8': {
      name: '8-bit PCM',
      bytes: 1,
      integer: false,
      float: false,
      fullScale: 127 / 128,
      read: (view: DataView, offset: number) => (view.getUint8(offset) - 128) / 128,
    },
    '1/16': {
      name: '16-bit PCM',
      bytes: 2,
      integer: true,
      float: false,
      fullScale: fullScale16,
      read: (view: DataView, offset: number) => view.getInt16(offset, true) / 2 ** 15,
    },
    '1/24': {
      name: '24-bit PCM',
      bytes: 3,
      integer: true,
      float: false,
      fullScale: fullScale16,
      read: (view: DataView, offset: number) =>
        (view.getUint16(offset, true) + view.getInt8(offset + 2) * 65536) / 2 ** 23,
    },
    '1/32': {
      name: '32-bit PCM',
      bytes: 4,
      integer: true,
      float: false,
      fullScale: fullScale16,
      read: (view: DataView, offset: number) => view.getInt32(offset, true) / 2 ** 31,
    },
    '3/32': {
      name: '32-bit float',
      bytes: 4,
      integer: false,
      float: true,
      fullScale: fullScale16,
      read: (view: DataView, offset: number) => view.getFloat32(offset, true),
    },
    '3/64': {
      name: '64-bit float',
      bytes: 8,
      integer: false,
      float: true,
      fullScale: fullScale16,
      read: (view: DataView, offset: number) => view.getFloat64(offset, true),
    },
    '6/8': {
      name: 'A-law',
      bytes: 1,
      integer: false,
      float: false,
      fullScale: 32256 / 32768,
      read: (view: DataView, offset: number) => aLawValue(view.getUint8(offset)),
    },
    '7/8': {
      name: 'mu-law',
      bytes: 1,
      integer: false,
      float: false,
      fullScale: 32124 / 32768,
      read: (view: DataView, offset: number) => muLawValue(view.getUint8(offset)),
    },
  }),
)

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
