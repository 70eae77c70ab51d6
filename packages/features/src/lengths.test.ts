/** Sounds at the edges of what a front end can be given, for every preset and both kernels. */
import { InputError } from '@serflow/core'
import { expect, test } from 'vitest'
import { logMelChannels } from './channels.js'
import { logMelConfig, segmentConfig } from './config.js'
import { frameCount } from './frames.js'
import { kernelNames } from './kernels/kernel.js'
import { presetNames } from './presets.js'
import { cutSegments } from './segment.js'
import { audio } from './signals.fixture.js'
import { createFrontEndStream } from './stream.js'

const ways = presetNames.flatMap((preset) => kernelNames.map((kernel) => ({ preset, kernel })))
const lengths = [1, 2, 3, 100, 199, 200, 201, 399, 400, 401, 559, 560, 1600, 5000, 10640]
const sounds: Readonly<Record<string, (n: number) => number>> = {
  silence: () => 0,
  'minus nothing': () => -0,
  'a full-scale square wave': (n) => (n % 20 < 10 ? 1 : -1),
  'full scale at half the rate': (n) => (n % 2 ? 1 : -1),
  'an offset': () => 1,
  'one step of 16 bits': (n) => (n % 7 === 0 ? 1 / 32768 : 0),
  'a click at the start': (n) => (n === 0 ? 1 : 0),
  'a click at the end of a window': (n) => (n === 399 ? 1 : 0),
  'noise far below any step': (n) => 1e-40 * Math.sin(n * n),
}

test.each(ways)('every length of every kind of sound is finite: $preset, $kernel', (way) => {
  for (const trimDb of [null, 45]) {
    const config = logMelConfig.parse({ preset: way.preset, trimDb })
    for (const [name, sample] of Object.entries(sounds)) {
      for (const length of lengths) {
        const sound = audio(length, config.sampleRateHz, sample)
        const channels = logMelChannels(sound, config, way)
        if (!trimDb) expect(channels.shape[0]).toBe(frameCount(length, config))
        const { segments, validFrames } = cutSegments(channels, segmentConfig.parse({}))
        expect(segments.data.every(Number.isFinite), `${name} of ${length}`).toBe(true)
        expect(validFrames[0]).toBe(Math.min(64, channels.shape[0]!))
      }
    }
  }
})

test.each(ways)('silence has one static value and slopes of 0: $preset, $kernel', (way) => {
  const config = logMelConfig.parse({ preset: way.preset })
  for (const length of [1, 1600, config.sampleRateHz]) {
    const { data } = logMelChannels(
      audio(length, config.sampleRateHz, () => 0),
      config,
      way,
    )
    expect(new Set(data.filter((_, i) => i % 3 === 0)).size).toBe(1)
    expect(data.filter((_, i) => i % 3 !== 0).every((slope) => slope === 0)).toBe(true)
    const level = config.log === 'ln' ? Math.log(config.floor) : 10 * Math.log10(config.floor)
    expect(data[0]).toBeCloseTo(level, 4)
  }
})

test.each(ways)(
  'no sample, and a sample that is not finite, are errors: $preset, $kernel',
  (way) => {
    const config = logMelConfig.parse({ preset: way.preset })
    const { sampleRateHz } = config
    const nothing = audio(0, sampleRateHz, () => 0)
    const without = 'sound without samples, expected at least one; leave the clip out'
    expect(() => logMelChannels(nothing, config, way)).toThrow(new InputError(without))
    const stream = createFrontEndStream(config, segmentConfig.parse({}), way)
    expect(stream.push(nothing.samples)).toEqual([])
    expect(() => stream.end()).toThrow(new InputError(without))
    for (const value of [NaN, Infinity, -Infinity]) {
      // The last sample belongs to no frame, and is looked at all the same.
      for (const place of [0, 100, 4999]) {
        const broken = audio(5000, sampleRateHz, (n) => (n === place ? value : 0))
        const message = `sample ${place} is ${value}, expected a finite number; mend or leave out the recording`
        expect(() => logMelChannels(broken, config, way)).toThrow(new InputError(message))
        const streamed = createFrontEndStream(config, segmentConfig.parse({}), way)
        streamed.push(broken.samples.subarray(0, place))
        expect(() => streamed.push(broken.samples.subarray(place))).toThrow(new InputError(message))
      }
    }
  },
)

test.each(ways)('samples of another kind are refused: $preset, $kernel', (way) => {
  const config = logMelConfig.parse({ preset: way.preset })
  const { sampleRateHz } = config
  for (const given of [new Int16Array(4000), new Float64Array(4000), [0.5], 'sound', undefined]) {
    const samples = given as unknown as Float32Array
    const kind = Object.prototype.toString.call(given).slice(8, -1)
    const message = `samples are of the kind ${kind}, expected Float32Array, full scale from \u22121 to 1`
    expect(() => logMelChannels({ samples, sampleRateHz }, config, way)).toThrow(
      new TypeError(message),
    )
    const stream = createFrontEndStream(config, segmentConfig.parse({}), way)
    expect(() => stream.push(samples)).toThrow(new TypeError(message))
  }
})

test.each(ways)('a clip does not depend on the one before it: $preset, $kernel', (way) => {
  const config = logMelConfig.parse({ preset: way.preset })
  const { sampleRateHz } = config
  const clips = [
    audio(8000, sampleRateHz, (n) => Math.sin(n / 5)),
    // RMS -64 dBFS
    audio(8000, sampleRateHz, (n) => 9e-4 * Math.sin(n / 5)),
    audio(50, sampleRateHz, () => 3.4e38),
    audio(3000, sampleRateHz, () => 0),
    audio(1, sampleRateHz, () => -1),
  ]
  const alone = clips.map((clip) => logMelChannels(clip, config, way))
  for (const [first, expected] of clips.entries()) {
    for (const [second, before] of clips.entries()) {
      logMelChannels(before, config, way)
      const found = logMelChannels(expected, config, way)
      expect(found, `clip ${first} after ${second}`).toEqual(alone[first])
    }
  }
})
