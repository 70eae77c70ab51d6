import { InputError } from '@serflow/core'

/** Rates of microphones end far below. */
const mostHz = 1_000_000

/** @throws InputError naming the file, for a header without channels or with a rate that cannot be */
export function expectChannelsAndRate(
  channels: number,
  sampleRateHz: number,
  fileName: string,
): void {
  if (channels > 0 && sampleRateHz >= 1 && sampleRateHz <= mostHz) return
  throw new InputError(
    `"${fileName}" says ${channels} channels at ${sampleRateHz} Hz, expected at least 1 channel and ` +
      `1 to ${mostHz} Hz; its header is damaged, copy or record it again`,
  )
}

/** Below this rate a header is more likely damaged than right. */
const lowRateHz = 1000
/** Brought to 16 kHz, some bytes at 1 Hz are as much sound as a thousandfold of them elsewhere. */
const mostHours = 6

/**
 * @param present bytes of sound, for the message
 * @throws InputError naming the file, for no samples, and for hours of sound at a rate that no speech has
 */
export function expectFrames(
  frames: number,
  sampleRateHz: number,
  { format, present }: { readonly format: string; readonly present: number },
  fileName: string,
): void {
  if (frames === 0) {
    throw new InputError(
      `"${fileName}" has ${format} header but no samples (${present} bytes of data); record it again or remove it`,
    )
  }
  const hours = frames / sampleRateHz / 3600
  if (sampleRateHz >= lowRateHz || hours <= mostHours) return
  throw new InputError(
    `"${fileName}" says ${sampleRateHz} Hz, at which its ${frames} frames are ${Math.round(hours)} hours, expected at ` +
      `most ${mostHours} at so low a rate; its header is damaged, copy or record it again`,
  )
}

/** What a header says of the length, against what is there. */
export function lengthNotes(size: number, present: number, frameBytes: number): readonly string[] {
  if (Number.isFinite(size) && size > present) {
    const [expected, frames] = [size, present].map((bytes) => Math.floor(bytes / frameBytes))
    return [`truncated: the header says ${expected} frames, the file holds ${frames}`]
  }
  const rest = present % frameBytes
  return rest === 0 ? [] : [`${rest} bytes after the last whole frame are ignored`]
}
