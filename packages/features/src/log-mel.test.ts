import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logMelConfig } from './config.js'
import { delta } from './delta.js'
import { kernelNames } from './kernels/kernel.js'
import { logMel } from './log-mel.js'
import { audio, signal, silence, tone, type SignalName } from './signals.fixture.js'

interface Case {
  readonly signal: SignalName
  readonly settings: { readonly sampleRateHz?: number }
  readonly frames: number
  readonly chosen: readonly number[]
  readonly static: readonly (readonly number[])[]
  readonly delta: readonly (readonly number[])[]
  readonly deltaDelta: readonly (readonly number[])[]
}
const golden: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('../../../tests/golden/features/log-mel.json', import.meta.url), 'utf8'),
)
const paper = logMelConfig.parse({})

// The golden values have six decimals, and a float32 of about 10 has a step of 1e-6. In dB this is 1e-5.
const tolerances = { plain: 3e-6, 'wasm-simd': 1e-3 / (10 / Math.LN10) }
const kernelled = kernelNames.flatMap((kernel) => golden.cases.map((each) => ({ kernel, ...each })))

test.each(kernelled)(
  'log-mels and slopes of $signal with $settings are those of librosa, by $kernel',
  ({ kernel, ...given }) => {
    const tolerance = tolerances[kernel]
    const config = logMelConfig.parse(given.settings)
    const still = logMel(signal(given.signal, 0.5, config.sampleRateHz), config, { kernel })
    const slope = delta(still, config.deltaRadius)
    const bend = delta(slope, config.deltaRadius)
    expect(still.shape).toEqual([given.frames, config.bands])
    given.chosen.forEach((frame, index) => {
      for (const [tensor, rows] of [
        [still, given.static],
        [slope, given.delta],
        [bend, given.deltaDelta],
      ] as const) {
        const found = tensor.data.subarray(frame * config.bands, (frame + 1) * config.bands)
        const errors = rows[index]!.map((value, band) => Math.abs(value - found[band]!))
        expect(errors).toHaveLength(found.length)
        expect(Math.max(...errors)).toBeLessThan(tolerance)
      }
    })
  },
)

test('silence is the logarithm of the floor, in every frame and band', () => {
  const { data, shape } = logMel(silence(16000), paper)
  expect(shape).toEqual([98, 64])
  expect(new Set(data)).toEqual(new Set([Math.fround(Math.log(1e-7))]))
})

test('any sound of any length has finite log-mels', () => {
  const sample = fc.oneof(
    fc.constantFrom(0, -0, 1, -1, 2 ** -15, 1e-45, 3.4e38, -3.4e38),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
  )
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 1200 }), (samples) => {
      const { data, shape } = logMel(
        audio(samples.length, 16000, (n) => samples[n]!),
        paper,
      )
      expect(data).toHaveLength(shape[0]! * 64)
      expect(data.every(Number.isFinite)).toBe(true)
    }),
  )
})

test.each([1, 2, 399, 400, 401, 559, 560, 1600])(
  'a clip of %d samples has finite log-mels',
  (n) => {
    const square = audio(n, 16000, (index) => (index % 20 < 10 ? 1 : -1))
    const { data, shape } = logMel(square, paper)
    expect(shape).toEqual([n < 560 ? 1 : 1 + Math.floor((n - 400) / 160), 64])
    expect(data.every(Number.isFinite)).toBe(true)
  },
)

test('a constant offset makes no click: all frames are alike', () => {
  const { data } = logMel(
    audio(4000, 16000, () => 0.5),
    paper,
  )
  for (let i = 64; i < data.length; i++) expect(data[i]).toBe(data[i % 64])
})

test('a frame depends on its own samples and the one before, whatever frame it is', () => {
  const sound = signal('voice')
  const whole = logMel(sound, paper)
  for (const frame of [1, 7, 30]) {
    const samples = sound.samples.subarray(frame * 160 - 160, frame * 160 + 400)
    const part = logMel({ samples, sampleRateHz: 16000 }, paper)
    expect(part.data.subarray(64)).toEqual(whole.data.subarray(frame * 64, frame * 64 + 64))
  }
})

test('a quiet clip is the same alone, after a loud one and after a short one', () => {
  const quiet = tone(300, 3)
  const alone = logMel(quiet, paper)
  logMel(tone(300, 30000), paper)
  expect(logMel(quiet, paper)).toEqual(alone)
  logMel(tone(300, 30000, 0.001), paper)
  expect(logMel(quiet, paper)).toEqual(alone)
})

test('a clip shorter than a window is one frame with zeros behind, whatever came before', () => {
  const short = tone(440, 20000, 0.01)
  const alone = logMel(short, paper)
  logMel(signal('noise'), paper)
  expect(logMel(short, paper)).toEqual(alone)
  expect(alone.shape).toEqual([1, 64])
})

test('twice the amplitude is ln 4 more in every band, where the floor is far below', () => {
  const config = { ...paper, floor: 1e-20 }
  const loud = signal('noise')
  const quiet = audio(loud.samples.length, 16000, (n) => loud.samples[n]! / 2)
  const expected = logMel(loud, config).data
  logMel(quiet, config).data.forEach((value, i) => {
    expect(expected[i]! - value).toBeCloseTo(Math.log(4), 5)
  })
})

test('a tone is loudest in the band whose centre is nearest', () => {
  const config = logMelConfig.parse({ bands: 40 })
  const { data } = logMel(tone(1000, 20000), config)
  const row = data.subarray(20 * 40, 21 * 40)
  // hzToMel(1000) = 1000; 40 centres between 31.7 and 2840 mel are 68.5 apart, so it is the 14th
  expect(row.indexOf(Math.max(...row))).toBe(13)
})

test('sound at another rate, without samples, or not finite is refused', () => {
  const at48 = { samples: new Float32Array(10), sampleRateHz: 48000 }
  expect(() => logMel(at48, paper)).toThrow(
    'sound at 48000 Hz, expected 16000 Hz; resample it first',
  )
  expect(() => logMel(silence(0), paper)).toThrow(
    'sound without samples, expected at least one; leave the clip out',
  )
  const broken = audio(500, 16000, (n) => (n === 100 ? NaN : 0))
  expect(() => logMel(broken, paper)).toThrow(
    'sample 100 is NaN, expected a finite number; mend or leave out the recording',
  )
})
