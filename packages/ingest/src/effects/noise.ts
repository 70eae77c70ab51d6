import type { Audio, Random } from '@serflow/core'

/** Frames of this length are loud or quiet. */
const frameSeconds = 0.02
/** A frame so much below the loudest one is a pause. */
const pauseDb = 40

/**
 * Sound with noise at a signal-to-noise ratio:
 *
 *   snrDb = 10·log10(Σ x² / Σ (g·noise)²)
 *
 * with both sums over the active part of the sound: from its first to its last frame of 20 ms that is within 40 dB of
 * its loudest one, so that silence around the sentence does not count. The noise goes on through all of the clip. A
 * clip that is silent has no level that noise could have, and stays silent.
 *
 * @param noise as many samples as the sound
 */
export function addAt(audio: Audio, noise: Float32Array, snrDb: number): Audio {
  const { samples, sampleRateHz } = audio
  const { start, end } = activePart(audio)
  const power = energy(samples, start, end)
  const noisePower = energy(noise, start, end)
  if (!(power > 0 && noisePower > 0)) return audio
  const gain = Math.sqrt(power / noisePower) * 10 ** (-snrDb / 20)
  return { samples: samples.map((sample, i) => sample + gain * noise[i]!), sampleRateHz }
}

/** From the first sample of the first loud frame to the last one of the last; all of a silent sound. */
export function activePart({ samples, sampleRateHz }: Audio): { start: number; end: number } {
  const size = Math.max(1, Math.round(frameSeconds * sampleRateHz))
  const frames = Math.ceil(samples.length / size)
  const levels = Array.from({ length: frames }, (_, frame) => {
    const end = Math.min(samples.length, (frame + 1) * size)
    return energy(samples, frame * size, end) / (end - frame * size)
  })
  const floor = levels.reduce((a, b) => Math.max(a, b), 0) * 10 ** (-pauseDb / 10)
  const isLoud = (level: number) => level > 0 && level >= floor
  const first = levels.findIndex(isLoud)
  if (first < 0) return { start: 0, end: samples.length }
  const last = levels.findLastIndex(isLoud)
  return { start: first * size, end: Math.min(samples.length, (last + 1) * size) }
}

/** Normally distributed, independent samples with a variance of 1: equal power in each Hz. */
export function whiteNoise(length: number, draw: Random): Float32Array {
  return Float32Array.from({ length }, () => draw.normal())
}

/** After so many samples the slowest part of the filter has forgotten that it began with zeros. */
const warmUpSamples = 8192

/**
 * Noise of equal power in each octave, 3 dB less in each Hz from octave to octave: white noise through six one-pole
 * filters side by side, within 0.1 dB of the slope from a thousandth of the sample rate to 0.4 of it.
 *
 * @see Paul Kellet 1999, "Filter to make pink noise from white" (musicdsp.org)
 */
export function pinkNoise(length: number, draw: Random): Float32Array {
  const poles = [0.99886, 0.99332, 0.969, 0.8665, 0.55, -0.7616]
  const gains = [0.0555179, 0.0750759, 0.153852, 0.3104856, 0.5329522, -0.016898]
  const states = new Float64Array(poles.length)
  let last = 0
  const next = () => {
    const white = draw.normal()
    let sum = last + 0.5362 * white
    for (let k = 0; k < states.length; k++) {
      states[k] = poles[k]! * states[k]! + gains[k]! * white
      sum += states[k]!
    }
    last = 0.115926 * white
    return sum
  }
  for (let i = 0; i < warmUpSamples; i++) next()
  return Float32Array.from({ length }, next)
}

function energy(samples: Float32Array, start: number, end: number): number {
  let sum = 0
  for (let i = start; i < end; i++) sum += samples[i]! * samples[i]!
  return sum
}
