import type { ByteSource } from './byte-source.js'
import { isFrameChain } from './decoders/mp3-header.js'
import type { CompressedKind } from './decoders/index.js'
import { fileKind } from './file-kind.js'

/** A file may have a tag of a few kinds, not hundreds. */
const mostTags = 8

/**
 * Where the tags at the beginning of a file end: ID3v2, whose size is four bytes of seven bits, and APEv2. A tag whose
 * size cannot be true is stepped over by its head alone.
 *
 * @see https://id3.org/id3v2.4.0-structure, https://wiki.hydrogenaud.io/index.php?title=APE_Tags_Header
 */
export function behindTags(source: ByteSource): number {
  let at = 0
  for (let tag = 0; tag < mostTags; tag++) {
    const length = tagLength(source.read(at, at + 32))
    if (length === undefined) break
    at += at + length < source.size ? length : 10
  }
  return at
}

function tagLength(head: Uint8Array): number | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1')
  if (text.startsWith('ID3') && head.length >= 10) {
    const bytes = head.subarray(6, 10)
    if (bytes.some((byte) => byte > 127)) return 10
    const footer = (head[5]! & 16) !== 0 ? 10 : 0
    return 10 + bytes.reduce((sum, byte) => sum * 128 + byte, 0) + footer
  }
  // The size counts all but the header.
  if (text.startsWith('APETAGEX') && head.length >= 32) {
    return 32 + new DataView(head.buffer, head.byteOffset).getUint32(12, true)
  }
  return undefined
}

/** How far sound is looked for in a file that begins with something else, in bytes. */
const searchedBytes = 1 << 20

/**
 * The first sound within a mebibyte: three frames of MPEG audio one behind the other, a WAV header with a chunk, or the
 * beginning of FLAC or Ogg.
 */
export function findSound(
  source: ByteSource,
  from: number,
): { readonly kind: 'WAV' | CompressedKind; readonly start: number } | undefined {
  const bytes = source.read(from, from + searchedBytes)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = [
    { kind: 'MP3 (.mp3)' as const, at: firstWhere(text, '\xff', (here) => isFrameChain(here)) },
    { kind: 'WAV' as const, at: firstWhere(text, 'RIFF', (here) => isWav(here, source.size)) },
    { kind: 'FLAC (.flac)' as const, at: firstWhere(text, 'fLaC', isFlac) },
    ...oggKinds.map((kind) => ({
      kind,
      at: firstWhere(text, 'OggS\0\x02', (here) => fileKind(here.subarray(0, 1024)).name === kind),
    })),
  ].filter(({ at }) => at >= 0)
  const [first] = found.sort((left, right) => left.at - right.at)
  return first && { kind: first.kind, start: from + first.at }
}

const oggKinds = ['Ogg Vorbis (.ogg)', 'Ogg Opus (.opus)', 'Ogg FLAC (.oga)'] as const

/** The first place of a text, in Latin-1, from which on the bytes fit; -1 where there is none. */
function firstWhere(bytes: Buffer, text: string, fits: (here: Buffer) => boolean): number {
  let at = bytes.indexOf(text, 0, 'latin1')
  while (at >= 0 && !fits(bytes.subarray(at))) at = bytes.indexOf(text, at + 1, 'latin1')
  return at
}

function isWav(bytes: Buffer, mostBytes: number): boolean {
  if (bytes.length < 20 || bytes.toString('latin1', 8, 12) !== 'WAVE') return false
  return /^[ -~]{4}$/.test(bytes.toString('latin1', 12, 16)) && bytes.readUInt32LE(16) < mostBytes
}

/** Its first block is STREAMINFO, of 34 bytes. */
function isFlac(bytes: Buffer): boolean {
  return bytes.length >= 8 && (bytes.readUInt32BE(4) & 0x7fffffff) === 34
}
