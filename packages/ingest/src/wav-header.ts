import { InputError } from '@serflow/core'
import type { ByteSource } from './byte-source.js'
import { howToConvert } from './conversion.js'
import { soundKind } from './sound-kind.js'
import { expectFrames, lengthNotes } from './pcm-checks.js'
import { findChunks, type WavChunks } from './wav-chunks.js'
import { readFormat } from './wav-format.js'
import type { SampleFormat } from './wav-samples.js'
import { tailNote } from './wav-tail.js'

/** Where the samples of a WAV file, or of another of plain samples, lie and how they are coded. */
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
 * The header of a RIFF, RF64 or BW64 file; tags before it are stepped over, and chunks are walked wherever they stand
 * (see `findChunks`).
 *
 * @param fileName for messages
 * @throws InputError naming the file: empty, no samples, not WAV, an unknown codec, a damaged format
 */
export function readWavHeader(source: ByteSource, fileName: string): WavHeader {
  const { kind, start, notes } = soundKind(source, fileName)
  if (kind !== 'WAV') {
    throw new InputError(`"${fileName}" is ${kind}, not WAV; ${howToConvert(fileName)}`)
  }
  const header = wavHeader(source, start, fileName)
  return { ...header, notes: [...notes, ...header.notes] }
}

/**
 * `readWavHeader` of a file that is known to be WAV.
 *
 * @param start of the RIFF header in the source
 */
export function wavHeader(source: ByteSource, start: number, fileName: string): WavHeader {
  const chunks = findChunks(source, start)
  const { format: formatChunk, data } = chunks
  if (formatChunk === undefined || data === undefined) {
    const missing = formatChunk === undefined ? 'fmt' : 'data'
    throw new InputError(
      `"${fileName}" is a WAV file without a "${missing}" chunk, so it holds no sound; copy or record it again`,
    )
  }
  const {
    format,
    channels,
    sampleRateHz,
    notes: formatNotes,
  } = readFormat(source, formatChunk, data, fileName)

  const frameBytes = format.bytes * channels
  const frames = Math.floor(data.present / frameBytes)
  expectFrames(frames, sampleRateHz, { format: 'a WAV', present: data.present }, fileName)
  const notes = [
    ...chunks.notes,
    ...formatNotes,
    ...lengthNotes(data.size, data.present, frameBytes),
    ...unreadNotes(chunks, frameBytes),
    ...tailNote(source, chunks.end, frameBytes),
  ]
  return { format, channels, sampleRateHz, start: data.start, frames, notes }
}

function unreadNotes({ further }: WavChunks, frameBytes: number): readonly string[] {
  const frames = further.reduce((sum, { present }) => sum + Math.floor(present / frameBytes), 0)
  if (frames === 0) return []
  return [
    `unread: of its data chunks the first is read, ${frames} frames lie in ${further.length} more`,
  ]
}
