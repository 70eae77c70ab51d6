import { random, type Audio } from '@serflow/core'
import { transform } from '../fourier.js'

export const rate = 16000

/** A tone of some seconds. */
export function tone(hz: number, seconds: number, sampleRateHz = rate): Audio {
  const samples = Float32Array.from(
    { length: Math.round(seconds * sampleRateHz) },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / sampleRateHz),
  )
  return { samples, sampleRateHz }
}

/** Bursts of noise with pauses, and silence around them, as in a recording. */
export function bursts(name: string, seconds = 1): Audio {
  const draw = random('bursts', name)
  const length = Math.round(seconds * rate)
  const samples = Float32Array.from({ length }, (_, i) => {
    const time = i / length
    const isOn = time > 0.2 && time < 0.85 && Math.floor(time * 20) % 4 !== 0
    return isOn ? 0.2 * draw.normal() : 0
  })
  return { samples, sampleRateHz: rate }
}

/** Power by frequency: the mean over Hann windows of `size`, half overlapping; value k is at k · rate / size Hz. */
export function spectrum(samples: ArrayLike<number>, size: number): Float64Array {
  const power = new Float64Array(size / 2)
  const window = Float64Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size),
  )
  for (let start = 0; start + size <= samples.length; start += size / 2) {
    const real = window.map((weight, i) => weight * samples[start + i]!)
    const imaginary = new Float64Array(size)
    transform(real, imaginary)
    for (let k = 1; k < size / 2; k++) power[k]! += real[k]! ** 2 + imaginary[k]! ** 2
  }
  return power
}

/** The frequency of a tone: from its rising zero crossings, placed between samples. */
export function frequencyOf({ samples, sampleRateHz }: Audio): number {
  const crossings: number[] = []
  for (let i = 1; i < samples.length; i++) {
    const [before, after] = [samples[i - 1]!, samples[i]!]
    if (before < 0 && after >= 0) crossings.push(i - 1 + before / (before - after))
  }
  const [first, last] = [crossings[0]!, crossings.at(-1)!]
  return ((crossings.length - 1) * sampleRateHz) / (last - first)
}

/** The middle of a sound, without a tenth of a second at each end. */
export function middle({ samples, sampleRateHz }: Audio): Audio {
  const edge = Math.round(0.1 * sampleRateHz)
  return { samples: samples.subarray(edge, samples.length - edge), sampleRateHz }
}

export function peak(samples: ArrayLike<number>): number {
  return Array.from(samples).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
}
