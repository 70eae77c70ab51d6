import { foldNumbers, InputError } from '@serflow/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldsConfig } from './config.js'
import type { CorpusEntry } from './corpora/corpus.js'
import { divideSpeakers } from './folds.js'
import { corpora, inPart, speaker, testsOf } from './folds.fixture.js'
import { foldSides, speakersOf, type Speaker } from './folds-speakers.js'
import { utterance } from './stages/stage.fixture.js'

const divide = (speakers: readonly Speaker[], config: object) =>
  divideSpeakers(speakers, {}, foldsConfig.parse(config))
const ids = (items: readonly { readonly utteranceId: string }[]) =>
  items.map(({ utteranceId }) => utteranceId)

describe('by sentence', () => {
  const config = { scheme: 'by-sentence', folds: 3 }

  test('neither speaker nor sentence of a test is trained on, and each utterance is tested once', () => {
    fc.assert(
      fc.property(corpora, (speakers) => {
        const sentences = new Set(
          speakers.flatMap(({ utterances }) => utterances!.map((u) => u.sentence)),
        )
        fc.pre(sentences.size >= 2)
        let rows
        try {
          rows = divide(speakers, config)
        } catch (error) {
          // Where a speaker group is alone in saying the other sentences there is nothing to train on.
          expect(String(error)).toMatch(/nobody to train on/)
          return
        }
        expect(divide([...speakers].reverse(), config)).toEqual(rows)
        expect([...testsOf(rows, speakers).values()].every((times) => times === 1)).toBe(true)
        for (const fold of foldNumbers(rows)) {
          const [train, tested] = [
            inPart(rows, fold, 'train', speakers),
            inPart(rows, fold, 'test', speakers),
          ]
          for (const one of tested) {
            expect(train.some(({ speakerId }) => speakerId === one.speakerId)).toBe(false)
            expect(train.some(({ sentence }) => sentence === one.sentence)).toBe(false)
          }
        }
      }),
    )
  })

  test('by hand: two speakers and two sentences are four folds of one against one', () => {
    const speakers = [speaker('x', { emotions: ['sad'] }), speaker('y', { emotions: ['sad'] })]
    const rows = divide(speakers, config)
    const told = foldNumbers(rows).map((fold) => [
      ids(inPart(rows, fold, 'train', speakers)),
      ids(inPart(rows, fold, 'test', speakers)),
    ])
    expect(told).toEqual([
      [['made-y-2-sad'], ['made-x-1-sad']],
      [['made-y-1-sad'], ['made-x-2-sad']],
      [['made-x-2-sad'], ['made-y-1-sad']],
      [['made-x-1-sad'], ['made-y-2-sad']],
    ])
  })

  test('unknown or too few sentences are errors', () => {
    const known = [speaker('x'), speaker('y')]
    const nameless = known.map((one) => ({
      ...one,
      utterances: one.utterances.map((utterance) => ({ ...utterance, sentence: null })),
    }))
    expect(() => divide(nameless, config)).toThrow(/what is said in "made-x-1-sad" is not known/)
    expect(() => divide(known, { ...config, sentences: 3 })).toThrow(
      /3 groups of sentences for 2 sentences/,
    )
  })
})

