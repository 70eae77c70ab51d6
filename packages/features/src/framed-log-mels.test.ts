import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logMelChannels } from './channels.js'
import { logMelConfig, segmentConfig } from './config.js'
import { framedLogMels } from './framed-log-mels.js'
import { cutSegments } from './segment.js'
import { anySettings, anySound } from './settings.fixture.js'
import { signal, silence } from './signals.fixture.js'

const voice = signal('voice', 2)

test('one call gives what its parts give', () => {
  const channels = logMelChannels(voice, logMelConfig.parse({}))
  const { segments } = cutSegments(channels, segmentConfig.parse({}))
  expect(framedLogMels(voice)).toEqual(segments)
})

test('one call gives what its parts give, whatever the settings and the segments', () => {
  const input = anySettings.chain((config) =>
    fc.record({
      config: fc.constantFrom({ ...config, trimDb: 20 }, config),
      sound: anySound(5000, config.sampleRateHz),
      segmentFrames: fc.integer({ min: 1, max: 100 }),
      hopShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
      maxSegments: fc.constantFrom(1, 3, 1000),
    }),
  )
  fc.assert(
    fc.property(input, ({ config, sound, segmentFrames, hopShare, maxSegments }) => {
      const hopFrames = Math.ceil(hopShare * segmentFrames)
      const cut = segmentConfig.parse({ segmentFrames, hopFrames, maxSegments })
      const { segments } = cutSegments(logMelChannels(sound, config), cut)
      const found = framedLogMels(sound, config, cut)
      expect(found.shape).toEqual(segments.shape)
      expect(found.data.every((value, i) => Object.is(value, segments.data[i]))).toBe(true)
    }),
  )
})

test('settings that are not given have their defaults', () => {
  const { shape } = framedLogMels(
    voice,
    { bands: 40, trimDb: null },
    { segmentFrames: 48, hopFrames: 24 },
  )
  // 198 frames
  expect(shape).toEqual([8, 48, 40, 3])
})

test('a tenth of a second is one segment, all finite', () => {
  const { data, shape } = framedLogMels(signal('voice', 0.1))
  expect(shape).toEqual([1, 64, 64, 3])
  expect(data.every(Number.isFinite)).toBe(true)
})

test('fifteen seconds are 46 segments', () => {
  // one window is 400 samples, and 1503 hops follow
  expect(framedLogMels(silence(400 + 1503 * 160)).shape).toEqual([46, 64, 64, 3])
  expect(framedLogMels(silence(15 * 16000)).shape).toEqual([46, 64, 64, 3])
})

test('settings that contradict each other are refused in one line', () => {
  expect(() => framedLogMels(voice, { highHz: 9000, lowHz: 9500 })).toThrow(
    new InputError(
      'features.highHz: highHz 9000 is above 8000, half of sampleRateHz; lower it; ' +
        'features.lowHz: lowHz 9500 is not below highHz 9000; lower it',
    ),
  )
  expect(() => framedLogMels(voice, {}, { hopFrames: 65 })).toThrow(
    new InputError(
      'segments.hopFrames: hopFrames 65 is above segmentFrames 64, which would leave frames out; lower it',
    ),
  )
})

test('what is no setting is named where it stands', () => {
  const given: object = { bnads: 40, hpoMs: 10 }
  expect(() => framedLogMels(voice, given)).toThrow(
    new InputError(
      'features.bnads: there is no such setting; features.hpoMs: there is no such setting',
    ),
  )
  expect(() => framedLogMels(voice, {}, { segmentFrames: 0 })).toThrow(
    new InputError('segments.segmentFrames: Too small: expected number to be >0'),
  )
})

test('an array that is long enough is used again, whatever was in it', () => {
  const expected = framedLogMels(voice)
  const into = new Float32Array(expected.data.length + 7).fill(NaN)
  const found = framedLogMels(voice, {}, {}, { into })
  expect(found).toEqual(expected)
  expect(found.data.buffer).toBe(into.buffer)
  expect(into.subarray(expected.data.length).every(Number.isNaN)).toBe(true)
  // a shorter clip into the same array, with segments that are padded
  expect(framedLogMels(signal('chirp', 0.1), {}, {}, { into })).toEqual(
    framedLogMels(signal('chirp', 0.1)),
  )
})

test('an array that is too short is left as it was', () => {
  const into = new Float32Array(framedLogMels(voice).data.length - 1)
  expect(framedLogMels(voice, {}, {}, { into })).toEqual(framedLogMels(voice))
  expect(into.every((value) => value === 0)).toBe(true)
})
