import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logMelConfig } from './config.js'
import {
  frameCount,
  framesReady,
  frameStart,
  frameTimes,
  hopSamples,
  paddings,
  windowSamples,
  windowWeights,
} from './frames.js'

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
    fc.property(settings, fc.integer({ min: 1, max: 50_000 }), (given, samples) => {
      const frame = { ...config, ...given }
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

test('a padded frame is centred at its place, and the last one within the clip', () => {
  for (const padding of ['zeros', 'reflect'] as const) {
    const padded = { ...config, padding }
    const counts = [1, 159, 160, 16000].map((n) => frameCount(n, padded))
    expect(counts).toEqual([1, 1, 2, 101])
    expect([0, 1, 100].map((frame) => frameStart(frame, padded))).toEqual([-200, -40, 15800])
  }
  // librosa.util.pad_center puts 236 zeros before 551 samples of 1024
  const seed = logMelConfig.parse({ preset: 'seed', padding: 'zeros' })
  expect(frameStart(0, seed)).toBe(236 - 512)
})

test('frames are ready when no later sample can change them', () => {
  const settings = fc.record({
    padding: fc.constantFrom(...paddings),
    windowMs: fc.integer({ min: 1, max: 32 }),
    hopMs: fc.integer({ min: 1, max: 40 }),
  })
  fc.assert(
    fc.property(settings, fc.nat(3000), (given, samples) => {
      const frame = { ...config, ...given }
      const ready = framesReady(samples, frame)
      expect(ready).toBeLessThanOrEqual(frameCount(samples, frame))
      const isWithin = (index: number) =>
        frameStart(index, frame) + windowSamples(frame) <= samples &&
        (frame.padding === 'none' || -frameStart(index, frame) < samples)
      if (ready > 0) expect(isWithin(ready - 1) && isWithin(0)).toBe(true)
      expect(isWithin(ready) && isWithin(0)).toBe(false)
    }),
  )
})

test('windows are periodic: their weights are those of one turn of a cosine', () => {
  expectClose(windowWeights('hamming', 4), [0.08, 0.54, 1, 0.54])
  expectClose(windowWeights('hann', 4), [0, 0.5, 1, 0.5])
  expectClose(windowWeights('hann', 5), [0, 0.345491503, 0.904508497, 0.904508497, 0.345491503])
})

test('a symmetric window ends as it begins', () => {
  expectClose(windowWeights('hann', 5, 'symmetric'), [0, 0.5, 1, 0.5, 0])
  expectClose(windowWeights('hamming', 3, 'symmetric'), [0.08, 1, 0.08])
  expectClose(windowWeights('hamming', 1, 'symmetric'), [1])
})

function expectClose(found: Float64Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length)
  expected.forEach((value, n) => expect(found[n]).toBeCloseTo(value, 9))
}
