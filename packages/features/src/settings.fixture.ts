import fc from 'fast-check'
import { logKinds, logMelConfig, spectrumKinds, type LogMelConfig } from './config.js'
import { paddings, windowPeriods, windowShapes } from './frames.js'
import { melNorms, melScales, melSides } from './mel.js'
import { presetNames } from './presets.js'
import { slopeKinds } from './slopes.js'
import type { Audio } from '@serflow/core'

/** Settings of any kind that do not contradict each other; windows and FFTs are small, so that many can be tried. */
export const anySettings: fc.Arbitrary<LogMelConfig> = fc
  .record(
    {
      preset: fc.constantFrom(...presetNames),
      preEmphasis: fc.constantFrom(0, 0.5, 0.97),
      windowMs: fc.integer({ min: 1, max: 32 }),
      hopMs: fc.integer({ min: 1, max: 40 }),
      padding: fc.constantFrom(...paddings),
      fftSize: fc.constantFrom(64, 128, 256, 512, 1024),
      window: fc.constantFrom(...windowShapes),
      windowPeriod: fc.constantFrom(...windowPeriods),
      spectrum: fc.constantFrom(...spectrumKinds),
      bands: fc.integer({ min: 1, max: 40 }),
      lowHz: fc.integer({ min: 0, max: 1000 }),
      highHz: fc.integer({ min: 2000, max: 8000 }),
      melScale: fc.constantFrom(...melScales),
      melSides: fc.constantFrom(...melSides),
      melNorm: fc.constantFrom(...melNorms),
      log: fc.constantFrom(...logKinds),
      floor: fc.constantFrom(1e-30, 1e-12, 1e-7, 1e-3),
      slopes: fc.constantFrom(...slopeKinds),
      deltaRadius: fc.integer({ min: 1, max: 6 }),
    },
    { requiredKeys: [] },
  )
  .map((given) => logMelConfig.safeParse({ ...given, trimDb: null }))
  .filter(({ success }) => success)
  .map(({ data }) => data!)

/** Sounds that are hard on float32: tones, clicks, offsets, steps, noise of any level, and mixtures. */
export function anySound(maxSamples: number, sampleRateHz: number): fc.Arbitrary<Audio> {
  const kind = fc.constantFrom('noise', 'tone', 'click', 'square', 'constant', 'silence')
  const part = fc.record({
    kind,
    level: fc.constantFrom(1, 0.3, 1e-3, 6e-4, 3e-5, 1e-9),
    period: fc.integer({ min: 2, max: 400 }),
  })
  return fc
    .record({
      length: fc.integer({ min: 1, max: maxSamples }),
      parts: fc.array(part, { minLength: 1, maxLength: 3 }),
      seed: fc.nat(),
    })
    .map(({ length, parts, seed }) => {
      let state = seed
      const samples = new Float32Array(length)
      for (const { kind, level, period } of parts) {
        for (let n = 0; n < length; n++) {
          state = (Math.imul(1664525, state) + 1013904223) >>> 0
          const values = {
            noise: state / 2 ** 31 - 1,
            tone: Math.sin((2 * Math.PI * n) / period),
            click: n % period === 0 ? 1 : 0,
            square: n % period < period / 2 ? 1 : -1,
            constant: 1,
            silence: 0,
          }
          samples[n]! += level * values[kind]
        }
      }
      return { samples, sampleRateHz }
    })
}
