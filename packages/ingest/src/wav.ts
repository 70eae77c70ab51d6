import { InputError, type Audio } from '@serflow/core'
import { fileKind } from './file-kind.js'
import { codecName, readMono, sampleFormat, type SampleFormat } from './wav-samples.js'

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
 * Reads PCM of 8 (unsigned), 16, 24 and 32 bits, float of 32 and 64 bits, A-law, mu-law, and WAVE_FORMAT_EXTENSIBLE
 * around these; RIFF, RF64 and BW64; any number of channels. Chunks are walked wherever they stand. An integer
 * sample of n bits is worth sample / 2^(n-1); floats stand as they are. Mono is the mean of the channels.
 * A size of 0xFFFFFFFF or thereabouts (written through a pipe) means: to the end of the file.
 * Data shorter than the header says gives the whole frames that are there, and a note.
 *
 * @param fileName for messages
 * @throws InputError naming the file: empty, no samples, not WAV, an unknown codec, a sample that is not finite
 * @see Multimedia Programming Interface and Data Specifications 1.0; EBU Tech 3306 (RF64)
 */
export function decodeWav(bytes: Uint8Array, fileName: string): DecodedSound {
  checkKind(bytes, fileName)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { format: formatChunk, data } = findChunks(view, fileName)
  const { format, channels, sampleRateHz } = readFormat(view, formatChunk, fileName)

  const frameBytes = format.bytes * channels
  const present = Math.min(data.size, bytes.length - data.start)
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

  const samples = readMono(bytes.subarray(data.start), format, channels, frames)
  if (format.float) notes.push(...checkFloats(samples, fileName))
  return { audio: { samples, sampleRateHz }, channels, notes }
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

/** @throws InputError saying what the file is, where it is not WAV */
export function checkKind(bytes: Uint8Array, fileName: string): void {
  if (bytes.length === 0) {
    throw new InputError(`"${fileName}" is empty (0 bytes), expected a WAV file; copy it again`)
  }
  const { name, sound } = fileKind(bytes)
  if (name === 'WAV') return
  if (!sound) {
    throw new InputError(
      `"${fileName}" is ${name}, not sound; expected a WAV file; replace or remove it`,
    )
  }
  throw new InputError(`"${fileName}" is ${name}, not WAV; ${howToConvert(fileName)}`)
}

function howToConvert(fileName: string): string {
  const stem = fileName.replace(/\.[^./\\]*$/, '')
  return `convert it: ffmpeg -i "${fileName}" -c:a pcm_s16le "${stem}-pcm.wav"`
}

interface Chunk {
  readonly start: number
  /** As the header says; Infinity for an unknown length. */
  readonly size: number
}

function findChunks(view: DataView, fileName: string): { format: Chunk; data: Chunk } {
  let format: Chunk | undefined
  let data: Chunk | undefined
  let size64: number | undefined
  // GStreamer's muxer leaves both sizes 0 where it cannot seek back.
  const sizesUnset = view.byteLength >= 8 && view.getUint32(4, true) === 0
  for (let at = 12; at + 8 <= view.byteLength && !(format && data);) {
    const id = view.getUint32(at, false)
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    if (id === fourBytes('ds64') && size >= 24 && start + 24 <= view.byteLength) {
      size64 = Number(view.getBigUint64(start + 8, true))
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

function readFormat(view: DataView, { start, size }: Chunk, fileName: string): WavFormat {
  if (size < 16 || start + 16 > view.byteLength) {
    throw new InputError(
      `"${fileName}" has a WAV format chunk of ${size} bytes, expected at least 16; copy or record it again`,
    )
  }
  const channels = view.getUint16(start + 2, true)
  const sampleRateHz = view.getUint32(start + 4, true)
  const frameBytes = view.getUint16(start + 12, true)
  const bits = view.getUint16(start + 14, true)
  const tag = codecTag(view, start, size)

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
function codecTag(view: DataView, start: number, size: number): number {
  const tag = view.getUint16(start, true)
  if (tag !== 0xfffe || size < 40 || start + 40 > view.byteLength) return tag
  const fixed =
    view.getUint16(start + 26, true) === 0 &&
    view.getUint32(start + 28, false) === 0x00001000 &&
    view.getUint32(start + 32, false) === 0x800000aa &&
    view.getUint32(start + 36, false) === 0x00389b71
  return fixed ? view.getUint16(start + 24, true) : tag
}

function checkFloats(samples: Float32Array, fileName: string): string[] {
  let peak = 0
  for (const [index, sample] of samples.entries()) {
    if (!Number.isFinite(sample)) {
      throw new InputError(
        `"${fileName}" has ${sample} at sample ${index}, expected finite numbers; export it again`,
      )
    }
    peak = Math.max(peak, Math.abs(sample))
  }
  return peak > 1 ? [`its loudest sample is ${peak.toPrecision(3)}, above full scale (1)`] : []
}
