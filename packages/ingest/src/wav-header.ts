import { InputError } from '@serflow/core'
import type { ByteSource } from './byte-source.js'
import { howToConvert } from './conversion.js'
import { soundKind } from './sound-kind.js'
import { tailNote } from './wav-tail.js'
import { findChunks, type WavChunks } from './wav-chunks.js'
import { readFormat } from './wav-format.js'
import type { SampleFormat } from './wav-samples.js'

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
  const chunks = findChunks(source, start)
  const { format: formatChunk, data } = chunks
  if (formatChunk === undefined || data === undefined) {
    const missing = formatChunk === undefined ? 'fmt' : 'data'
    throw new InputError(
      `"${fileName}" is a WAV file without a "${missing}" chunk, so it holds no sound; copy or record it again`,
    )
  }
  const { format, channels, sampleRateHz } = readFormat(source, formatChunk, data, fileName)

  const frameBytes = format.bytes * channels
  const frames = Math.floor(data.present / frameBytes)
  if (frames === 0) {
    throw new InputError(
      `"${fileName}" has a WAV header but no samples (${data.present} bytes of data); record it again or remove it`,
    )
  }
  expectSoundLength(frames, sampleRateHz, fileName)
  return {
    format,
    channels,
    sampleRateHz,
    start: data.start,
    frames,
    notes: [...notes, ...chunks.notes, ...dataNotes(source, chunks, frameBytes)],
  }
}

/** Below this rate a header is more likely damaged than right. */
const lowRateHz = 1000
/** Brought to 16 kHz, some bytes at 1 Hz are as much sound as a thousandfold of them elsewhere. */
const mostHours = 6

function expectSoundLength(frames: number, sampleRateHz: number, fileName: string): void {
  const hours = frames / sampleRateHz / 3600
  if (sampleRateHz >= lowRateHz || hours <= mostHours) return
  throw new InputError(
    `"${fileName}" says ${sampleRateHz} Hz, at which its ${frames} frames are ${Math.round(hours)} hours, expected at ` +
      `most ${mostHours} at so low a rate; its header is damaged, copy or record it again`,
  )
}

function dataNotes(
  source: ByteSource,
  { data, further, end }: WavChunks,
  frameBytes: number,
): readonly string[] {
  if (!data) return []
  const notes: string[] = []
  const frames = Math.floor(data.present / frameBytes)
  if (Number.isFinite(data.size) && data.size > data.present) {
    const expected = Math.floor(data.size / frameBytes)
    notes.push(`truncated: the header says ${expected} frames, the file holds ${frames}`)
  } else if (data.present % frameBytes !== 0) {
    notes.push(`${data.present % frameBytes} bytes after the last whole frame are ignored`)
  }
  const left = further.reduce((sum, { present }) => sum + Math.floor(present / frameBytes), 0)
  if (left > 0) {
    notes.push(
      `unread: of its data chunks the first is read, ${left} frames lie in ${further.length} more`,
    )
  }
  return [...notes, ...tailNote(source, end, frameBytes)]
}
