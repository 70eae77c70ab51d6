import { InputError } from '@serflow/core'
import type { ByteSource } from './byte-source.js'
import { frameSource, type FrameSource } from './frame-source.js'
import { levelNotes } from './levels.js'
import { readSound, tooLong } from './sound.js'
import type { DecodedSound } from './wav.js'

/** The utterances of one sound file, read in parts: an hour with hundreds of them needs the memory of one. */
export interface UtteranceReader {
  /**
   * The sound of an utterance at the file's rate, cut before anything else is done to it, so that what is said around
   * it is nowhere in it: samples round(start · rate) to round(end · rate), the latter not included.
   *
   * Parts are best read in the order of their starts, since compressed files are decoded forward.
   *
   * @param startSeconds null: the beginning
   * @param endSeconds null: the end of the file. A file that ends before cuts the utterance short, with a note.
   * @throws InputError as `readAudio`, for an utterance that begins behind the end of the sound, and for one longer than
   *   ten minutes
   */
  read(startSeconds: number | null, endSeconds: number | null): Promise<DecodedSound>
  /** What is to be known of a file that was read in parts, once its last part has been read. */
  notes(): readonly string[]
  close(): void
}

/** Longer is no utterance: its sound is in memory as a whole. */
const mostSeconds = 600

/** Shorter than a frame of any codec: times are often rounded. */
const toleranceSeconds = 0.05

/** @param fileName for messages */
export function openUtterances(file: ByteSource, fileName: string): UtteranceReader {
  let source: FrameSource | undefined
  return {
    async read(startSeconds, endSeconds) {
      if (startSeconds === null && endSeconds === null) {
        return readSound(file, fileName, mostSeconds)
      }
      source ??= await frameSource(file, fileName)
      return readCut(source, fileName, startSeconds ?? 0, endSeconds)
    },
    notes: () => source?.notes() ?? [],
    close: () => source?.close(),
  }
}

async function readCut(
  source: FrameSource,
  fileName: string,
  startSeconds: number,
  endSeconds: number | null,
): Promise<DecodedSound> {
  const { sampleRateHz, channels } = source
  const first = Math.round(startSeconds * sampleRateHz)
  const last = endSeconds === null ? Infinity : Math.round(endSeconds * sampleRateHz)
  const most = mostSeconds * sampleRateHz
  const samples = await source.read(first, Math.min(last, first + most + 1))
  if (samples.length > most) throw tooLong(fileName, mostSeconds)
  if (samples.length === 0) {
    if (last === first) {
      throw new InputError(
        `"${fileName}": the utterance from ${exact(startSeconds)} to ${exact(endSeconds!)} is shorter than a sample ` +
          `(1/${sampleRateHz} s); mend its times`,
      )
    }
    const frames = source.frames()
    const end = frames === undefined ? '' : ` at ${seconds(frames / sampleRateHz)}`
    throw new InputError(
      `"${fileName}" ends${end}, before the utterance that begins at ${seconds(startSeconds)}; mend its times`,
    )
  }
  const missing = (last - first - samples.length) / sampleRateHz
  const isShort = Number.isFinite(missing) && missing > toleranceSeconds
  const notes = isShort
    ? [
        `cut short: the file ends ${seconds(missing)} before the utterance's end, ${seconds(endSeconds!)}`,
      ]
    : []
  // Clipping is told of whole files: what full scale is, is known there.
  return {
    audio: { samples, sampleRateHz },
    channels,
    notes: [...notes, ...levelNotes(samples, Infinity)],
  }
}

/** All digits, where three are too few to tell two times apart. */
function exact(value: number): string {
  return `${value} s`
}

function seconds(value: number): string {
  return `${Number(value.toFixed(3))} s`
}
