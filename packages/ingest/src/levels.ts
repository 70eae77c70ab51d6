import { InputError } from '@serflow/core'
import { peakOf } from './kernels/decode.js'

/** What the samples of a recording's channels tell of how it was recorded, before their mean is taken. */
export interface ChannelLevels {
  /** The next samples, one array a channel. */
  add(channels: readonly Float32Array[]): void
  /** The largest magnitude so far, of any channel. */
  peak(): number
  /** Samples at full scale in runs of three or more, by channel. */
  clipped(): readonly number[]
}

/**
 * A single sample at full scale is a peak, and no clipping; runs may cross from one piece to the next.
 *
 * @param fullScale the largest positive value that the file's samples can have
 */
export function startChannelLevels(fullScale: number): ChannelLevels {
  const counts: ((samples: Float32Array, peak: number) => number)[] = []
  const clipped: number[] = []
  let largest = 0
  return {
    add(channels) {
      channels.forEach((samples, channel) => {
        const count = (counts[channel] ??= startClipping(fullScale))
        const peak = peakOf(samples)
        largest = Math.max(largest, peak)
        clipped[channel] = count(samples, peak)
      })
    },
    peak: () => largest,
    clipped: () => clipped,
  }
}

function startClipping(fullScale: number) {
  let clipped = 0
  let run = 0
  let side = 0
  return (samples: Float32Array, peak: number): number => {
    if (peak < fullScale) {
      run = side = 0
      return clipped
    }
    for (const sample of samples) {
      const sign = sample >= fullScale ? 1 : sample <= -fullScale ? -1 : 0
      run = sign === 0 ? 0 : sign === side ? run + 1 : 1
      side = sign
      if (run >= 3) clipped += run === 3 ? 3 : 1
    }
    return clipped
  }
}

/**
 * Notes on the levels of a whole recording: `silent` where the mean of its channels is 0 everywhere, `clipped` with the
 * number of samples, and the channels where not all are.
 *
 * @param isSilent whether every sample of the mean is 0
 */
export function channelNotes(levels: ChannelLevels, isSilent: boolean): readonly string[] {
  const notes: string[] = []
  if (isSilent) {
    notes.push(
      levels.peak() === 0
        ? 'silent: every sample is 0'
        : 'silent: its channels cancel each other out, their mean is 0',
    )
  }
  const counts = levels.clipped()
  const clipped = counts.reduce((sum, count) => sum + count, 0)
  if (clipped === 0) return notes
  const which = counts.flatMap((count, channel) => (count > 0 ? [channel + 1] : []))
  const where =
    which.length === counts.length ? '' : ` in channel ${which.join(', ')} of ${counts.length}`
  return [...notes, `clipped: ${clipped} samples at full scale${where}`]
}

/**
 * `channelNotes` of a recording of one channel.
 *
 * @param fullScale the largest positive value that the file's samples can have
 */
export function levelNotes(samples: Float32Array, fullScale: number): readonly string[] {
  const levels = startChannelLevels(fullScale)
  levels.add([samples])
  return channelNotes(levels, levels.peak() === 0)
}

/**
 * @param first place of the first of the samples in the file
 * @throws InputError naming the file and the sample that is not finite
 */
export function expectFinite(samples: Float32Array, first: number, fileName: string): void {
  if (peakOf(samples) < Infinity) return
  const bad = samples.findIndex((sample) => !Number.isFinite(sample))
  throw new InputError(
    `"${fileName}" has ${samples[bad]} at sample ${first + bad}, expected finite numbers; export it again`,
  )
}
