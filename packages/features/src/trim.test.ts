import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logMelConfig } from './config.js'
import { frameCount } from './frames.js'
import { audio, joined, silence, tone } from './signals.fixture.js'
import { keptFrames } from './trim.js'

const noMargin = logMelConfig.parse({ trimMarginFrames: 0 })
const word = joined(silence(8000), tone(300, 10000, 0.5), silence(4800))

test('silence at both ends is cut to the first and last frame that touch the sound', () => {
  // The sound is samples 8000…15999: frame 48 ends at 8079, frame 47 at 7919; frame 99 begins at 15840.
  expect(keptFrames(word, noMargin)).toEqual({ start: 48, end: 100 })
})

test('a margin keeps frames on both sides, within the clip', () => {
  expect(keptFrames(word, { ...noMargin, trimMarginFrames: 5 })).toEqual({ start: 43, end: 105 })
  expect(keptFrames(word, { ...noMargin, trimMarginFrames: 1000 })).toEqual({ start: 0, end: 128 })
})

test('a pause inside is kept', () => {
  const twice = joined(word, word)
  const { start, end } = keptFrames(twice, noMargin)
  expect(start).toBe(48)
  expect(end).toBeGreaterThan(48 + 100)
})

test('trimDb decides which tail is silence', () => {
  // 40 dB below the tone
  const tail = joined(tone(300, 10000, 0.5), tone(300, 100, 0.5))
  expect(keptFrames(tail, { ...noMargin, trimDb: 45 }).end).toBe(98)
  expect(keptFrames(tail, { ...noMargin, trimDb: 35 }).end).toBe(50)
})

test('a constant offset of the recorder is no sound', () => {
  const shifted = audio(word.samples.length, 16000, (n) => word.samples[n]! + 0.25)
  expect(keptFrames(shifted, noMargin)).toEqual(keptFrames(word, noMargin))
})

test('a clip of silence alone, or of a constant, is kept whole', () => {
  expect(keptFrames(silence(16000), noMargin)).toEqual({ start: 0, end: 98 })
  const constant = audio(16000, 16000, () => 0.1)
  expect(keptFrames(constant, noMargin)).toEqual({ start: 0, end: 98 })
})

test('trimDb null keeps everything', () => {
  expect(keptFrames(word, { ...noMargin, trimDb: null })).toEqual({ start: 0, end: 128 })
})

test('how loud the whole clip is makes no difference', () => {
  const quiet = audio(word.samples.length, 16000, (n) => word.samples[n]! / 4096)
  expect(keptFrames(quiet, noMargin)).toEqual(keptFrames(word, noMargin))
})

test('any clip keeps at least one frame, within its frames', () => {
  const samples = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
    minLength: 1,
    maxLength: 2000,
  })
  const settings = fc.record({
    trimDb: fc.option(fc.integer({ min: 1, max: 90 })),
    trimMarginFrames: fc.integer({ min: 0, max: 8 }),
  })
  fc.assert(
    fc.property(samples, settings, (values, given) => {
      const config = { ...noMargin, ...given }
      const clip = audio(values.length, 16000, (n) => values[n]!)
      const { start, end } = keptFrames(clip, config)
      expect(start).toBeGreaterThanOrEqual(0)
      expect(end).toBeGreaterThan(start)
      expect(end).toBeLessThanOrEqual(frameCount(values.length, config))
    }),
  )
})
