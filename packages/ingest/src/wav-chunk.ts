import type { ByteSource } from './byte-source.js'

/** The eight bytes that a chunk begins with: four letters as a number, and the size of what follows. */
export interface ChunkHead {
  readonly id: number
  readonly size: number
}

export function readHead(source: ByteSource, at: number): ChunkHead {
  const view = readView(source, at, 8)
  return { id: view.getUint32(0, false), size: view.getUint32(4, true) }
}

export function readView(source: ByteSource, start: number, length: number): DataView {
  const bytes = source.read(start, start + length)
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function fourBytes(id: string): number {
  return [...id].reduce((word, letter) => word * 256 + letter.charCodeAt(0), 0)
}

/** A size that is not known, or stands elsewhere. */
export const unsetSize = 0xffffffff

/**
 * Where the chunk behind a body begins. A body of odd size has a pad byte; some writers leave it out, so where a chunk
 * follows without one and none with one, that is the place. A chunk of unknown size has none behind it.
 */
export function behindChunk(source: ByteSource, body: number, size: number): number {
  if (size === Infinity) return Infinity
  const end = body + size
  if (size % 2 === 0 || end + 1 >= source.size) return end + (size % 2)
  // No chunk's name begins with a zero byte.
  if (source.read(end, end + 1)[0] === 0) return end + 1
  return likeness(source, end + 1) >= likeness(source, end) ? end + 1 : end
}

/** Whether a chunk's head may stand at a place: a known name, or any that could be one with a size that fits. */
export function isChunk(source: ByteSource, at: number): boolean {
  return likeness(source, at) > 0
}

export function isKnownChunk(source: ByteSource, at: number): boolean {
  return likeness(source, at) === 2
}

function likeness(source: ByteSource, at: number): 0 | 1 | 2 {
  if (at + 8 > source.size) return 0
  const { id, size } = readHead(source, at)
  if (knownIds.has(id)) return 2
  const end = at + 8 + size
  if (end > source.size + 1) return size === unsetSize && isText(id) ? 1 : 0
  if (isText(id)) return 1
  // A name that is no text is believed where the size leads to the end or to a known chunk.
  const next = end + (size % 2)
  const leads = next + 8 > source.size || knownIds.has(readHead(source, next).id)
  return id !== 0 && leads ? 1 : 0
}

function isText(id: number): boolean {
  return [24, 16, 8, 0].every((shift) => {
    const letter = (id >>> shift) & 255
    return letter >= 32 && letter < 127
  })
}

/** Names of chunks that WAV files have, the file's own among them. */
export const knownIds: ReadonlySet<number> = new Set(
  (
    'RIFF RF64 BW64 fmt_ data ds64 fact LIST list JUNK junk Junk FLLR PAD_ Fake bext iXML axml chna cart cue_ smpl ' +
    'inst plst PEAK levl umid minf elm1 regn ovwf DISP acid strc afsp id3_ ID3_ _PMX aXML SAUR Cr8r LGWV DGDA SNDM ' +
    'wavl slnt link note mext qlty labl ltxt clm_ rgad bwav tlst ResU'
  )
    .split(' ')
    .map((name) => fourBytes(name.replace(/_$/, ' '))),
)
