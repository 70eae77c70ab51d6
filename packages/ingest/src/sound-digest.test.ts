import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soundDigest } from './sound-digest.js'

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
