import type { Audio, Random } from '@serflow/core'
import { convolve } from '../fourier.js'

/** The walls answer after this time. */
const gapSeconds = 0.002

/**
 * The sound in a room: the direct sound as it is, and behind it a tail of decaying noise that is as loud as the direct
 * sound, each convolved with the clip. The clip keeps its length; what would ring on after its end is cut.
 *
 * @param reverberationSeconds RT60: the tail falls by 60 dB in this time
 * @see Polack 1988 (a room's answer as decaying Gaussian noise)
 */
export function inRoom(audio: Audio, reverberationSeconds: number, draw: Random): Audio {
  const { samples, sampleRateHz } = audio
  // What rounding leaves of silence is no sound.
  if (samples.every((sample) => sample === 0)) return audio
  const tail = roomTail(reverberationSeconds, sampleRateHz, draw)
  const answer = convolve(samples, tail, samples.length)
  return { samples: samples.map((sample, i) => sample + answer[i]!), sampleRateHz }
}

/**
 * The room's answer without the direct sound: h[n] = noise · 10^(−3·n / (RT60 · rate)), from 2 ms on until it has
 * fallen by 60 dB; Σ h² = 1, the energy of the direct sound.
 */
export function roomTail(
  reverberationSeconds: number,
  sampleRateHz: number,
  draw: Random,
): Float64Array {
  const decaySamples = reverberationSeconds * sampleRateHz
  const gap = Math.round(gapSeconds * sampleRateHz)
  const tail = Float64Array.from({ length: gap + Math.ceil(decaySamples) }, (_, n) =>
    n < gap ? 0 : draw.normal() * 10 ** ((-3 * (n - gap)) / decaySamples),
  )
  const energy = tail.reduce((sum, value) => sum + value * value, 0)
  return tail.map((value) => value / Math.sqrt(energy))
}
