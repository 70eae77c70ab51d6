import type { Audio } from '@serflow/core'
import { changeSpeed } from './speed.js'

/**
 * The sound higher or lower and as long as before: stretched by 2^(semitones / 12) in time (see `stretch`), then
 * played faster by the same factor. The resonances of the voice move with the pitch.
 *
 * @param semitones −12 to 12
 * @returns as many samples as before
 */
export function changePitch(audio: Audio, semitones: number): Audio {
  if (semitones === 0) return audio
  const factor = 2 ** (semitones / 12)
  const stretched = stretch(audio, factor)
  const moved = changeSpeed(stretched, factor).samples
  const samples = new Float32Array(audio.samples.length)
  samples.set(moved.subarray(0, samples.length))
  return { samples, sampleRateHz: audio.sampleRateHz }
}

const windowMs = 32
/** Holds a period of the lowest voices in both directions together. */
const searchMs = 10

/**
 * The sound slower or faster at its pitch, by overlapping and adding windows that fit each other (WSOLA): Hann windows
 * of 32 ms, half overlapping. A window is taken from where it is due in the input, up to 10 ms off, at the place that
 * is most like what followed the window before it (normalised correlation).
 *
 * @param factor how many times as long, above 0
 * @returns round(samples · factor) samples
 * @see Verhelst & Roelands 1993, "An overlap-add technique based on waveform similarity (WSOLA)"
 */
export function stretch({ samples, sampleRateHz }: Audio, factor: number): Audio {
  const hop = Math.max(1, Math.round(((windowMs / 1000) * sampleRateHz) / 2))
  const size = 2 * hop
  const search = Math.round((searchMs / 1000) * sampleRateHz)
  const output = new Float32Array(Math.round(samples.length * factor))
  const window = Float64Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size),
  )
  // Room before and behind for windows that begin or end outside of the sound.
  const margin = size + search + hop
  const padded = new Float64Array(samples.length + 2 * margin + size)
  padded.set(samples, margin)
  const latest = padded.length - size - 1

  let expected: number | undefined
  // The first window lies half before the output, so that every sample has two.
  for (let place = -hop; place < output.length; place += hop) {
    const due = Math.min(latest, margin + Math.round(place / factor))
    const from =
      expected === undefined ? due : bestMatch(padded, due, expected, size, search, latest)
    for (let i = Math.max(0, -place); i < size && place + i < output.length; i++) {
      output[place + i]! += window[i]! * padded[from + i]!
    }
    expected = Math.min(latest, from + hop)
  }
  return { samples: output, sampleRateHz }
}

/** The start near `due` whose window is most like the one at `expected`; the nearest to `due` of equals. */
function bestMatch(
  padded: Float64Array,
  due: number,
  expected: number,
  size: number,
  search: number,
  latest: number,
): number {
  const first = Math.max(0, due - search)
  const last = Math.min(latest, due + search)
  let energy = 0
  for (let i = 0; i < size; i++) energy += padded[first + i]! ** 2
  let best = due
  let highest = 0
  for (let from = first; from <= last; from++) {
    let product = 0
    for (let i = 0; i < size; i++) product += padded[from + i]! * padded[expected + i]!
    // Silence is like nothing; what rounding leaves of its energy must not count.
    const likeness = energy > 1e-12 ? product / Math.sqrt(energy) : 0
    const isNearer = Math.abs(from - due) < Math.abs(best - due)
    if (likeness > highest || (likeness === highest && isNearer)) {
      highest = likeness
      best = from
    }
    energy += padded[from + size]! ** 2 - padded[from]! ** 2
  }
  return best
}
