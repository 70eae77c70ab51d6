import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldsConfig } from './config.js'
import { divideSpeakers } from './folds.js'
import { kSpeakers, leaveOneSessionOut, ownSplit } from './folds-by-speaker.js'
import { foldSides, type Speaker } from './folds-speakers.js'

const heard = (speakerId: string, change: Partial<Speaker> = {}): Speaker => ({
  speakerId,
  gender: 'unknown',
  ...change,
})

describe('leave one session out', () => {
  const sessions = [
    heard('1F', { sessions: ['Ses01'] }),
    heard('2M', { sessions: ['Ses02'] }),
    heard('1M', { sessions: ['Ses01'] }),
    heard('2F', { sessions: ['Ses02'] }),
  ]

  test('the speakers of a session are tested together, sessions in order', () => {
    expect(leaveOneSessionOut([...sessions].reverse())).toEqual([
      ['1F', '1M'],
      ['2F', '2M'],
    ])
    const config = foldsConfig.parse({ scheme: 'leave-one-session-out' })
    expect(foldSides(divideSpeakers(sessions, {}, config))[1]).toEqual({
      fold: 1,
      train: ['1F', '1M'],
      validation: [],
      test: ['2F', '2M'],
    })
  })

  test.each<[string, Partial<Speaker>, RegExp]>([
    ['without a session', {}, /speaker x has recordings without a session; give every recording/],
    ['partly without one', { sessions: ['Ses01', null] }, /recordings without a session/],
    ['in two', { sessions: ['Ses01', 'Ses02'] }, /speaker x is in the sessions Ses01, Ses02/],
  ])('a speaker %s is an error', (_, change, message) => {
    expect(() => leaveOneSessionOut([...sessions, heard('x', change)])).toThrow(InputError)
    expect(() => leaveOneSessionOut([...sessions, heard('x', change)])).toThrow(message)
  })

  test('one session is too few', () => {
    expect(() => leaveOneSessionOut(sessions.filter((_, i) => i % 2 === 0))).toThrow(
      /all speakers are in one session, Ses01, expected at least 2/,
    )
  })
})

