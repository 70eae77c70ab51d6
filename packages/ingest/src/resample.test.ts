import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resample, resampleBy } from './resample.js'
import { resamplingTaps, tapFunction } from './resample-taps.js'

/** The generator of the golden script. */
function noise(count: number): Float32Array {
  let state = 1
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (Math.floor(state / 2 ** 15) - 2 ** 15) / 2 ** 15
  })
}

const tone = (hz: number, rate: number, length: number, amplitude = 0.5) =>
  Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / rate))
const rms = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
const inner = (samples: Float32Array) => samples.subarray(320, samples.length - 320)

describe('against scipy', () => {
  const golden = JSON.parse(
    readFileSync(new URL('../../../tests/golden/ingest/resample.json', import.meta.url), 'utf8'),
  ) as {
    ratios: {
      up: number
      down: number
      samples: number
      taps: number
      everyTap: number
      tapValues: number[]
      length: number
      everyOutput: number
      outputs: number[]
    }[]
  }

  test.each(golden.ratios)('the taps of $up/$down are those of firwin', (row) => {
    const taps = resamplingTaps(row.up, row.down)
    expect(taps.length).toBe(row.taps)
    row.tapValues.forEach((value, i) => expect(taps[i * row.everyTap]).toBeCloseTo(value, 12))
  })

  test.each(golden.ratios)('$up/$down gives the output of upfirdn', (row) => {
    const output = resampleBy(noise(row.samples), row, 'plain')
    expect(output.length).toBe(row.length)
    row.outputs.forEach((value, i) =>
      expect(Math.abs(output[i * row.everyOutput]! - value)).toBeLessThan(2e-7),
    )
  })
})

test('equals the sum of its definition, for any ratio and length', () => {
  const ratio = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
    .filter(([up, down]) => up !== down && gcd(up, down) === 1)
  fc.assert(
    fc.property(ratio, fc.integer({ min: 0, max: 400 }), ([up, down], length) => {
      const samples = noise(length)
      expect(
        difference(resampleBy(samples, { up, down }, 'plain'), plain(samples, up, down)),
      ).toBeLessThan(3e-7)
    }),
    { numRuns: 40 },
  )
})

test('a ratio with too many taps to keep them by phase has the same ones, both times', () => {
  const [up, down] = [16000, 44101]
  const samples = noise(900)
  const tap = tapFunction(up, down)
  const once = resampleBy(samples, { up, down })
  expect(once.length).toBe(327)
  for (const i of [0, 1, 160, 325, 326]) {
    const sum = samples.reduce((total, x, k) => total + x * tap(i * down - k * up), 0)
    expect(Math.abs(once[i]! - sum)).toBeLessThan(3e-7)
  }
  expect(resampleBy(samples, { up, down })).toEqual(once)
})

test.each([
  [1, 3, 60000],
  [2, 1, 20000],
  [160, 441, 60000],
])('%i/%i equals the sum of its definition over the borders of blocks', (up, down, length) => {
  const samples = noise(length)
  expect(
    difference(resampleBy(samples, { up, down }, 'plain'), plain(samples, up, down)),
  ).toBeLessThan(3e-7)
})

function plain(samples: Float32Array, up: number, down: number): number[] {
  const taps = resamplingTaps(up, down)
  const centre = (taps.length - 1) / 2
  return Array.from({ length: Math.round((samples.length * up) / down) }, (_, i) => {
    const first = Math.max(0, Math.ceil((i * down - centre) / up))
    const last = Math.min(samples.length - 1, Math.floor((i * down + centre) / up))
    let sum = 0
    for (let k = first; k <= last; k++) sum += samples[k]! * taps[centre + i * down - k * up]!
    return sum
  })
}

/** The largest difference of two signals of one length. */
function difference(left: Float32Array, right: ArrayLike<number>): number {
  if (left.length !== right.length) return Infinity
  return left.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i]!)), 0)
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

describe('48 kHz to 16 kHz', () => {
  const gainDb = (hz: number) => {
    const taps = resamplingTaps(1, 3)
    const centre = (taps.length - 1) / 2
    let sum = 0
    taps.forEach((tap, n) => (sum += tap * Math.cos((2 * Math.PI * hz * (n - centre)) / 48000)))
    return 20 * Math.log10(Math.abs(sum))
  }

  test('is flat within 0.05 dB to 7.3 kHz', () => {
    const gains = Array.from({ length: 731 }, (_, i) => Math.abs(gainDb(10 * i)))
    expect(Math.max(...gains)).toBeLessThan(0.05)
  })

  test('leaves aliases below −100 dB, from the Nyquist frequency on', () => {
    const gains = Array.from({ length: 1601 }, (_, i) => gainDb(8000 + 10 * i))
    expect(Math.max(...gains)).toBeLessThan(-100)
  })

  test('takes a tone at 10 kHz away and keeps one at 1 kHz, one second each', () => {
    const high = resample({ samples: tone(10000, 48000, 48000), sampleRateHz: 48000 }, 16000)
    const low = resample({ samples: tone(1000, 48000, 48000), sampleRateHz: 48000 }, 16000)
    expect([high.samples.length, low.samples.length]).toEqual([16000, 16000])
    expect(high.sampleRateHz).toBe(16000)
    expect(rms(inner(high.samples))).toBeLessThan(0.5 * 1e-5)
    expect(rms(inner(low.samples))).toBeCloseTo(0.5 / Math.SQRT2, 5)
  })
})

test.each([8000, 11025, 22050, 32000, 44100, 48000, 96000, 44101])(
  'a tone at %i Hz comes out at 16 kHz without delay or change',
  (rate) => {
    const hz = 700
    const { samples } = resample({ samples: tone(hz, rate, rate / 5), sampleRateHz: rate }, 16000)
    expect(samples.length).toBe(Math.round((Math.floor(rate / 5) * 16000) / rate))
    const expected = tone(hz, 16000, samples.length)
    expect(difference(inner(samples), inner(expected))).toBeLessThan(2e-5)
  },
)

test('the length is samples · new / old, rounded; silence stays exactly 0', () => {
  fc.assert(
    fc.property(fc.nat(3000), fc.constantFrom(8000, 22050, 44100, 48000), (length, rate) => {
      const { samples } = resample({ samples: new Float32Array(length), sampleRateHz: rate }, 16000)
      expect(samples.length).toBe(Math.round((length * 16000) / rate))
      expect(samples.every((sample) => sample === 0)).toBe(true)
    }),
  )
})

test('a sound at the right rate is the same object', () => {
  const audio = { samples: new Float32Array(3), sampleRateHz: 16000 }
  expect(resample(audio, 16000)).toBe(audio)
})

test('a rate that is no positive integer is a defect', () => {
  const samples = new Float32Array(3)
  expect(() => resample({ samples, sampleRateHz: 0 }, 16000)).toThrow(RangeError)
  expect(() => resample({ samples, sampleRateHz: 48000 }, 16000.5)).toThrow(/16000.5 Hz/)
})
