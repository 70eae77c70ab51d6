import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { random } from '@serflow/core'
import { readerKernel } from './kernels/reader-kernel.js'
import { halvingsOf, halvingTaps, roundsOf } from './resample-halving.js'
import { resample, resampleBy } from './resample.js'
import { resamplePlain } from './resample-plain.js'
import { resampleSimd } from './resample-simd.js'
import { rateRatio } from './resample-taps.js'

const noise = (length: number) => {
  const draw = random('noise', length)
  return Float32Array.from({ length }, () => 2 * draw.uniform() - 1)
}
const difference = (left: Float32Array, right: Float32Array) =>
  left.length === right.length
    ? left.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i]!)), 0)
    : Infinity

/** Of noise at full scale: 120 dB of a halving, and float32 sums of hundreds of products. */
const tolerance = 4e-6

test('vectors serve where WebAssembly has them', () => {
  expect(readerKernel()).toBe('wasm-simd')
})

const ratio = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }))
  .map(([up, down]) => rateRatio(down, up))
  .filter(({ up, down }) => up !== down)

test('is the plain resampler within its tolerance, for any ratio and length', () => {
  fc.assert(
    fc.property(ratio, fc.integer({ min: 0, max: 9000 }), (each, length) => {
      const samples = noise(length)
      expect(difference(resampleSimd(samples, each)!, resamplePlain(samples, each))).toBeLessThan(
        tolerance,
      )
    }),
    { numRuns: 60 },
  )
})

test.each([8000, 11025, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 192000])(
  '%i Hz to 16 kHz is the plain resampler within its tolerance, for 0, 1, few and many samples',
  (rate) => {
    for (const length of [0, 1, 2, 3, 7, 31, 150, 40_000]) {
      const audio = { samples: noise(length), sampleRateHz: rate }
      const [simd, plain] = [resample(audio, 16000), resample(audio, 16000, 'plain')]
      expect(difference(simd.samples, plain.samples)).toBeLessThan(tolerance)
    }
  },
)

test('parts that begin with a round and reach far enough are bit by bit those of the whole', () => {
  fc.assert(
    fc.property(
      ratio,
      fc.integer({ min: 100, max: 6000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (each, length, share) => {
        const samples = noise(length)
        const whole = resampleBy(samples, each)
        const { up, down, reach } = roundsOf(each)
        const margin = Math.ceil(reach / down)
        const firstRound = Math.floor((share * length) / down)
        const from = Math.max(0, firstRound - margin)
        const part = resampleBy(samples.subarray(from * down), each)
        const left = part.slice((firstRound - from) * up)
        expect(Buffer.from(left.buffer)).toEqual(Buffer.from(whole.slice(firstRound * up).buffer))
      },
    ),
    { numRuns: 40 },
  )
})

test('a ratio of too many taps is left to the plain resampler', () => {
  const samples = noise(300)
  expect(resampleSimd(samples, { up: 16000, down: 44101 })).toBeUndefined()
  expect(resampleBy(samples, { up: 16000, down: 44101 })).toEqual(
    resamplePlain(samples, { up: 16000, down: 44101 }),
  )
})

test('rates are halved as long as half is well above the new one', () => {
  const halvings = (from: number) => halvingsOf(rateRatio(from, 16000))
  expect([16000, 32000, 39999, 40000, 44100, 48000, 96000, 192000].map(halvings)).toEqual([
    0, 0, 0, 1, 1, 1, 2, 3,
  ])
})

test.each([2.5, 2.75625, 3, 6, 12])(
  'a halving from %d times the new rate is flat to its Nyquist frequency and lets nothing fold below it',
  (rate) => {
    const even = halvingTaps(rate)
    const centre = even.length - 1
    const gain = (frequency: number) =>
      even.reduce(
        (sum, tap, i) => sum + tap * Math.cos(2 * Math.PI * frequency * (2 * i - centre)),
        0.5,
      )
    const edge = 0.5 / rate
    for (let i = 0; i <= 100; i++) {
      expect(Math.abs(gain((edge * i) / 100) - 1)).toBeLessThan(2e-6)
      expect(Math.abs(gain(0.5 - (edge * i) / 100))).toBeLessThan(2e-6)
    }
  },
)

describe('48 kHz to 16 kHz with vectors', () => {
  const seconds = 1
  const tone = (hz: number) =>
    Float32Array.from({ length: 48000 * seconds }, (_, i) =>
      Math.sin((2 * Math.PI * hz * i) / 48000),
    )
  /** Amplitude and what is left of a fit at the tone's own frequency, away from the edges. */
  const fit = (hz: number) => {
    const { samples } = resample({ samples: tone(hz), sampleRateHz: 48000 }, 16000)
    const inner = samples.subarray(800, 15200)
    let [sine, cosine] = [0, 0]
    inner.forEach((value, i) => {
      sine += value * Math.sin((2 * Math.PI * hz * (i + 800)) / 16000)
      cosine += value * Math.cos((2 * Math.PI * hz * (i + 800)) / 16000)
    })
    const [a, b] = [(2 * sine) / inner.length, (2 * cosine) / inner.length]
    const rest = inner.map((value, i) => {
      const angle = (2 * Math.PI * hz * (i + 800)) / 16000
      return value - a * Math.sin(angle) - b * Math.cos(angle)
    })
    const rms = (values: Float32Array) =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
    return {
      amplitude: Math.hypot(a, b),
      noise: rms(rest) * Math.SQRT2,
      level: rms(inner) * Math.SQRT2,
    }
  }

  test.each([100, 1000, 3000, 5000, 7000, 7300])(
    'a tone at %i Hz stays within 0.001 dB, with distortion and noise below −120 dB',
    (hz) => {
      const { amplitude, noise } = fit(hz)
      expect(Math.abs(20 * Math.log10(amplitude))).toBeLessThan(0.001)
      expect(20 * Math.log10(noise)).toBeLessThan(-120)
    },
  )

  test.each([8000, 8200, 8700, 9500, 12000, 15990, 16100, 17000, 23000])(
    'a tone at %i Hz is gone, its alias below −100 dB',
    (hz) => expect(20 * Math.log10(fit(hz).level)).toBeLessThan(-100),
  )
})
