import { openFile, type Audio } from '@serflow/core'
import { frameSource, type FrameSource } from './frame-source.js'
import { resample } from './resample.js'
import { roundsOf } from './resample-halving.js'
import { rateRatio } from './resample-taps.js'

/** A sound file that is read in parts, so that hours of sound need the memory of one part. */
export interface Recording {
  /** The rate of what is read, not of the file. */
  readonly sampleRateHz: number
  readonly channels: number
  /** At that rate; of a compressed file it is known once its end has been read. */
  readonly samples: number | undefined
  readonly durationSeconds: number | undefined
  /**
   * What the user should know; of a compressed file known once its end has been read. Of its levels nothing is known before
   * all of it has been read in order.
   */
  readonly notes: readonly string[]
  /**
   * Mono samples first to last (the latter not included): the same as that part of the whole file, resampled. Fewer
   * where the sound ends before.
   *
   * A compressed file is decoded forward, so parts are best read in their order.
   *
   * @throws InputError naming the file and a sample that is not finite
   */
  read(first: number, last: number): Promise<Audio>
  close(): void
}

/**
 * Opens a sound file of any length, also beyond 2 GB; its beginning is read, and nothing else.
 *
 * @throws InputError for what is wrong with the file, as `readAudio`, and where it cannot be opened
 */
export async function openRecording(path: string, sampleRateHz = 16000): Promise<Recording> {
  const file = openFile(path, 'a sound file')
  try {
    const source = await frameSource(file, path)
    const { up, down } = rateRatio(source.sampleRateHz, sampleRateHz)
    return {
      sampleRateHz,
      channels: source.channels,
      get samples() {
        const frames = source.frames()
        return frames === undefined ? undefined : Math.round((frames * up) / down)
      },
      get durationSeconds() {
        const frames = source.frames()
        return frames === undefined ? undefined : frames / source.sampleRateHz
      },
      get notes() {
        return [...source.notes(), ...source.levelNotes()]
      },
      read: (first, last) => readPart(source, sampleRateHz, first, last),
      close() {
        source.close()
        file.close()
      },
    }
  } catch (error) {
    file.close()
    throw error
  }
}

/** Resamples the part and as much on both sides as the filter looks at, then cuts the sides off. */
async function readPart(
  source: FrameSource,
  sampleRateHz: number,
  first: number,
  last: number,
): Promise<Audio> {
  if (last <= first) return { samples: new Float32Array(), sampleRateHz }
  const { up, down, reach } = roundsOf(rateRatio(source.sampleRateHz, sampleRateHz))
  const margin = Math.ceil(reach / down)
  const firstRound = Math.max(0, Math.floor(first / up) - margin)
  const samples = await source.read(firstRound * down, (Math.ceil(last / up) + margin) * down)
  const part = resample({ samples, sampleRateHz: source.sampleRateHz }, sampleRateHz)
  const start = first - firstRound * up
  return { samples: part.samples.slice(start, start + last - first), sampleRateHz }
}
