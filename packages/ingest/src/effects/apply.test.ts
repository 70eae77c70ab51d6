import fc from 'fast-check'
import { sha256 } from '@serflow/core'
import { expect, test } from 'vitest'
import { applyEffects, changeGain, rotate } from './apply.js'
import { bursts, frequencyOf, middle, rate, tone } from './sounds.fixture.js'

const each = [
  'speed=0.9',
  'pitch=+2st',
  'gain=+6dB',
  'noise=white:10dB',
  'noise=pink:10dB',
  'noise=babble:10dB',
  'room=0.3s',
  'shift=+0.1s',
  'pitch=-2st+room=0.2s+noise=babble:15dB+gain=-3dB',
]

test('the original is the same object', () => {
  const audio = tone(440, 0.1)
  expect(applyEffects(audio, '', 'a')).toBe(audio)
})

test.each(each)('%s is finite, of its length, and the same bytes again', (effects) => {
  const audio = bursts('repeat')
  const { samples, sampleRateHz } = applyEffects(audio, effects, 'a')
  expect(sampleRateHz).toBe(rate)
  expect(samples.length).toBe(effects === 'speed=0.9' ? Math.round(rate / 0.9) : rate)
  expect(samples.every(Number.isFinite)).toBe(true)
  expect(applyEffects(audio, effects, 'a').samples).toEqual(samples)
})

test.each(each)('%s of a silent clip, of one sample and of none is finite', (effects) => {
  for (const length of [0, 1, 100, rate / 2]) {
    const silent = { samples: new Float32Array(length), sampleRateHz: rate }
    const { samples } = applyEffects(silent, effects, 'silent')
    expect(samples.length).toBe(effects === 'speed=0.9' ? Math.round(length / 0.9) : length)
    expect(samples.every((sample) => sample === 0)).toBe(true)
  }
  const single = { samples: Float32Array.of(0.5), sampleRateHz: rate }
  expect(applyEffects(single, effects, 'a').samples.every(Number.isFinite)).toBe(true)
})

test('draws are named by the utterance and the effects up to there', () => {
  const audio = bursts('draws', 0.3)
  const of = (effects: string, utteranceId: string) =>
    sha256(new Uint8Array(applyEffects(audio, effects, utteranceId).samples.buffer))
  expect(of('noise=white:10dB', 'a')).not.toBe(of('noise=white:10dB', 'b'))
  expect(of('room=0.3s', 'a')).not.toBe(of('room=0.3s', 'b'))
  const quieter = applyEffects(audio, 'noise=white:10dB+gain=-6dB', 'a').samples
  const factor = 10 ** (-6 / 20)
  applyEffects(audio, 'noise=white:10dB', 'a').samples.forEach((sample, i) =>
    expect(quieter[i]).toBeCloseTo(sample * factor, 6),
  )
})

test('gain is exact and never clips', () => {
  const audio = { samples: Float32Array.of(0.5, -0.75, 1, 0), sampleRateHz: rate }
  expect([...changeGain(audio, 20).samples]).toEqual([5, -7.5, 10, 0])
  expect([...changeGain(audio, -20).samples]).toEqual(
    [0.5, -0.75, 1, 0].map((x) => Math.fround(x / 10)),
  )
})

test('a shift moves by whole samples and loses nothing: the way back gives the same', () => {
  const audio = { samples: Float32Array.of(1, 2, 3, 4, 5), sampleRateHz: 10 }
  expect([...rotate(audio, 0.2).samples]).toEqual([4, 5, 1, 2, 3])
  expect([...rotate(audio, -0.2).samples]).toEqual([3, 4, 5, 1, 2])
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: -99, max: 99 }),
      (length, by) => {
        const samples = Float32Array.from({ length }, (_, i) => i)
        const there = rotate({ samples, sampleRateHz: 10 }, by / 10)
        expect([...rotate(there, -by / 10).samples]).toEqual([...samples])
      },
    ),
  )
})

test('effects are done in the order in which they are written', () => {
  const hz = frequencyOf(middle(applyEffects(tone(200, 1), 'speed=2+pitch=-12st', 'a')))
  expect(hz).toBeGreaterThan(198)
  expect(hz).toBeLessThan(202)
})
