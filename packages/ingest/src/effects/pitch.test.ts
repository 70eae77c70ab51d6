import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changePitch, stretch } from './pitch.js'
import { frequencyOf, middle, peak, rate, tone } from './sounds.fixture.js'

test.each([-12, -4, -2, -0.5, 0.5, 1, 2, 4, 7, 12])(
  'pitch by %d semitones: a tone within 1 percent, the duration exact',
  (semitones) => {
    for (const hz of [80, 220, 1234]) {
      const audio = tone(hz, 1)
      const moved = changePitch(audio, semitones)
      expect(moved.samples.length).toBe(audio.samples.length)
      const expected = hz * 2 ** (semitones / 12)
      expect(Math.abs(frequencyOf(middle(moved)) / expected - 1)).toBeLessThan(0.01)
    }
  },
)

test('a tone keeps its level but at the edges', () => {
  for (const semitones of [-3, 3]) {
    const moved = middle(changePitch(tone(220, 1), semitones))
    expect(peak(moved.samples)).toBeGreaterThan(0.45)
    expect(peak(moved.samples)).toBeLessThan(0.55)
  }
})

test('pitch by 0 semitones is the same object', () => {
  const audio = tone(220, 0.1)
  expect(changePitch(audio, 0)).toBe(audio)
})

test('stretching gives round(samples · factor) samples and keeps the pitch', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      fc.integer({ min: 0, max: 3000 }),
      (factor, length) => {
        const samples = Float32Array.from({ length }, (_, i) => Math.sin(i))
        const stretched = stretch({ samples, sampleRateHz: rate }, factor).samples
        expect(stretched.length).toBe(Math.round(length * factor))
        expect(stretched.every(Number.isFinite)).toBe(true)
      },
    ),
    { numRuns: 30 },
  )
  for (const factor of [0.6, 0.9, 1.2, 1.9]) {
    const hz = frequencyOf(middle(stretch(tone(180, 1), factor)))
    expect(Math.abs(hz / 180 - 1)).toBeLessThan(0.005)
  }
})

test('stretching by 1 changes nothing', () => {
  const audio = tone(180, 0.5)
  stretch(audio, 1).samples.forEach((sample, i) => expect(sample).toBeCloseTo(audio.samples[i]!, 6))
})
