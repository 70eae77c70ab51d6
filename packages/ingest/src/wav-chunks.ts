import type { ByteSource } from './byte-source.js'
import {
  behindChunk,
  fourBytes,
  isChunk,
  isKnownChunk,
  readHead,
  readView,
  unsetSize,
} from './wav-chunk.js'
import { endOfSound, searchChunk } from './wav-search.js'

/** A chunk's body. */
export interface Chunk {
  readonly start: number
  /** As the header says; Infinity for an unknown length. */
  readonly size: number
  /** Bytes of it that are in the file. */
  readonly present: number
}

/** What a RIFF file holds of a sound. */
export interface WavChunks {
  readonly format: Chunk | undefined
  readonly data: Chunk | undefined
  /** Data chunks behind the first. */
  readonly further: readonly Chunk[]
  /** Where the last chunk ends; what lies behind it is none. */
  readonly end: number
  readonly notes: readonly string[]
}

/** A file of small chunks must not be walked for ever. */
const mostChunks = 10_000
/** How often a walk that went astray is taken up again. */
const mostSearches = 4

/**
 * Walks the chunks of a RIFF, RF64 or BW64 file, wherever they stand.
 *
 * Writers that get headers wrong are met half-way: an odd chunk without its pad byte; sizes of 0 or close to 2^31 or
 * 2^32, left by a stream or by a recorder that was stopped, so that the sound goes on to the end of the file or to the
 * chunks there; sizes that began again at 0 beyond 4 GiB; an empty data chunk before the true one. Where a wrong size leads astray before the sound is found, the
 * missing chunks are looked for.
 *
 * @param start of the RIFF header in the source
 * @see EBU Tech 3306 for `ds64`
 */
export function findChunks(source: ByteSource, start: number): WavChunks {
  const { id: magic, size: riffSize } = readHead(source, start)
  const sizes64: Sizes64 = { counts: magic !== riffId, of: new Map() }
  const notes = new Set<string>()
  const further: Chunk[] = []
  let format: Chunk | undefined
  let data: Chunk | undefined
  /** Behind an empty data chunk. */
  let empty: number | undefined
  let at = start + 12
  let body = at
  let searches = 0

  for (let count = 0; count < mostChunks; count++) {
    // What follows an empty data chunk may be its sound.
    if (!(at === empty ? isKnownChunk(source, at) : isChunk(source, at))) {
      const isWhole = format !== undefined && (data !== undefined || empty !== undefined)
      if (isWhole || ++searches > mostSearches) break
      const found = searchChunk(source, body, { format: !format, data: !data })
      if (found === undefined) break
      notes.add('damaged: a chunk before its sound has a wrong size, so its sound was looked for')
      at = found
    }
    const { id, size } = readHead(source, at)
    if (riffIds.has(id)) break
    body = at + 8
    if (id === dataId) {
      const length = dataSize(size, riffSize, sizes64) + wrapped(source, start, riffSize)
      const present =
        body + length > source.size ? endOfSound(source, body) - body : Math.max(0, length)
      if (length === 0) empty ??= body
      else if (data) further.push({ start: body, size: length, present })
      else data = { start: body, size: length, present }
      at = behindChunk(source, body, present)
      continue
    }
    if (id === ds64Id) readSizes64(source, body, size, sizes64)
    if (id === formatId) format ??= { start: body, size, present: size }
    const length = size === unsetSize ? (sizes64.of.get(id)?.shift() ?? Infinity) : size
    at = behindChunk(source, body, length)
  }

  if (data && empty !== undefined && empty < data.start) {
    notes.add('unfinished: its first data chunk is empty, so the next one is read')
  }
  if (!data && empty !== undefined) {
    // Where chunks follow it, there is no sound between.
    const present = at === empty ? endOfSound(source, empty) - empty : 0
    data = { start: empty, size: present, present }
    if (present > 0) {
      notes.add('unfinished: its header says 0 bytes of data, so what lies behind it is read')
      at = source.size
    }
  }
  return { format, data, further, end: Math.min(at, source.size), notes: [...notes] }
}

/** The sizes in `ds64`: of the data, and of other chunks in their order, by name. */
interface Sizes64 {
  /** Whether the file is one of 64 bits by its name: then a size of data here counts, whatever the chunk's own says. */
  readonly counts: boolean
  /** Some writers leave it 0. */
  data?: number
  readonly of: Map<number, number[]>
}

/** Entries of the table that are looked at. */
const mostEntries = 1000

function readSizes64(source: ByteSource, start: number, size: number, sizes: Sizes64): void {
  const view = readView(source, start, Math.min(size, 28 + 12 * mostEntries))
  if (view.byteLength < 24) return
  const data = view.getBigUint64(8, true)
  // All ones: not known.
  sizes.data = data < 2n ** 63n ? Number(data) : Infinity
  const entries = view.byteLength < 28 ? 0 : view.getUint32(24, true)
  for (let entry = 0, at = 28; entry < entries && at + 12 <= view.byteLength; entry++, at += 12) {
    const id = view.getUint32(at, false)
    sizes.of.set(id, [...(sizes.of.get(id) ?? []), Number(view.getBigUint64(at + 4, true))])
  }
}

/**
 * Sox, arecord and others write a little under 2 GiB to a pipe, some encoders a little under 4 GiB, and GStreamer's muxer
 * leaves both sizes 0 where it cannot seek back.
 */
function dataSize(size: number, riffSize: number, sizes64: Sizes64): number {
  if (size === unsetSize) return sizes64.data ?? Infinity
  if (sizes64.counts && sizes64.data) return sizes64.data
  if (size >= 0x7ffff000 && size <= 0x80000000) return Infinity
  if (size >= 0xffffff00 || (size > 0x80000000 && riffSize === unsetSize)) return Infinity
  return size === 0 && riffSize === 0 ? Infinity : size
}

/** Bytes that a writer of 32-bit sizes lost count of, in a file beyond 4 GiB: its own size lacks just as many. */
function wrapped(source: ByteSource, start: number, riffSize: number): number {
  const missing = source.size - start - 8 - riffSize
  return missing > 0 && missing % 2 ** 32 === 0 ? missing : 0
}

const dataId = fourBytes('data')
const formatId = fourBytes('fmt ')
const ds64Id = fourBytes('ds64')
const riffId = fourBytes('RIFF')
const riffIds: ReadonlySet<number> = new Set([riffId, ...['RF64', 'BW64'].map(fourBytes)])
