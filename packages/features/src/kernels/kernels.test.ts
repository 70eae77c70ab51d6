import fc from 'fast-check'
import type { Audio, Tensor } from '@serflow/core'
import { afterEach, expect, test, vi } from 'vitest'
import { logMelChannels } from '../channels.js'
import { logMelConfig, type LogMelConfig } from '../config.js'
import { windowSamples } from '../frames.js'
import { logMel } from '../log-mel.js'
import { anySettings, anySound } from '../settings.fixture.js'
import { audio, signal, silence, tone } from '../signals.fixture.js'
import { keptFrames } from '../trim.js'
import { frontEndKernel, kernelNamed } from './choice.js'
import { kernelNames } from './kernel.js'
import { simdTables } from './simd-tables.js'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

const clip = anySettings.chain((config) =>
  anySound(4000, config.sampleRateHz).map((sound) => ({ config, sound })),
)

test('here the fast kernel serves', () => {
  expect(frontEndKernel()).toBe('wasm-simd')
})

test('the kernels differ by less than 1e-3 dB, whatever the sound and the settings', () => {
  fc.assert(
    fc.property(clip, ({ config, sound }) => {
      const [plain, simd] = kernelNames.map((kernel) => logMelChannels(sound, config, { kernel }))
      expect(simd!.shape).toEqual(plain!.shape)
      expect(largestError(plain!, simd!, config, sound)).toBeLessThan(1e-3)
    }),
    { numRuns: 400 },
  )
})

test('the kernels differ by less than 1e-3 dB for sounds far from full scale, of any size float32 has', () => {
  const sample = fc.float({ noNaN: true, noDefaultInfinity: true })
  const samples = fc.array(sample, { minLength: 1, maxLength: 900 })
  fc.assert(
    fc.property(samples, anySettings, (values, config) => {
      const sound = { samples: Float32Array.from(values), sampleRateHz: config.sampleRateHz }
      const [plain, simd] = kernelNames.map((kernel) => logMel(sound, config, { kernel }))
      expect(simd!.data.every(Number.isFinite)).toBe(true)
      expect(largestError(plain!, simd!, config, sound)).toBeLessThan(1e-3)
    }),
  )
})

test.each([
  ['a quiet file, RMS -64 dBFS', audio(8000, 16000, (n) => 6.3e-4 * Math.sin(n * n))],
  ['one step of 16 bits', tone(1000, 1)],
  ['a full-scale tone between bins', tone(1015.625, 32767)],
  ['an offset with a whisper', audio(8000, 16000, (n) => 0.9 + 1e-4 * Math.sin(n / 3))],
])('%s is as exact, with all floors', (_, sound) => {
  for (const floor of [1e-7, 1e-12, 1e-20, 1e-30]) {
    for (const preset of ['paper', 'librosa'] as const) {
      const config = logMelConfig.parse({ preset, floor })
      const [plain, simd] = kernelNames.map((kernel) => logMel(sound, config, { kernel }))
      expect(largestError(plain!, simd!, config, sound)).toBeLessThan(1e-3)
    }
  }
})

test('windows of any part of the transform are as exact: what lies behind them is not read', () => {
  const sound = audio(900, 16000, (n) => Math.sin(n * n))
  for (const fftSize of [16, 32, 64, 128, 512]) {
    for (const samples of [
      1,
      2,
      3,
      fftSize / 2,
      ...around((3 * fftSize) / 4),
      ...around(fftSize),
    ]) {
      if (samples > fftSize) continue
      const config = logMelConfig.parse({ windowMs: samples / 16, fftSize, bands: 2, floor: 1e-30 })
      // The scratch memory is full of something else before.
      logMel(sound, logMelConfig.parse({ floor: 1e-30 }), { kernel: 'wasm-simd' })
      const [plain, simd] = kernelNames.map((kernel) => logMel(sound, config, { kernel }))
      expect(largestError(plain!, simd!, config, sound), `${samples} of ${fftSize}`).toBeLessThan(
        1e-3,
      )
    }
  }
})

function around(samples: number): readonly number[] {
  return [-3, -2, -1, 0, 1, 2, 3].map((more) => samples + more)
}

test('the kernels agree to the bit on what is silence', () => {
  fc.assert(
    fc.property(clip, fc.integer({ min: 1, max: 90 }), ({ config, sound }, trimDb) => {
      const trimming = { ...config, trimDb }
      const [plain, simd] = kernelNames.map((kernel) => keptFrames(sound, trimming, { kernel }))
      expect(simd).toEqual(plain)
    }),
  )
})

test('moments of both kernels are the same bits, in parts of any length', () => {
  const parts = fc.array(fc.oneof(fc.nat(9), fc.nat(300), fc.integer({ min: 16380, max: 16390 })), {
    minLength: 1,
    maxLength: 40,
  })
  fc.assert(
    fc.property(parts, fc.nat(), (lengths, seed) => {
      const bounds = Int32Array.from([0, ...lengths])
      for (let i = 1; i < bounds.length; i++) bounds[i]! += bounds[i - 1]!
      let state = seed
      const samples = new Float32Array(bounds.at(-1)!).map(() => {
        state = (Math.imul(1664525, state) + 1013904223) >>> 0
        return state / 2 ** 31 - 1
      })
      const [plain, simd] = kernelNames.map((name) => kernelNamed(name).moments(samples, bounds))
      expect(simd).toEqual(plain)
    }),
    { numRuns: 30 },
  )
})

