import type { ByteSource } from './byte-source.js'
import { behindChunk, fourBytes, isKnownChunk, knownIds, readHead, readView } from './wav-chunk.js'

/** How far a missing chunk is looked for, in bytes. */
const searchedBytes = 1 << 20

/**
 * The nearest `fmt ` or `data` chunk behind a place, of those that are wanted: a `fmt ` that could be one, a `data` whose
 * size leads to the end of the file or to a known chunk.
 */
export function searchChunk(
  source: ByteSource,
  from: number,
  wanted: { readonly format: boolean; readonly data: boolean },
): number | undefined {
  const bytes = source.read(from, from + searchedBytes)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const next = (id: string, fits: (at: number) => boolean) => {
    let at = text.indexOf(id, 0, 'latin1')
    while (at >= 0 && !fits(from + at)) at = text.indexOf(id, at + 1, 'latin1')
    return at < 0 ? Infinity : from + at
  }
  const format = wanted.format ? next('fmt ', (at) => couldBeFormat(source, at)) : Infinity
  const data = wanted.data ? next('data', (at) => couldBeData(source, at)) : Infinity
  const nearest = Math.min(format, data)
  return Number.isFinite(nearest) ? nearest : undefined
}

function couldBeFormat(source: ByteSource, at: number): boolean {
  const view = readView(source, at + 4, 16)
  if (view.byteLength < 16) return false
  const size = view.getUint32(0, true)
  const channels = view.getUint16(6, true)
  return size >= 16 && at + 8 + size <= source.size && channels > 0 && view.getUint32(8, true) > 0
}

function couldBeData(source: ByteSource, at: number): boolean {
  if (at + 8 >= source.size) return false
  const { size } = readHead(source, at)
  const end = at + 8 + size
  if (size === 0 || end > source.size) return size >= 0x7ffff000
  return end + 1 >= source.size || isKnownChunk(source, behindChunk(source, at + 8, size))
}

/** How many bytes at the end of a file are looked at for chunks behind a sound of unknown length. */
const tailBytes = 65536

/**
 * Where a sound of unknown length ends: at the first of the known chunks that end exactly with the file, else with the
 * file.
 *
 * @param start of the sound
 */
export function endOfSound(source: ByteSource, start: number): number {
  const from = Math.max(start, source.size - tailBytes)
  const view = readView(source, from, tailBytes)
  for (let i = 0; i + 8 <= view.byteLength; i++) {
    if (knownIds.has(view.getUint32(i, false)) && leadsToEnd(source, from + i)) return from + i
  }
  return source.size
}

function leadsToEnd(source: ByteSource, first: number): boolean {
  let at = first
  while (at + 8 <= source.size && isKnownChunk(source, at)) {
    const { id, size } = readHead(source, at)
    if (id === riff) return false
    at = behindChunk(source, at + 8, size)
  }
  // A pad byte may be missing at the very end.
  return at === source.size || at === source.size + 1
}

const riff = fourBytes('RIFF')
