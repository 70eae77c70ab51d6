import { InputError } from '@serflow/core'
import { bigEndianFormat, type BigEndianCoding } from './big-endian.js'
import type { ByteSource } from './byte-source.js'
import { howToConvert } from './conversion.js'
import { expectChannelsAndRate, expectFrames, lengthNotes } from './pcm-checks.js'
import { fourBytes, readView } from './wav-chunk.js'
import type { WavHeader } from './wav-header.js'

/**
 * The header of an AIFF or AIFF-C file: PCM of 1 to 32 bits in either order of bytes, float of 32 and 64 bits, A-law and
 * mu-law.
 *
 * @param start of the FORM header in the source
 * @throws InputError naming the file: no samples, an unknown codec, a damaged header
 * @see Audio Interchange File Format: "AIFF" 1.3; AIFF-C draft of 1991
 */
export function aiffHeader(source: ByteSource, start: number, fileName: string): WavHeader {
  const { common, sound } = findChunks(source, start)
  if (!common || !sound || common.byteLength < 18) {
    const missing = sound ? 'COMM' : 'SSND'
    throw new InputError(
      `"${fileName}" is an AIFF file without a whole "${missing}" chunk, so it holds no sound; copy or record it again`,
    )
  }
  const channels = common.getUint16(0)
  const bits = common.getUint16(6)
  const sampleRateHz = Math.round(extended(common, 8))
  const codec = common.byteLength >= 22 ? latin1(common, 18, 4) : 'NONE'
  const coding = codings.get(codec)
  const format = coding && bigEndianFormat(coding.coding, coding.bits ?? bits)
  if (!format) {
    throw new InputError(
      `"${fileName}" is AIFF with codec "${printable(codec)}" of ${bits} bits, which is not read here; ${howToConvert(fileName)}`,
    )
  }
  expectChannelsAndRate(channels, sampleRateHz, fileName)

  const frameBytes = format.bytes * channels
  // A stream has no number of frames; else the chunk may have more room than sound.
  const said = common.getUint32(2) * frameBytes || sound.size
  const held = Math.max(0, Math.min(sound.size, source.size - sound.start))
  const present = Math.min(said, held)
  const frames = Math.floor(present / frameBytes)
  expectFrames(frames, sampleRateHz, { format: 'an AIFF', present }, fileName)
  const more = Number.isFinite(sound.size) ? Math.floor(held / frameBytes) - frames : 0
  const notes = [
    ...lengthNotes(said, present, frameBytes),
    ...(more > 0
      ? [`unread: the header says ${frames} frames, its sound chunk holds ${more} more`]
      : []),
  ]
  return { format, channels, sampleRateHz, start: sound.start, frames, notes }
}

interface AiffChunks {
  readonly common?: DataView
  readonly sound?: { readonly start: number; readonly size: number }
}

/** A file of small chunks must not be walked for ever. */
const mostChunks = 10_000

function findChunks(source: ByteSource, start: number): AiffChunks {
  let found: AiffChunks = {}
  let at = start + 12
  for (let count = 0; count < mostChunks && at + 8 <= source.size; count++) {
    const head = readView(source, at, 16)
    const id = head.getUint32(0)
    const size = head.getUint32(4)
    const body = at + 8
    if (id === fourBytes('COMM')) {
      found = { ...found, common: readView(source, body, Math.min(size, 22)) }
    }
    if (id === fourBytes('SSND') && !found.sound && head.byteLength === 16) {
      // Behind two words, the first of them is how far the sound is aligned. A stream has no size.
      const skipped = 8 + head.getUint32(8)
      const known = size === 0 || size >= 0x7ffff000 ? Infinity : size - skipped
      found = { ...found, sound: { start: body + skipped, size: Math.max(0, known) } }
    }
    at = body + size + (size % 2)
  }
  return found
}

/** A float of 80 bits: sign and exponent in 16, then a mantissa of 64. */
function extended(view: DataView, at: number): number {
  const exponent = view.getUint16(at) & 0x7fff
  return Number(view.getBigUint64(at + 2)) * 2 ** (exponent - 16383 - 63)
}

function latin1(view: DataView, at: number, length: number): string {
  return Buffer.from(view.buffer, view.byteOffset + at, length).toString('latin1')
}

/** Codecs of AIFF-C; some say their bits themselves. */
const codings: ReadonlyMap<string, { readonly coding: BigEndianCoding; readonly bits?: number }> =
  new Map([
    ['NONE', { coding: 'pcm' }],
    ['twos', { coding: 'pcm' }],
    ['in24', { coding: 'pcm', bits: 24 }],
    ['in32', { coding: 'pcm', bits: 32 }],
    ['sowt', { coding: 'little-endian pcm' }],
    ['raw ', { coding: 'unsigned' }],
    ['fl32', { coding: 'float', bits: 32 }],
    ['FL32', { coding: 'float', bits: 32 }],
    ['fl64', { coding: 'float', bits: 64 }],
    ['FL64', { coding: 'float', bits: 64 }],
    ['alaw', { coding: 'a-law' }],
    ['ALAW', { coding: 'a-law' }],
    ['ulaw', { coding: 'mu-law' }],
    ['ULAW', { coding: 'mu-law' }],
  ])

/** Four letters, or any bytes in a damaged file. */
function printable(codec: string): string {
  return codec.replace(/[^ -~]/g, '?')
}