test('a constant has no energy around its mean, in both kernels', () => {
  for (const name of kernelNames) {
    const samples = new Float32Array(1000).fill(0.1)
    const found = kernelNamed(name).moments(samples, Int32Array.of(0, 7, 407, 1000))
    for (const part of [0, 1, 2]) {
      expect(found[2 * part]).toBe(Math.fround(0.1))
      expect(found[2 * part + 1]).toBe(0)
    }
  }
})

test('every kernel finds a sample that is not finite, wherever it is', () => {
  for (const name of kernelNames) {
    const { allFinite } = kernelNamed(name)
    for (const length of [1, 3, 4, 5, 16384, 16387, 40000]) {
      const samples = new Float32Array(length).fill(-3.4e38)
      expect(allFinite(samples)).toBe(true)
      for (const value of [NaN, Infinity, -Infinity]) {
        for (const n of [0, length >> 1, length - 1]) {
          const broken = samples.slice()
          broken[n] = value
          expect(allFinite(broken)).toBe(false)
        }
      }
    }
  }
})

test('settings in turn change nothing: tables belong to settings', () => {
  const sound = signal('voice', 0.3)
  const configs = [{}, { bands: 23 }, { preset: 'librosa' }, { deltaRadius: 9 }, { fftSize: 2048 }]
  const parsed = configs.map((each) => logMelConfig.parse(each))
  const alone = parsed.map((config) => logMelChannels(sound, config))
  for (let round = 0; round < 3; round++) {
    parsed.forEach((config, index) => {
      expect(logMelChannels(sound, { ...config })).toEqual(alone[index])
      logMel(silence(1 + 3000 * round), config)
    })
  }
})

test('a frame does not depend on the frames of its block', () => {
  const loud = signal('chirp', 0.5)
  const config = logMelConfig.parse({ floor: 1e-25, preEmphasis: 0, window: 'hann' })
  const whole = logMel(loud, config, { kernel: 'wasm-simd' })
  for (const first of [1, 2, 3, 5]) {
    const samples = loud.samples.subarray(first * 160)
    const part = logMel({ ...loud, samples }, config, { kernel: 'wasm-simd' })
    expect(part.data).toEqual(whole.data.subarray(first * 64))
  }
})

test('tables lie apart from each other, each at a multiple of 16', () => {
  fc.assert(
    fc.property(anySettings, (config) => {
      const tables = simdTables(config)
      const { single, double, samples, sound32, sound64, still, slope, bend, channels } = tables
      const places = [single, double, samples, sound32, sound64, still, slope, bend, channels]
      for (const place of places) expect(place % 16).toBe(0)
      expect([...places].sort((a, b) => a - b)).toEqual(places)
      expect(tables.size).toBeGreaterThan(channels)
    }),
  )
})

const blocked = () => {
  throw new Error('blocked by Content Security Policy')
}

test.each([
  ['there is no WebAssembly', undefined],
  ['WebAssembly has no SIMD', { validate: vi.fn(() => false) }],
  ['a page forbids it', { validate: vi.fn(() => true), Memory: vi.fn(), Module: blocked }],
])('where %s, the plain version serves', async (_, api) => {
  vi.stubGlobal('WebAssembly', api)
  vi.resetModules()
  const { frontEndKernel, kernelNamed } = await import('./choice.js')
  expect(frontEndKernel()).toBe('plain')
  expect(kernelNamed().name).toBe('plain')
  expect(() => kernelNamed('wasm-simd')).toThrow(
    'the kernel wasm-simd does not work here; leave the choice open',
  )
})

/**
 * In dB. What lies as far below the clip's peak as float64 itself is exact, 1e-11 of the largest magnitude that a frame
 * could have, is rounding noise in both kernels and left out; so are the slopes of a band that has such a frame.
 */
function largestError(
  plain: Tensor,
  simd: Tensor,
  config: LogMelConfig,
  { samples }: Audio,
): number {
  const decibels = config.log === 'dB' ? 1 : (config.spectrum === 'power' ? 10 : 20) / Math.LN10
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const noise = (20 * Math.log10(peak * windowSamples(config)) - 220) / decibels
  const [frames = 0, bands = 0, channels = 1] = plain.shape
  let most = 0
  for (let band = 0; band < bands; band++) {
    const at = (frame: number, channel: number) => (frame * bands + band) * channels + channel
    const isNoise = (frame: number) => plain.data[at(frame, 0)]! < noise
    const hasNoise = Array.from({ length: frames }, (_, frame) => frame).some(isNoise)
    for (let frame = 0; frame < frames; frame++) {
      for (let channel = 0; channel < channels; channel++) {
        if (channel === 0 ? isNoise(frame) : hasNoise) continue
        const place = at(frame, channel)
        most = Math.max(most, Math.abs(plain.data[place]! - simd.data[place]!) * decibels)
      }
    }
  }
  return most
}
