import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { InputError, type Audio } from '@serflow/core'
import { halfWidth, rateRatio, resample } from './resample.js'
import { readWavHeader, type ByteSource, type WavHeader } from './wav-header.js'
import { readFrames } from './wav.js'

/** A sound file that is read in parts, so that hours of sound need the memory of one part. */
export interface Recording {
  /** The rate of what is read, not of the file. */
  readonly sampleRateHz: number
  /** At that rate. */
  readonly samples: number
  readonly durationSeconds: number
  readonly notes: readonly string[]
  /**
   * Mono samples first to last (the latter not included): the same as that part of the whole file, resampled.
   *
   * @throws InputError naming the file and a sample that is not finite
   */
  read(first: number, last: number): Audio
  close(): void
}

/**
 * Opens a WAV file of any length, also beyond 2 GB; only its header is read.
 *
 * @throws InputError for what is wrong with the file, as `readAudio`, and where it cannot be opened
 */
export function openRecording(path: string, sampleRateHz = 16000): Recording {
  const file = openFile(path)
  const source = fileSource(file)
  try {
    const header = readWavHeader(source, path)
    const { up, down } = rateRatio(header.sampleRateHz, sampleRateHz)
    const samples = Math.round((header.frames * up) / down)
    return {
      sampleRateHz,
      samples,
      durationSeconds: header.frames / header.sampleRateHz,
      notes: header.notes,
      read: (first, last) =>
        readPart(source, header, path, sampleRateHz, first, Math.min(last, samples)),
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/** Resamples the part and as much on both sides as the filter looks at, then cuts the sides off. */
function readPart(
  source: ByteSource,
  header: WavHeader,
  path: string,
  sampleRateHz: number,
  first: number,
  last: number,
): Audio {
  if (last <= first) return { samples: new Float32Array(), sampleRateHz }
  const { up, down } = rateRatio(header.sampleRateHz, sampleRateHz)
  // In rounds of `down` input and `up` output samples, so that the part meets the same phases as the whole.
  const margin = up === down ? 0 : Math.ceil(halfWidth(up, down) / down) + 1
  const firstRound = Math.max(0, Math.floor(first / up) - margin)
  const lastFrame = Math.min(header.frames, (Math.ceil(last / up) + margin) * down)
  const samples = readFrames(source, header, firstRound * down, lastFrame, path)
  const part = resample({ samples, sampleRateHz: header.sampleRateHz }, sampleRateHz)
  const start = first - firstRound * up
  return { samples: part.samples.slice(start, start + last - first), sampleRateHz }
}

function openFile(path: string): number {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new InputError(
      code === 'ENOENT'
        ? `"${path}" does not exist; check the path`
        : `"${path}" cannot be opened (${String(code ?? error)}); check its permissions`,
    )
  }
  if (fstatSync(file).isFile()) return file
  const what = fstatSync(file).isDirectory() ? 'a folder' : 'no regular file'
  closeSync(file)
  throw new InputError(`"${path}" is ${what}, expected a sound file`)
}

function fileSource(file: number): ByteSource {
  const { size } = fstatSync(file)
  return {
    size,
    read(start, end) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start))
      let filled = 0
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, start + filled)
        if (count === 0) return bytes.subarray(0, filled)
        filled += count
      }
      return bytes
    },
  }
}
