import { InputError } from '@serflow/core'
import type { ByteSource } from './byte-source.js'
import { howToConvert, soundKind } from './sound-kind.js'
import { codecName, sampleFormat, type SampleFormat } from './wav-samples.js'

/** Where the samples of a WAV file lie and how they are coded. */
export interface WavHeader {
  readonly format: SampleFormat
  readonly channels: number
  readonly sampleRateHz: number
  /** Offset of the first sample in the file. */
  readonly start: number
  /** Whole frames that are there, whatever the header says. */
  readonly frames: number
  /** What the user should know, e.g. that the file is truncated. */
  readonly notes: readonly string[]
}

/**
 * The header of a RIFF, RF64 or BW64 file; chunks are walked wherever they stand.
 *
 * @param fileName for messages
 * @throws InputError naming the file: empty, no samples, not WAV, an unknown codec, a damaged format
 */
export function readWavHeader(source: ByteSource, fileName: string): WavHeader {
  const { kind } = soundKind(source, fileName)
  if (kind !== 'WAV') {
    throw new InputError(`"${fileName}" is ${kind}, not WAV; ${howToConvert(fileName)}`)
  }
  const { format: formatChunk, data } = findChunks(source, fileName)
  const { format, channels, sampleRateHz } = readFormat(source, formatChunk, fileName)

  const frameBytes = format.bytes * channels
  const present = Math.min(data.size, source.size - data.start)
  const frames = Math.floor(present / frameBytes)
  if (frames === 0) {
    throw new InputError(
      `"${fileName}" has a WAV header but no samples (${present} bytes of data); record it again or remove it`,
    )
  }
  const notes: string[] = []
  if (Number.isFinite(data.size) && data.size > present) {
    const expected = Math.floor(data.size / frameBytes)
    notes.push(`truncated: the header says ${expected} frames, the file holds ${frames}`)
  } else if (present % frameBytes !== 0) {
    notes.push(`${present % frameBytes} bytes after the last whole frame are ignored`)
  }
  return { format, channels, sampleRateHz, start: data.start, frames, notes }
}

/** A file of zeros looks like a row of empty chunks without end. */
const mostChunks = 10_000

interface Chunk {
  readonly start: number
  /** As the header says; Infinity for an unknown length. */
  readonly size: number
}

function findChunks(source: ByteSource, fileName: string): { format: Chunk; data: Chunk } {
  let format: Chunk | undefined
  let data: Chunk | undefined
  let size64: number | undefined
  // GStreamer's muxer leaves both sizes 0 where it cannot seek back.
  const sizesUnset = source.size >= 8 && read(source, 4, 4).getUint32(0, true) === 0
  let chunks = 0
  for (let at = 12; at + 8 <= source.size && !(format && data) && chunks < mostChunks; chunks++) {
    const head = read(source, at, 8)
    const id = head.getUint32(0, false)
    const size = head.getUint32(4, true)
    const start = at + 8
    if (id === fourBytes('ds64') && size >= 24 && start + 24 <= source.size) {
      size64 = Number(read(source, start + 8, 8).getBigUint64(0, true))
    }
    if (id === fourBytes('fmt ')) format ??= { start, size }
    if (id === fourBytes('data')) data ??= { start, size: dataSize(size, size64, sizesUnset) }
    const step = id === fourBytes('data') && data ? data.size : size
    at = start + step + (step % 2)
  }
  const missing = format === undefined ? 'fmt' : data === undefined ? 'data' : undefined
  if (format === undefined || data === undefined) {
    throw new InputError(
      `"${fileName}" is a WAV file without a "${missing}" chunk, so it holds no sound; copy or record it again`,
    )
  }
  return { format, data }
}

function dataSize(size: number, size64: number | undefined, sizesUnset: boolean): number {
  if (size === 0xffffffff) return size64 ?? Infinity
  // Sox, arecord and others write a little under 2 GiB to a pipe.
  if (size >= 0x7ffff000 && size <= 0x80000000) return Infinity
  return size === 0 && sizesUnset ? Infinity : size
}

function fourBytes(id: string): number {
  return [...id].reduce((word, letter) => word * 256 + letter.charCodeAt(0), 0)
}

interface WavFormat {
  readonly format: SampleFormat
  readonly channels: number
  readonly sampleRateHz: number
}

function readFormat(source: ByteSource, { start, size }: Chunk, fileName: string): WavFormat {
  const view = read(source, start, Math.min(size, 40))
  if (view.byteLength < 16) {
    throw new InputError(
      `"${fileName}" has a WAV format chunk of ${size} bytes, expected at least 16; copy or record it again`,
    )
  }
  const channels = view.getUint16(2, true)
  const sampleRateHz = view.getUint32(4, true)
  const frameBytes = view.getUint16(12, true)
  const bits = view.getUint16(14, true)
  const tag = codecTag(view)

  const format = sampleFormat(tag, bits)
  if (!format) {
    throw new InputError(
      `"${fileName}" is WAV with ${codecName(tag)} of ${bits} bits, which is not read here; ${howToConvert(fileName)}`,
    )
  }
  if (channels === 0 || sampleRateHz < 1000 || sampleRateHz > 1_000_000) {
    throw new InputError(
      `"${fileName}" says ${channels} channels at ${sampleRateHz} Hz, expected at least 1 channel and ` +
        '1000 to 1000000 Hz; its header is damaged, copy or record it again',
    )
  }
  if (frameBytes !== format.bytes * channels) {
    throw new InputError(
      `"${fileName}" says ${frameBytes} bytes a frame, expected ${format.bytes * channels} for ${channels} channels of ` +
        `${format.name}; ${howToConvert(fileName)}`,
    )
  }
  return { format, channels, sampleRateHz }
}

/** The codec; WAVE_FORMAT_EXTENSIBLE has it in its sub-format, a GUID of two bytes and a fixed tail. */
function codecTag(view: DataView): number {
  const tag = view.getUint16(0, true)
  if (tag !== 0xfffe || view.byteLength < 40) return tag
  const fixed =
    view.getUint16(26, true) === 0 &&
    view.getUint32(28, false) === 0x00001000 &&
    view.getUint32(32, false) === 0x800000aa &&
    view.getUint32(36, false) === 0x00389b71
  return fixed ? view.getUint16(24, true) : tag
}

function read(source: ByteSource, start: number, length: number): DataView {
  const bytes = source.read(start, start + length)
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
