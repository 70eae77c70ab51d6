import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { channelNames, logMelChannels } from './channels.js'
import { logMelConfig, type LogMelSettings } from './config.js'
import { delta } from './delta.js'
import { kernelNames } from './kernels/kernel.js'
import { logMel } from './log-mel.js'
import { joined, signal, silence, tone } from './signals.fixture.js'
import { keptFrames } from './trim.js'
import { pcm16 } from './wav.fixture.js'

// 40 bands, so that bands and frames cannot be mistaken for each other
const config = logMelConfig.parse({ bands: 40 })
const plain = { kernel: 'plain' } as const
const variants: readonly LogMelSettings[] = [
  {},
  { padding: 'reflect', deltaRadius: 1 },
  { padding: 'zeros', slopes: 'savgol', deltaRadius: 4 },
  { deltaRadius: 40 },
]
const word = joined(silence(8000), signal('voice'), silence(4800))

test('channels are the log-mels, their slope and the slope of that, of the kept frames', () => {
  const { data, shape } = logMelChannels(word, config, plain)
  const still = logMel(word, config, plain)
  const slope = delta(still)
  const bend = delta(slope)
  const { start, end } = keptFrames(word, config)
  expect(start).toBeGreaterThan(0)
  expect(end).toBeLessThan(still.shape[0]!)
  expect(shape).toEqual([end - start, 40, channelNames.length])
  for (let frame = start; frame < end; frame++) {
    for (let band = 0; band < 40; band++) {
      const to = ((frame - start) * 40 + band) * 3
      const from = frame * 40 + band
      const expected = [still, slope, bend].map((tensor) => tensor.data[from])
      expect([...data.subarray(to, to + 3)]).toEqual(expected)
    }
  }
})

test.each(variants)('trimming takes frames away and changes none: %j', (settings) => {
  const given = logMelConfig.parse({ bands: 40, trimDb: 45, ...settings })
  for (const kernel of kernelNames) {
    for (const sound of [word, joined(signal('voice'), silence(4800)), signal('voice', 0.05)]) {
      const whole = logMelChannels(sound, { ...given, trimDb: null }, { kernel })
      const { start, end } = keptFrames(sound, given)
      const { data } = logMelChannels(sound, given, { kernel })
      expect(data).toEqual(whole.data.subarray(start * 120, end * 120))
    }
  }
})

test('the slopes have the radius that the settings name', () => {
  const wide = logMelChannels(word, { ...config, deltaRadius: 4, trimDb: null }, plain)
  const slope = delta(logMel(word, config, plain), 4)
  expect(wide.data.filter((_, i) => i % 3 === 1)).toEqual(slope.data)
  expect(wide.data.filter((_, i) => i % 3 === 2)).toEqual(delta(slope, 4).data)
})

test('a second of silence has one static value and no slopes', () => {
  const { data, shape } = logMelChannels(silence(16000), config)
  expect(shape).toEqual([98, 40, 3])
  expect(new Set(data.filter((_, i) => i % 3 === 0)).size).toBe(1)
  expect(new Set(data.filter((_, i) => i % 3 !== 0))).toEqual(new Set([0]))
})

test('a quiet clip is the same alone and beside a loud one, in either order', () => {
  const quiet = tone(300, 3)
  const alone = logMelChannels(quiet, config)
  const loud = logMelChannels(tone(300, 30000), config)
  expect(logMelChannels(quiet, config)).toEqual(alone)
  expect(logMelChannels(tone(300, 30000), config)).toEqual(loud)
})

test('recordings of RAVDESS have finite features with all that a clip needs', () => {
  const folder = process.env['SERFLOW_RAVDESS']
  if (folder === undefined || !existsSync(folder)) {
    console.log('SERFLOW_RAVDESS names no folder with Actor_NN: real recordings not checked')
    return
  }
  const paper = logMelConfig.parse({})
  const actors = readdirSync(folder).filter((name) => name.startsWith('Actor_'))
  expect(actors.length).toBeGreaterThan(0)
  for (const actor of actors.sort().slice(0, 2)) {
    const names = readdirSync(join(folder, actor)).filter((name) => name.endsWith('.wav'))
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) {
      const { samples, sampleRateHz } = pcm16(readFileSync(join(folder, actor, name)))
      const config = { ...paper, sampleRateHz, fftSize: sampleRateHz > 20000 ? 2048 : 512 }
      const { data, shape } = logMelChannels({ samples, sampleRateHz }, config)
      expect(data.every(Number.isFinite), name).toBe(true)
      expect(shape[0], name).toBeGreaterThan(64)
      // louder than the floor: a decoder's mistake would be silence or full scale
      expect(Math.max(...data), name).toBeGreaterThan(-5)
      expect(Math.max(...data), name).toBeLessThan(12)
    }
  }
})