describe('across corpora', () => {
  const a = ['1', '2', '3'].map((id) => speaker(`a${id}`, { corpus: 'a' }))
  const b = ['1', '2'].map((id) => speaker(`b${id}`, { corpus: 'b' }))
  const scheme = 'cross-corpus'

  test('one direction is one fold: train-only speakers are never tested', () => {
    expect(foldSides(divide([...a, ...b], { scheme, trainOn: ['a'], testOn: ['b'] }))).toEqual([
      { fold: 0, train: ['a1', 'a2', 'a3'], validation: [], test: ['b1', 'b2'] },
    ])
  })

  test('without names each corpus is tested once, on all others', () => {
    expect(foldSides(divide([...b, ...a], { scheme }))).toEqual([
      { fold: 0, train: ['b1', 'b2'], validation: [], test: ['a1', 'a2', 'a3'] },
      { fold: 1, train: ['a1', 'a2', 'a3'], validation: [], test: ['b1', 'b2'] },
    ])
  })

  test('a tested corpus that is trained on as well is divided by speaker', () => {
    const config = { scheme, trainOn: ['a', 'b'], testOn: ['b'] }
    expect(foldSides(divide([...a, ...b], config))).toEqual([
      { fold: 0, train: ['a1', 'a2', 'a3', 'b2'], validation: [], test: ['b1'] },
      { fold: 1, train: ['a1', 'a2', 'a3', 'b1'], validation: [], test: ['b2'] },
    ])
  })

  test('where a speaker is heard in both, those who are tested are divided by speaker', () => {
    const [first, second] = [speaker('x', { corpus: 'a' }), speaker('x', { corpus: 'b' })]
    const both: Speaker = {
      ...first,
      corpora: ['a', 'b'],
      utterances: [...first.utterances, ...second.utterances],
    }
    const speakers = [...a, ...b, both]
    const rows = divide(speakers, { scheme, trainOn: ['a'], testOn: ['b'] })
    const sides = foldSides(rows)
    expect(sides.map(({ test }) => test)).toEqual([['b1'], ['b2'], ['x']])
    expect(sides.map(({ train }) => train)).toEqual([
      ['a1', 'a2', 'a3', 'x'],
      ['a1', 'a2', 'a3', 'x'],
      ['a1', 'a2', 'a3'],
    ])
    expect(ids(inPart(rows, 2, 'test', [both]))).toEqual(ids(second.utterances))
    expect(ids(inPart(rows, 0, 'train', [both]))).toEqual(ids(first.utterances))
    expect([...testsOf(divide(speakers, { scheme }), speakers).values()]).toEqual(
      speakers.flatMap(({ utterances }) => utterances!.map(() => 1)),
    )
  })

  test('parts of one corpus have the same speakers, who are trained on where they are not tested', () => {
    const people = ['1', '2', '3', '4', '5', '6', '7', '8'].map((id): Speaker => {
      const [speech, song] = [speaker(id, { corpus: 'speech' }), speaker(id, { corpus: 'song' })]
      return {
        ...speech,
        corpora: ['song', 'speech'],
        utterances: [...speech.utterances, ...song.utterances],
      }
    })
    const rows = divide(people, { scheme, trainOn: ['speech'], testOn: ['song'], folds: 4 })
    const sides = foldSides(rows)
    expect(sides.map(({ test }) => test.length)).toEqual([2, 2, 2, 2])
    expect(sides.map(({ train }) => train.length)).toEqual([6, 6, 6, 6])
  })

  test.each<[string, readonly Speaker[], object, RegExp]>([
    ['an unknown name', [...a, ...b], { trainOn: ['c'] }, /there is no corpus "c"; there are a, b/],
    ['one corpus alone', a, {}, /cross-corpus needs two corpora; there is a/],
  ])('%s is an error', (_, speakers, names, message) => {
    expect(() => divide(speakers, { scheme, ...names })).toThrow(InputError)
    expect(() => divide(speakers, { scheme, ...names })).toThrow(message)
  })

  test('no speaker is in two parts, and what is tested is tested once', () => {
    fc.assert(
      fc.property(corpora, (speakers) => {
        const names = new Set(speakers.flatMap((one) => one.corpora!))
        fc.pre(names.size === 2)
        const rows = divide(speakers, { scheme })
        expect(divide([...speakers].reverse(), { scheme })).toEqual(rows)
        expect([...testsOf(rows, speakers).values()].every((times) => times === 1)).toBe(true)
        for (const { train, test } of foldSides(rows)) {
          expect(train.filter((one) => test.includes(one))).toEqual([])
        }
      }),
    )
  })
})

describe('random clips', () => {
  const scheme = 'random-clips'

  test('each utterance is tested once, emotions evenly; the seed alone decides', () => {
    const speakers = ['1', '2', '3'].map((id) => speaker(id, { sentences: ['1', '2', '3', '4'] }))
    const rows = divide(speakers, { scheme, folds: 4 })
    expect([...testsOf(rows, speakers).values()].every((times) => times === 1)).toBe(true)
    for (const fold of foldNumbers(rows)) {
      const emotions = inPart(rows, fold, 'test', speakers).map(({ emotion }) => emotion)
      expect(emotions.sort()).toEqual(['happy', 'happy', 'happy', 'sad', 'sad', 'sad'])
    }
    expect(divide([...speakers].reverse(), { scheme, folds: 4 })).toEqual(rows)
    expect(divide(speakers, { scheme, folds: 4, seed: 1 })).not.toEqual(rows)
  })

  test('one recording under two names is on one side, and one speaker is enough', () => {
    const one = speaker('x', { sentences: ['1', '2', '3', '4'] })
    const utterances = one.utterances.map((utterance) => ({
      ...utterance,
      recording:
        utterance.sentence === '2'
          ? `${utterance.emotion} again`
          : utterance.sentence === '3'
            ? `${utterance.emotion} again`
            : utterance.recording,
    }))
    const speakers = [{ ...one, utterances }]
    const rows = divide(speakers, { scheme, folds: 3 })
    for (const fold of foldNumbers(rows)) {
      const tested = ids(inPart(rows, fold, 'test', speakers))
      for (const emotion of ['sad', 'happy']) {
        expect(tested.includes(`made-x-2-${emotion}`)).toBe(tested.includes(`made-x-3-${emotion}`))
      }
    }
  })

  test('windows that slide over a file are on one side', () => {
    const entry = (file: string, startSeconds: number) =>
      utterance('01', startSeconds % 2 === 0 ? 'sad' : 'happy', {
        utteranceId: `${file}@${startSeconds}`,
        file,
        fileDigest: file,
        startSeconds,
        endSeconds: startSeconds + 2,
        sentence: null,
      }) as CorpusEntry
    const entries = ['a', 'b', 'c'].flatMap((file) => [0, 1, 2, 3].map((at) => entry(file, at)))
    const config = foldsConfig.parse({ scheme: 'random-clips', folds: 3 })
    const rows = divideSpeakers(speakersOf(entries, config), {}, config)
    for (const fold of [0, 1, 2]) {
      const tested = rows.filter((row) => row.fold === fold && row.part === 'test')
      expect(tested).toHaveLength(4)
      expect(new Set(tested.map(({ utteranceId }) => utteranceId!.split('@')[0])).size).toBe(1)
    }
  })

  test('more folds than recordings are an error', () => {
    expect(() => divide([speaker('x', { sentences: ['1'] })], { scheme })).toThrow(
      /6 folds for 2 recordings/,
    )
  })
})
