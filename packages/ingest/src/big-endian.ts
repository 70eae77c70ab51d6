import { aLawValue, muLawValue } from './g711.js'
import type { SampleFormat } from './wav-samples.js'

/** How AIFF and Sun audio code a sample: bytes from the most significant on, and integers signed, also those of a byte. */
export type BigEndianCoding =
  'pcm' | 'unsigned' | 'little-endian pcm' | 'float' | 'a-law' | 'mu-law'

/**
 * The format of a sample of so many bits; undefined where there is none. An integer of fewer bits than its bytes hold
 * stands in the upper ones, so it is worth sample / 2^(8 · bytes - 1).
 */
export function bigEndianFormat(coding: BigEndianCoding, bits: number): SampleFormat | undefined {
  if (coding === 'a-law' || coding === 'mu-law') return companded[coding]
  const bytes = Math.ceil(bits / 8)
  const little = coding === 'little-endian pcm'
  const isFloat = coding === 'float'
  const read = isFloat ? floatReaders.get(bits) : integerReader(bytes, little)
  if (!read || bits < 1 || (coding === 'unsigned' && bits > 8)) return undefined
  return {
    name: isFloat ? `${bits}-bit float` : `${bits}-bit PCM`,
    bytes,
    integer: little && bytes > 1,
    float: isFloat,
    fullScale: isFloat ? fullScale16 : Math.min(fullScale16, 1 - 2 ** (1 - bits)),
    read: coding === 'unsigned' ? (view, at) => (view.getUint8(at) - 128) / 128 : read,
  }
}

const fullScale16 = 1 - 2 ** -15

function integerReader(bytes: number, little: boolean): SampleFormat['read'] | undefined {
  switch (bytes) {
    case 1:
      return (view, at) => view.getInt8(at) / 2 ** 7
    case 2:
      return (view, at) => view.getInt16(at, little) / 2 ** 15
    case 3:
      return little
        ? (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 2 ** 23
        : (view, at) => (view.getInt16(at) * 256 + view.getUint8(at + 2)) / 2 ** 23
    case 4:
      return (view, at) => view.getInt32(at, little) / 2 ** 31
    default:
      return undefined
  }
}

const floatReaders: ReadonlyMap<number, SampleFormat['read']> = new Map([
  [32, (view, at) => view.getFloat32(at)],
  [64, (view, at) => view.getFloat64(at)],
])

const byteFormat = { bytes: 1, integer: false, float: false } as const

const companded = {
  'a-law': {
    ...byteFormat,
    name: 'A-law',
    fullScale: 32256 / 32768,
    read: (view: DataView, at: number) => aLawValue(view.getUint8(at)),
  },
  'mu-law': {
    ...byteFormat,
    name: 'mu-law',
    fullScale: 32124 / 32768,
    read: (view: DataView, at: number) => muLawValue(view.getUint8(at)),
  },
} as const
