import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soundDigest, startSoundDigest } from './sound-digest.js'

const digestOf = (samples: readonly number[], sampleRateHz = 16000) =>
  soundDigest({ samples: Float32Array.from(samples), sampleRateHz })

test('zeros before and behind do not count, zeros within do', () => {
  const sound = fc.array(fc.float({ noNaN: true, min: -1, max: 1 }), {
    minLength: 1,
    maxLength: 20,
  })
  fc.assert(
    fc.property(sound, fc.nat(5), fc.nat(5), (samples, before, behind) => {
      fc.pre(samples.some((sample) => sample !== 0))
      const zeros = (count: number) => new Array<number>(count).fill(0)
      expect(digestOf([...zeros(before), ...samples, ...zeros(behind)])).toBe(digestOf(samples))
    }),
  )
  expect(digestOf([0.5, 0, 0.25])).not.toBe(digestOf([0.5, 0.25]))
})

test('another rate or another sample is another sound', () => {
  expect(digestOf([0.5], 8000)).not.toBe(digestOf([0.5]))
  expect(digestOf([0.5, 0.25])).not.toBe(digestOf([0.5, 0.26]))
})

test('silence has none', () => {
  expect(digestOf([0, 0])).toBeNull()
  expect(digestOf([])).toBeNull()
})

test('a sound in pieces has the digest of the whole', () => {
  const sample = fc.constantFrom(0, 0, 0, 0.5, -0.25)
  fc.assert(
    fc.property(
      fc.array(fc.array(sample, { maxLength: 8 }), { maxLength: 8 }),
      fc.constantFrom(8000, 44100),
      (pieces, rate) => {
        const digest = startSoundDigest(rate)
        for (const piece of pieces) digest.add(Float32Array.from(piece))
        expect(digest.end()).toBe(digestOf(pieces.flat(), rate))
      },
    ),
  )
  const long = startSoundDigest(16000)
  for (const value of [0.5, 0, 0, 0.5]) long.add(new Float32Array(50_000).fill(value))
  const whole = Float32Array.from({ length: 200_000 }, (_, i) => (i % 150_000 < 50_000 ? 0.5 : 0))
  expect(long.end()).toBe(soundDigest({ samples: whole, sampleRateHz: 16000 }))
})
