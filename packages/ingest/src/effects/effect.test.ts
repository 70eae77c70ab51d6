import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { augmentationConfig, effectsOf } from '../config.js'
import { applyEffects } from './apply.js'
import { formatEffects, parseEffects, type Effect } from './effect.js'
import { tone } from './sounds.fixture.js'

test.each<[string, readonly Effect[]]>([
  ['speed=0.9', [{ kind: 'speed', speed: 0.9 }]],
  ['pitch=+2st', [{ kind: 'pitch', semitones: 2 }]],
  ['pitch=-1.5st', [{ kind: 'pitch', semitones: -1.5 }]],
  ['gain=-6dB', [{ kind: 'gain', gainDb: -6 }]],
  ['noise=white:10dB', [{ kind: 'noise', noise: 'white', snrDb: 10 }]],
  ['noise=babble:-5dB', [{ kind: 'noise', noise: 'babble', snrDb: -5 }]],
  ['room=0.3s', [{ kind: 'room', reverberationSeconds: 0.3 }]],
  ['shift=+0.1s', [{ kind: 'shift', seconds: 0.1 }]],
  [
    'pitch=+2st+room=0.3s+noise=pink:15dB',
    [
      { kind: 'pitch', semitones: 2 },
      { kind: 'room', reverberationSeconds: 0.3 },
      { kind: 'noise', noise: 'pink', snrDb: 15 },
    ],
  ],
])('%s is read and written', (text, effects) => {
  expect(parseEffects(text)).toEqual(effects)
  expect(formatEffects(effects)).toBe(text)
})

test.each([
  ['pitch=2st', 'pitch=+2st'],
  [' speed=0.90 ', 'speed=0.9'],
  ['noise = pink : 10 dB', 'noise=pink:10dB'],
  ['gain=+06.0dB', 'gain=+6dB'],
  ['gain=\u22126dB+pitch=\u22122st', 'gain=-6dB+pitch=-2st'],
  ['pitch = +2 st + room = 0.3 s', 'pitch=+2st+room=0.3s'],
  ['gain=1e1dB', 'gain=+10dB'],
])('"%s" is another way to write %s', (text, usual) => {
  expect(formatEffects(parseEffects(text))).toBe(usual)
})

test('what is written is read back, for any effects', () => {
  const number = (min: number, max: number) =>
    fc.integer({ min: 100 * min, max: 100 * max }).map((hundredths) => hundredths / 100)
  const without = (value: number) => (each: number) => each !== value
  const effect: fc.Arbitrary<Effect> = fc.oneof(
    fc.record({ kind: fc.constant('speed'), speed: number(0.5, 2).filter(without(1)) }),
    fc.record({
      kind: fc.constant('pitch'),
      semitones: number(-12, 12).filter((each) => Math.abs(each) > 0.015),
    }),
    fc.record({
      kind: fc.constant('gain'),
      gainDb: fc.oneof(number(-60, 60).filter(without(0)), fc.constantFrom(1e-7, -3e-9)),
    }),
    fc.record({
      kind: fc.constant('noise'),
      noise: fc.constantFrom('white', 'pink', 'babble'),
      snrDb: number(-20, 60),
    }),
    fc.record({ kind: fc.constant('room'), reverberationSeconds: number(0.05, 5) }),
    fc.record({ kind: fc.constant('shift'), seconds: number(-10, 10).filter(without(0)) }),
  )
  fc.assert(
    fc.property(fc.array(effect, { minLength: 1, maxLength: 4 }), (effects) => {
      expect(parseEffects(formatEffects(effects))).toEqual(effects)
    }),
  )
})

test.each<[string, RegExp]>([
  ['', /"" is none of speed, pitch, gain, noise, room, shift; expected such as speed=0.9/],
  ['0.9', /is none of speed, pitch/],
  ['echo=0.3s', /"echo=0.3s" is none of speed/],
  ['speed=0.4', /expected 0.5 to 2, such as speed=0.9/],
  ['speed=1', /changes nothing/],
  ['speed=fast', /expected 0.5 to 2/],
  ['speed=', /expected 0.5 to 2/],
  ['pitch=2', /without its unit, expected -12 st to 12 st, such as pitch=\+2st/],
  ['pitch=13st', /expected -12 st to 12 st/],
  ['pitch=0st', /changes nothing/],
  ['pitch=0.01st', /changes nothing/],
  ['speed=0.9995', /changes nothing/],
  ['shift=0.00001s', /changes nothing/],
  ['shift=-1e-7s', /changes nothing/],
  ['gain=-61dB', /expected -60 dB to 60 dB/],
  ['gain=1e5dB', /expected -60 dB to 60 dB/],
  ['noise=10dB', /names the noise "10dB", expected white, pink or babble/],
  ['noise=brown:10dB', /names the noise "brown"/],
  ['noise=white', /expected -20 dB to 60 dB, such as noise=white:10dB/],
  ['noise=white:NaNdB', /expected -20 dB to 60 dB/],
  ['room=0s', /expected 0.05 s to 5 s/],
  ['shift=11s', /expected -10 s to 10 s/],
  ['shift=100ms', /expected -10 s to 10 s/],
  ['pitch=+2st+', /expected -12 st to 12 st/],
  ['pitch=+2st+reverb=1s', /"reverb=1s" is none of/],
])('"%s" is refused in one line that says what was expected', (text, message) => {
  expect(() => parseEffects(text)).toThrow(InputError)
  expect(() => parseEffects(text)).toThrow(message)
  const { success, error } = augmentationConfig.safeParse({ copies: [text] })
  expect(success).toBe(false)
  expect(error?.issues[0]?.path).toEqual(['copies', 0])
})

test('each effect away from nothing by as little as is allowed changes the sound', () => {
  const audio = { ...tone(440, 1), sampleRateHz: 16000 }
  for (const least of ['speed=0.999', 'speed=1.001', 'pitch=+0.02st', 'shift=+0.00004s']) {
    expect(applyEffects(audio, least, 'a').samples).not.toEqual(audio.samples)
  }
  for (const speeds of [[0.9995], [1.0005], [1]]) {
    expect(augmentationConfig.safeParse({ speeds }).success).toBe(false)
  }
  expect(augmentationConfig.safeParse({ speeds: [0.999, 1.001] }).success).toBe(true)
})

test('copies stand beside speeds, each once, in an order of their own', () => {
  const config = augmentationConfig.parse({
    speeds: [1.1, 0.9],
    copies: ['pitch=2st', 'noise=white:10dB', 'gain=6 dB'],
  })
  expect(effectsOf(config)).toEqual([
    'speed=0.9',
    'speed=1.1',
    'gain=+6dB',
    'noise=white:10dB',
    'pitch=+2st',
  ])
  expect(effectsOf(augmentationConfig.parse({}))).toEqual(['speed=0.9', 'speed=0.95', 'speed=1.1'])
  for (const copies of [['speed=0.90'], ['gain=6dB', 'gain=+6dB']]) {
    expect(augmentationConfig.safeParse({ copies }).error?.message).toMatch(/stands there twice/)
  }
})
