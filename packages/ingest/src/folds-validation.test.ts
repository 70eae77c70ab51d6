import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldsConfig, type FoldsConfig } from './config.js'
import { divideSpeakers } from './folds.js'
import { corpora } from './folds.fixture.js'
import { foldSides, type Speaker } from './folds-speakers.js'

const speakers = (count: number): Speaker[] =>
  Array.from({ length: count }, (_, i) => ({
    speakerId: String(i + 1).padStart(2, '0'),
    gender: i % 2 === 0 ? 'male' : 'female',
  }))
const divide = (all: readonly Speaker[], validation: FoldsConfig['validation'], change = {}) =>
  divideSpeakers(all, {}, foldsConfig.parse({ validation, ...change }))

test('one woman and one man of the training speakers, other ones in each fold', () => {
  const held = foldSides(divide(speakers(6), 'one-of-each-gender')).map(
    ({ validation }) => validation,
  )
  expect(held).toEqual([
    ['02', '03'],
    ['03', '06'],
    ['01', '06'],
    ['01', '06'],
    ['01', '04'],
    ['04', '05'],
  ])
})

test('where genders are not known one speaker is held out', () => {
  const unknown = speakers(3).map((one) => ({ ...one, gender: 'unknown' }))
  const held = foldSides(divide(unknown, 'one-of-each-gender')).map(({ validation }) => validation)
  expect(held).toEqual([['02'], ['03'], ['01']])
})

test('a number of speakers, women and men in turn', () => {
  const held = foldSides(divide(speakers(6), { speakers: 2 }, { scheme: 'k-speakers', folds: 2 }))
  expect(held.map(({ validation }) => validation.length)).toEqual([2, 2])
  expect(foldSides(divide(speakers(8), { speakers: 3 }))[0]!.validation).toEqual(['02', '03', '04'])
})

test('parts are apart, each speaker is tested once, in any order, for every scheme by speaker', () => {
  const rules = fc.constantFrom<FoldsConfig['validation']>(
    'one-of-each-gender',
    { speakers: 1 },
    { speakers: 2 },
  )
  const schemes = fc.constantFrom('leave-one-speaker-out', 'k-speakers', 'by-sentence')
  fc.assert(
    fc.property(corpora, rules, schemes, (all, rule, scheme) => {
      let rows
      try {
        rows = divide(all, rule, { scheme, folds: 2 })
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
        return
      }
      expect(divide([...all].reverse(), rule, { scheme, folds: 2 })).toEqual(rows)
      for (const { train, validation, test } of foldSides(rows)) {
        const sides = [...train, ...validation, ...test]
        expect(new Set(sides).size).toBe(sides.length)
        expect(Math.min(train.length, validation.length, test.length)).toBeGreaterThan(0)
      }
    }),
  )
})

test('a validation part the corpus comes with stays', () => {
  const split = ['train', 'train', 'validation', 'test'].map((part, index) => ({
    speakerId: `s${index}`,
    gender: 'female',
    splits: [part],
  }))
  const [sides] = foldSides(divide(split, { speakers: 1 }, { scheme: 'split' }))
  expect(sides!.validation).toEqual(['s2'])
})

test('holding out everybody, or speakers who are tested as well, is an error', () => {
  expect(() => divide(speakers(3), 'one-of-each-gender')).toThrow(
    /fold 0 has 2 training speakers, and holding out 2 leaves nobody to train on; set folds.validation to \{speakers: 1\} or none/,
  )
  const all = speakers(2).map((one) => ({
    ...one,
    utterances: ['a', 'b', 'c', 'd'].map((name) => ({
      utteranceId: `${one.speakerId}${name}`,
      corpus: 'made',
      sentence: null,
      emotion: 'sad',
      recording: `${one.speakerId}${name}`,
    })),
  }))
  const random = () => divide(all, { speakers: 1 }, { scheme: 'random-clips', folds: 2 })
  expect(random).toThrow(/is trained and tested on in fold 0, so no speaker can be held out/)
})
