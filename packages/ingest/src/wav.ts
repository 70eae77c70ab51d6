import type { Audio } from '@serflow/core'
import { bytesSource, type ByteSource } from './byte-source.js'
import { expectFinite } from './levels.js'
import { readWavHeader, type WavHeader } from './wav-header.js'
import { startWavLevels } from './wav-levels.js'
import { readMono } from './wav-samples.js'

/** A sound read from a file. */
export interface DecodedSound {
  /** The mean of the channels, at the file's rate. */
  readonly audio: Audio
  readonly channels: number
  /** What the user should know, e.g. that the file is truncated; empty for a sound file in order. */
  readonly notes: readonly string[]
}

/**
 * RIFF/WAVE bytes to mono sound.
 *
 * Reads PCM of 8 (unsigned), 16, 24, 32 and 64 bits, of fewer bits in these (12 in 16, 20 in 24, 24 in 32), float of 32
 * and 64 bits, A-law, mu-law, and WAVE_FORMAT_EXTENSIBLE around these; RIFF, RF64 and BW64; any number of channels; 1 Hz
 * to 1 MHz. Chunks are walked wherever they stand (see `findChunks`). An integer in n bits of storage is worth
 * sample / 2^(n-1); floats stand as they are. Mono is the mean of the channels.
 * A size of 0xFFFFFFFF or thereabouts (written through a pipe) means: to the end of the file.
 * Data shorter than the header says gives the whole frames that are there, and a note; so do a size that was left 0, what
 * lies behind and is not read, silence, and clipping in any channel.
 *
 * @param fileName for messages
 * @throws InputError naming the file: empty, no samples, not WAV, an unknown codec, a sample that is not finite
 * @see Multimedia Programming Interface and Data Specifications 1.0; EBU Tech 3306 (RF64)
 */
export function decodeWav(bytes: Uint8Array, fileName: string): DecodedSound {
  const source = bytesSource(bytes)
  return decodeAll(source, readWavHeader(source, fileName), fileName)
}

/**
 * All sound of a file of plain samples, with notes on its levels.
 *
 * @throws InputError naming the sample that is not finite
 */
export function decodeAll(source: ByteSource, header: WavHeader, fileName: string): DecodedSound {
  const { channels, sampleRateHz, format, frames } = header
  const data = framesOf(source, header, 0, frames)
  const samples = monoOf(data, header, 0, fileName)
  const levels = startWavLevels(format, channels)
  levels.add(data, samples)
  const notes = [...header.notes, ...levels.notes()]
  return { audio: { samples, sampleRateHz }, channels, notes }
}

/**
 * The mono samples of frames first to last, the latter not included.
 *
 * @param look is given the frames as well
 * @throws InputError naming the sample that is not finite
 */
export function readFrames(
  source: ByteSource,
  header: WavHeader,
  first: number,
  last: number,
  fileName: string,
  look?: (data: Uint8Array, mono: Float32Array) => void,
): Float32Array {
  const data = framesOf(source, header, first, last)
  const mono = monoOf(data, header, first, fileName)
  look?.(data, mono)
  return mono
}

function framesOf(source: ByteSource, header: WavHeader, first: number, last: number): Uint8Array {
  const { format, channels, start } = header
  const frameBytes = format.bytes * channels
  return source.read(start + first * frameBytes, start + last * frameBytes)
}

function monoOf(
  data: Uint8Array,
  { format, channels }: WavHeader,
  first: number,
  fileName: string,
): Float32Array {
  const frames = Math.floor(data.length / (format.bytes * channels))
  const samples = readMono(data, format, channels, frames)
  if (format.float) expectFinite(samples, first, fileName)
  return samples
}

/**
 * Sound as 16-bit PCM in a RIFF/WAVE file with the plain 44-byte header. Values are rounded to the nearest step of
 * 2^-15 and limited to -1..1 - 2^-15.
 *
 * @throws RangeError for a sample that is not finite
 */
export function encodeWav(audio: Audio): Uint8Array {
  const { samples, sampleRateHz } = audio
  const bytes = new Uint8Array(44 + 2 * samples.length)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode('RIFF\0\0\0\0WAVEfmt '))
  view.setUint32(4, 36 + 2 * samples.length, true)
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRateHz, true)
  view.setUint32(28, 2 * sampleRateHz, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  bytes.set(new TextEncoder().encode('data'), 36)
  view.setUint32(40, 2 * samples.length, true)
  samples.forEach((sample, index) => {
    if (!Number.isFinite(sample)) throw new RangeError(`sample ${index} is ${sample}`)
    const step = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)))
    view.setInt16(44 + 2 * index, step, true)
  })
  return bytes
}
