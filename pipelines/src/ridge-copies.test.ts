import { InputError } from '@serflow/core'
import { augmentationConfig, effectsOf } from '@serflow/ingest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ridgeCopies } from './ridge-copies.js'
import { checkSettings } from './settings.js'

const augmentation = augmentationConfig.parse({
  speeds: [1.1, 0.9],
  copies: ['pitch=+2st+room=0.3s', 'noise=white:10dB', 'gain=-6dB'],
})

test.each([
  ['speed=0.90', 'speed=0.9'],
  ['speed = .9', 'speed=0.9'],
  [' original ', 'original'],
  [' pitch=2st+room=.30s', 'pitch=+2st+room=0.3s'],
  ['noise=white: +10.0 dB', 'noise=white:10dB'],
])('%s is the clip %s', (asked, copy) => {
  expect(ridgeCopies([asked], augmentation)).toEqual([copy])
})

test('whichever clips are asked for, in any order and also twice, these are trained on, in one order', () => {
  const all = ['original', ...effectsOf(augmentation)]
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: 1 }), (asked) => {
      const found = ridgeCopies([...asked, asked[0]!], augmentation)
      expect(found).toEqual(all.filter((copy) => asked.includes(copy)))
      expect(ridgeCopies(found, augmentation)).toEqual(found)
    }),
  )
})

test.each([
  [{}, ['original', 'speed=0.9', 'speed=1.1']],
  [{ speeds: [] }, ['original']],
  [{ speeds: [0.9] }, ['original', 'speed=0.9']],
  [{ speeds: [], copies: ['speed=1.10', 'gain=-6dB'] }, ['original', 'speed=1.1']],
])('with the augmentation %j, the usual clips are %j', (given, copies) => {
  const settings = { corpus: { kind: 'ravdess' }, ingest: { augmentation: given } }
  expect(checkSettings(settings).model.ridge).toEqual({ lambda: 1, copies })
})

test.each([
  ['speed=0.8'],
  // Done in another order it sounds otherwise.
  ['room=0.3s+pitch=+2st'],
  ['pitch=+2st'],
  ['speed=1'],
  ['speed=0,9'],
  ['Original'],
  [''],
])('%j, which no clip is, stops before anything runs', (entry) => {
  const attempt = () => ridgeCopies(['original', entry], augmentation)
  expect(attempt).toThrow(InputError)
  expect(attempt).toThrow(
    `model.ridge.copies: no clip is "${entry}", expected some of original, speed=0.9, speed=1.1, gain=-6dB, ` +
      'noise=white:10dB, pitch=+2st+room=0.3s; name one of these',
  )
})

test('entries that the augmentation made until it was turned off are each named', () => {
  const attempt = () =>
    checkSettings({
      corpus: { kind: 'ravdess' },
      ingest: { augmentation: { speeds: [] } },
      model: { ridge: { copies: ['original', 'speed=0.9', 'speed=1.1'] } },
    })
  expect(attempt).toThrow(
    'model.ridge.copies: no clip is "speed=0.9", "speed=1.1", expected some of original;',
  )
})
