/** Made sounds for the tests of this package; the first three are also made by tests/golden/features/make.py. */
import type { Audio } from '@serflow/core'

const golden = {
  chirp: () => (seconds: number) =>
    0.8 * Math.sin(2 * Math.PI * (100 * seconds + 3300 * seconds * seconds)),
  noise: () => {
    let state = 1
    return () => {
      state = (Math.imul(1664525, state) + 1013904223) >>> 0
      return 0.3 * (state / 2 ** 31 - 1)
    }
  },
  voice: () => (seconds: number) => {
    const phase = 2 * Math.PI * (120 * seconds + 30 * seconds * seconds)
    const loudness = 0.5 - 0.5 * Math.cos(2 * Math.PI * 4 * seconds)
    let total = 0
    for (let harmonic = 1; harmonic <= 20; harmonic++) {
      let height = 0
      for (const formant of [700, 1220, 2600]) {
        height += 1 / (1 + ((harmonic * 130 - formant) / 90) ** 2)
      }
      total += height * Math.sin(harmonic * phase)
    }
    return 0.2 * loudness * total
  },
}

export type SignalName = keyof typeof golden

/** A sound by name, rounded to 16 bits. */
export function signal(name: SignalName, seconds = 0.5, sampleRateHz = 16000): Audio {
  const sample = golden[name]()
  return audio(Math.round(seconds * sampleRateHz), sampleRateHz, (n) => {
    return Math.floor(32768 * sample(n / sampleRateHz) + 0.5) / 32768
  })
}

export function silence(samples: number): Audio {
  return audio(samples, 16000, () => 0)
}

/** A sine of so many sixteen-bit steps. */
export function tone(frequencyHz: number, steps: number, seconds = 1): Audio {
  return audio(Math.round(seconds * 16000), 16000, (n) => {
    return Math.round(steps * Math.sin((2 * Math.PI * frequencyHz * n) / 16000)) / 32768
  })
}

/** One sound after the other. */
export function joined(...parts: readonly Audio[]): Audio {
  const samples = parts.flatMap((part) => [...part.samples])
  return audio(samples.length, 16000, (n) => samples[n]!)
}

export function audio(samples: number, sampleRateHz: number, sample: (n: number) => number): Audio {
  return { samples: Float32Array.from({ length: samples }, (_, n) => sample(n)), sampleRateHz }
}