describe('k-speakers', () => {
  const corpus = fc
    .uniqueArray(
      fc.record({
        speakerId: fc.string({ minLength: 1, maxLength: 3 }),
        gender: fc.constantFrom('female', 'male'),
        counts: fc.record({ sad: fc.nat(20), happy: fc.nat(20), calm: fc.nat(3) }),
      }),
      { minLength: 4, maxLength: 24, selector: ({ speakerId }) => speakerId },
    )
    .chain((all) => fc.tuple(fc.constant(all), fc.integer({ min: 2, max: all.length })))
  type Counted = { speakerId: string; gender: string; counts: Record<string, number> }

  /** Σ over folds and emotions of the squared distance to an even share. */
  const unevenness = (lists: readonly (readonly string[])[], all: readonly Counted[]) => {
    const countsOf = new Map(all.map(({ speakerId, counts }) => [speakerId, counts]))
    return ['sad', 'happy', 'calm'].reduce((sum, emotion) => {
      const counts = lists.map((list) =>
        list.reduce((total, one) => total + (countsOf.get(one)?.[emotion] ?? 0), 0),
      )
      const share = counts.reduce((a, b) => a + b, 0) / lists.length
      return sum + counts.reduce((squares, count) => squares + (count - share) ** 2, 0)
    }, 0)
  }

  test('no exchange of two speakers of a gender would make the emotions more even', () => {
    fc.assert(
      fc.property(corpus, ([all, folds]) => {
        const lists = kSpeakers(all, folds)
        expect(kSpeakers([...all].reverse(), folds)).toEqual(lists)
        const dealt = kSpeakers(
          all.map((one) => ({ ...one, counts: {} })),
          folds,
        )
        const reached = unevenness(lists, all)
        expect(reached).toBeLessThanOrEqual(unevenness(dealt, all) + 1e-6)
        const genderOf = new Map(all.map(({ speakerId, gender }) => [speakerId, gender]))
        const sizes = lists.map(({ length }) => length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        for (let i = 0; i < lists.length; i++) {
          for (let j = i + 1; j < lists.length; j++) {
            for (const left of lists[i]!) {
              for (const right of lists[j]!) {
                if (genderOf.get(left) !== genderOf.get(right)) continue
                const exchanged = lists.map((list, index) =>
                  list.map((one) =>
                    index === i && one === left ? right : index === j && one === right ? left : one,
                  ),
                )
                expect(unevenness(exchanged, all)).toBeGreaterThanOrEqual(reached - 1e-6)
              }
            }
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a class that two speakers alone have is in two folds', () => {
    const all = ['1', '2', '3', '4'].map((speakerId) =>
      heard(speakerId, { counts: speakerId < '3' ? { sad: 5, calm: 5 } : { sad: 5 } }),
    )
    // Dealt: 1 and 3, 2 and 4, which is even already; with 1 and 3 alone in calm it is not.
    expect(kSpeakers(all, 2)).toEqual([
      ['1', '3'],
      ['2', '4'],
    ])
    const other = all.map(({ speakerId }) =>
      heard(speakerId, {
        counts: speakerId === '1' || speakerId === '3' ? { calm: 5 } : { sad: 5 },
      }),
    )
    const lists = kSpeakers(other, 2)
    expect(lists.map((list) => list.filter((one) => one === '1' || one === '3').length)).toEqual([
      1, 1,
    ])
  })
})

describe('the corpus’s own split', () => {
  const parts = ['train', 'validation', 'test', 'train'].map((split, index) =>
    heard(`s${index}`, { splits: [split] }),
  )

  test('is one fold; who trains is never tested', () => {
    expect(ownSplit(parts)).toEqual({ test: ['s2'], validation: ['s1'] })
    const rows = divideSpeakers([...parts].reverse(), {}, foldsConfig.parse({ scheme: 'split' }))
    expect(foldSides(rows)).toEqual([
      { fold: 0, train: ['s0', 's3'], validation: ['s1'], test: ['s2'] },
    ])
  })

  test.each([
    ['train', 'dev', 'test'],
    ['Training', 'VAL', 'Test'],
    ['TRAIN', 'valid', 'eval'],
    ['training', 'development', 'evaluation'],
  ])('may be called %s, %s and %s', (...words) => {
    const speakers = words.map((split, index) => heard(`s${index}`, { splits: [split] }))
    expect(ownSplit(speakers)).toEqual({ test: ['s2'], validation: ['s1'] })
    const alike = [...speakers, heard('x', { splits: ['train', 'Train'] })]
    expect(ownSplit(alike)).toEqual({ test: ['s2'], validation: ['s1'] })
  })

  test.each<[string, readonly Speaker[], RegExp]>([
    [
      'a speaker on two sides',
      [...parts, heard('x', { splits: ['test', 'train'] })],
      /speaker x in test and in train; a speaker must be on one side/,
    ],
    [
      'no part',
      [...parts, heard('x')],
      /split of speaker x is none for some recordings, expected train, validation \(or dev, val\) or test/,
    ],
    ['another part', [...parts, heard('x', { splits: ['fold1'] })], /speaker x is "fold1"/],
    [
      'a speaker on two sides in two spellings',
      [...parts, heard('x', { splits: ['Train', 'dev'] })],
      /speaker x in train and in validation/,
    ],
    [
      'nobody tested',
      parts.filter(({ speakerId }) => speakerId !== 's2'),
      /no speaker in test \(speakers: train 2, validation 1, test 0\)/,
    ],
    ['nobody trained on', parts.slice(1, 3), /no speaker in train \(speakers: train 0/],
  ])('%s is an error', (_, speakers, message) => {
    const divide = () => divideSpeakers(speakers, {}, foldsConfig.parse({ scheme: 'split' }))
    expect(divide).toThrow(InputError)
    expect(divide).toThrow(message)
  })
})

test('the scheme table without a file says which', () => {
  const config = foldsConfig.parse({ scheme: 'table' })
  expect(() =>
    divideSpeakers(
      ['1', '2'].map((id) => heard(id)),
      {},
      config,
    ),
  ).toThrow(/the scheme "table" needs a file: set folds.table/)
  const rows = divideSpeakers(
    ['1', '2'].map((id) => heard(id)),
    { table: [['2'], ['1']] },
    config,
  )
  expect(foldSides(rows).map((sides) => sides.test)).toEqual([['2'], ['1']])
})
