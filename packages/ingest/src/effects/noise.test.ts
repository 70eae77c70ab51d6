import fc from 'fast-check'
import { random, type Audio } from '@serflow/core'
import { expect, test } from 'vitest'
import { applyEffects } from './apply.js'
import { babble } from './babble.js'
import { activePart, addAt, pinkNoise, whiteNoise } from './noise.js'
import { bursts, rate, spectrum } from './sounds.fixture.js'

/** The ratio over the active part of the clean sound, by the definition. */
function ratioDb(clean: Audio, noisy: Audio): number {
  const { start, end } = activePart(clean)
  let [signal, noise] = [0, 0]
  for (let i = start; i < end; i++) {
    signal += clean.samples[i]! ** 2
    noise += (noisy.samples[i]! - clean.samples[i]!) ** 2
  }
  return 10 * Math.log10(signal / noise)
}

test.each(['white', 'pink', 'babble'])(
  '%s noise is at the ratio asked for, within 0.1 dB',
  (kind) => {
    for (const snrDb of [-20, -5, 0, 10, 30, 60]) {
      for (const scale of [1e-3, 1]) {
        const { samples } = bursts(`${kind} ${snrDb}`)
        const clean = { samples: samples.map((sample) => sample * scale), sampleRateHz: rate }
        const noisy = applyEffects(clean, `noise=${kind}:${snrDb}dB`, 'a')
        // At 60 dB the difference of float32 samples has lost some of its digits.
        expect(Math.abs(ratioDb(clean, noisy) - snrDb)).toBeLessThan(snrDb === 60 ? 0.1 : 0.01)
        expect(noisy.samples[0]).not.toBe(0)
      }
    }
  },
)

test('the active part is from the first to the last loud frame, pauses included', () => {
  const samples = new Float32Array(rate)
  samples.fill(0.5, 3200, 4800)
  samples.fill(0.5, 8000, 9600)
  samples.fill(0.5 * 10 ** (-45 / 20), 12800)
  expect(activePart({ samples, sampleRateHz: rate })).toEqual({ start: 3200, end: 9600 })
  samples.fill(0.5 * 10 ** (-35 / 20), 12800)
  expect(activePart({ samples, sampleRateHz: rate })).toEqual({ start: 3200, end: 16000 })
  const silent = { samples: new Float32Array(50), sampleRateHz: rate }
  expect(activePart(silent)).toEqual({ start: 0, end: 50 })
})

test('silence around the sentence does not change the noise', () => {
  const { samples } = bursts('padded')
  const padded = new Float32Array(3 * samples.length)
  padded.set(samples, samples.length)
  const noise = Float32Array.from(padded, (_, i) => Math.sin(i))
  const own = noise.subarray(samples.length, 2 * samples.length)
  const short = addAt({ samples, sampleRateHz: rate }, own, 5).samples
  const long = addAt({ samples: padded, sampleRateHz: rate }, noise, 5).samples
  expect(long.subarray(samples.length, 2 * samples.length)).toEqual(short)
})

test('a silent clip stays silent', () => {
  const silent = { samples: new Float32Array(rate), sampleRateHz: rate }
  expect(addAt(silent, whiteNoise(rate, random('a')), 10)).toBe(silent)
})

/** Mean power in dB of each octave's middle. */
function octaveLevels(samples: Float32Array): readonly (readonly [octave: number, db: number])[] {
  const size = 2048
  const power = spectrum(samples, size)
  return [125, 250, 500, 1000, 2000, 4000].map((hz) => {
    const [from, to] = [hz / Math.SQRT2, hz * Math.SQRT2].map((edge) =>
      Math.round((edge * size) / rate),
    )
    const bins = power.subarray(from, to)
    return [Math.log2(hz), 10 * Math.log10(bins.reduce((a, b) => a + b, 0) / bins.length)] as const
  })
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (index: 0 | 1) =>
    points.reduce((sum, point) => sum + point[index], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const up = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0)
  return up / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
}

test('pink noise falls by 3 dB an octave, white noise does not', () => {
  expect(Math.abs(slopeOf(octaveLevels(pinkNoise(20 * rate, random('pink')))) + 3.01)).toBeLessThan(
    0.25,
  )
  expect(Math.abs(slopeOf(octaveLevels(whiteNoise(20 * rate, random('white')))))).toBeLessThan(0.1)
})

test('pink noise has the spectrum of its filters from its first sample on', () => {
  const power = (from: number) => {
    let sum = 0
    for (let seed = 0; seed < 100; seed++) {
      const noise = pinkNoise(64, random('start', seed))
      for (let i = from; i < from + 16; i++) sum += noise[i]! ** 2
    }
    return sum
  }
  expect(power(0) / power(48)).toBeGreaterThan(0.7)
  expect(power(0) / power(48)).toBeLessThan(1.4)
})

test('babble is like speech: most power below 1 kHz, no two clips alike, at any rate and length', () => {
  const noise = babble(2 * rate, random('a'), rate)
  const power = spectrum(noise.subarray(0, rate), 256)
  const low = power.subarray(1, 16).reduce((a, b) => a + b, 0)
  expect(low / power.reduce((a, b) => a + b, 0)).toBeGreaterThan(0.6)
  const other = babble(2 * rate, random('b'), rate)
  const product = noise.reduce((sum, sample, i) => sum + sample * other[i]!, 0)
  const powers = [noise, other].map((each) =>
    each.reduce((sum, sample) => sum + sample * sample, 0),
  )
  expect(Math.abs(product) / Math.sqrt(powers[0]! * powers[1]!)).toBeLessThan(0.5)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), (length) => {
      expect(babble(length, random(length), 8000).length).toBe(length)
    }),
    { numRuns: 5 },
  )
})
