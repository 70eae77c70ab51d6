import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logMelConfig } from './config.js'
import { frameCount, frameTimes, hopSamples, windowSamples, windowWeights } from './frames.js'

const config = logMelConfig.parse({})

test('25 and 10 ms at 16 kHz are 400 and 160 samples', () => {
  expect(windowSamples(config)).toBe(400)
  expect(hopSamples(config)).toBe(160)
})

test('a clip shorter than a window is one frame, then one more every hop', () => {
  const counts = [1, 399, 400, 559, 560, 719, 720, 16000].map((n) => frameCount(n, config))
  expect(counts).toEqual([1, 1, 1, 1, 2, 2, 3, 98])
})

test('the last frame ends within the clip, and one more would not', () => {
  const settings = fc.record({
    sampleRateHz: fc.constantFrom(8000, 16000, 22050),
    windowMs: fc.integer({ min: 1, max: 60 }),
    hopMs: fc.integer({ min: 1, max: 40 }),
  })
  fc.assert(
    fc.property(settings, fc.integer({ min: 1, max: 50_000 }), (frame, samples) => {
      fc.pre(samples >= windowSamples(frame))
      const end = (frameCount(samples, frame) - 1) * hopSamples(frame) + windowSamples(frame)
      expect(end).toBeLessThanOrEqual(samples)
      expect(end + hopSamples(frame)).toBeGreaterThan(samples)
    }),
  )
})

test('a frame begins a hop after the one before', () => {
  expect([...frameTimes(4, config)]).toEqual([0, 0.01, 0.02, 0.03])
  expect([...frameTimes(3, { ...config, hopMs: 12.5 })]).toEqual([0, 0.0125, 0.025])
  expect(frameTimes(0, config)).toHaveLength(0)
})

test('windows are periodic: their weights are those of one turn of a cosine', () => {
  expectClose(windowWeights('hamming', 4), [0.08, 0.54, 1, 0.54])
  expectClose(windowWeights('hann', 4), [0, 0.5, 1, 0.5])
  expectClose(windowWeights('hann', 5), [0, 0.345491503, 0.904508497, 0.904508497, 0.345491503])
})

function expectClose(found: Float64Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length)
  expected.forEach((value, n) => expect(found[n]).toBeCloseTo(value, 9))
}
