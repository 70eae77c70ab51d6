import { InputError, type FoldRow } from '@serflow/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldsConfig } from './config.js'
import { divideSpeakers, foldsOf } from './folds.js'
import {
  kSpeakers,
  leaveOneSpeakerOut,
  listedFolds,
  ownFolds,
  withoutLeftOut,
} from './folds-by-speaker.js'
import { checkFolds } from './folds-check.js'

const id = (speaker: number) => String(speaker).padStart(2, '0')
const speakers = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    speakerId: id(i + 1),
    gender: i % 2 === 0 ? 'male' : 'female',
  }))

test.each([5, 6, 10, 24])(
  '24 speakers in %i folds: each tested once, never trained on then',
  (folds) => {
    const rows = foldsOf(kSpeakers(speakers(24), folds), speakers(24))
    expect(rows).toHaveLength(24 * folds)
    const tested = rows.filter(({ part }) => part === 'test').map(({ speakerId }) => speakerId)
    expect(tested.sort()).toEqual(speakers(24).map(({ speakerId }) => speakerId))
    expect(new Set(rows.map(({ fold, speakerId }) => `${fold} ${speakerId}`)).size).toBe(
      rows.length,
    )
  },
)

test('k-speakers: folds differ by one speaker at most, and by one of each gender, in any order of the list', () => {
  const corpus = fc
    .uniqueArray(
      fc.record({
        speakerId: fc.string({ minLength: 1, maxLength: 3 }),
        gender: fc.constantFrom('female', 'male', 'unknown'),
      }),
      { minLength: 2, maxLength: 30, selector: ({ speakerId }) => speakerId },
    )
    .chain((all) => fc.tuple(fc.constant(all), fc.integer({ min: 2, max: all.length })))
  fc.assert(
    fc.property(corpus, ([all, folds]) => {
      const lists = kSpeakers(all, folds)
      expect(kSpeakers([...all].reverse(), folds)).toEqual(lists)
      expect(lists).toHaveLength(folds)
      const genderOf = new Map(all.map(({ speakerId, gender }) => [speakerId, gender]))
      for (const gender of ['female', 'male', 'unknown', undefined]) {
        const sizes = lists.map(
          (list) =>
            list.filter((one) => gender === undefined || genderOf.get(one) === gender).length,
        )
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }
      foldsOf(lists, all)
    }),
  )
})

test('k-speakers by hand: women first, then men, dealt in turn', () => {
  expect(kSpeakers(speakers(7), 3)).toEqual([
    ['02', '01', '07'],
    ['04', '03'],
    ['06', '05'],
  ])
  expect(() => kSpeakers(speakers(3), 4)).toThrow(/4 folds for 3 speakers/)
})

test('leave one speaker out is in the order of the ids', () => {
  expect(leaveOneSpeakerOut([...speakers(3)].reverse())).toEqual([['01'], ['02'], ['03']])
})

test('a list drops speakers who are not there and folds left empty, but no speaker who is', () => {
  const list = [['01', '02'], ['09'], ['03', '08']]
  expect(listedFolds(list, speakers(3), 'mine')).toEqual([['01', '02'], ['03']])
  expect(() => listedFolds(list, speakers(5), 'mine')).toThrow(/"mine" does not hold .* 04, 05 /)
})

test('an own list names nobody who is not there, and everybody who is', () => {
  const own = (list: string[][]) => () => ownFolds(list, speakers(3), 'folds.list')
  expect(own([['01'], ['02', '0\u200b3']])()).toEqual([['01'], ['02', '03']])
  expect(
    own([
      ['01', '3'],
      ['02', '03', '3', 'zz'],
    ]),
  ).toThrow(
    'folds: folds.list names 3, zz, whom this corpus lacks; it has the speakers 01, 02, 03: mend or remove the name',
  )
  expect(own([['01'], ['02']])).toThrow(/the list "folds.list" does not hold the speakers 03 /)
  const many = () => ownFolds([['x']], speakers(25), 'folds.table')
  expect(many).toThrow(/it has the speakers 01, .*, 20 and 5 more: mend/)
})

test('both schemes of an own list refuse unknown speakers', () => {
  const list = [
    ['01', '02'],
    ['03', 'zz'],
  ]
  for (const scheme of ['list', 'table'] as const) {
    const config = foldsConfig.parse({ scheme, list })
    expect(() => divideSpeakers(speakers(3), { table: list }, config)).toThrow(
      `folds.${scheme} names zz`,
    )
  }
})

test('whom other settings leave out goes from an own list, with folds that are left empty', () => {
  expect(withoutLeftOut([['a', 'b'], ['c'], ['d']], ['b', 'c'])).toEqual([['a'], ['d']])
})

describe('checkFolds', () => {
  const ids = ['01', '02', '03']
  const good = foldsOf([['01'], ['02'], ['03']], speakers(3))
  const broken = (edit: (rows: FoldRow[]) => FoldRow[]) => () => checkFolds(edit([...good]), ids)

  test('accepts honest folds', () => {
    expect(broken((rows) => rows)).not.toThrow()
  })

  test.each<[string, (rows: FoldRow[]) => FoldRow[], RegExp]>([
    [
      'a speaker on both sides',
      (rows) => [...rows, { fold: 0, speakerId: '02', utteranceId: null, part: 'test' }],
      /fold 0 has speaker 02 in training and in test/,
    ],
    ['a speaker twice', (rows) => [...rows, rows[0]!], /fold 0 has speaker 01 twice/],
    ['a speaker left out', (rows) => rows.slice(1), /fold 0 lacks speaker 01/],
    [
      'a stranger',
      (rows) => [...rows, { fold: 0, speakerId: '04', utteranceId: null, part: 'train' }],
      /fold 0 has speaker 04, whom the corpus lacks/,
    ],
    [
      'a speaker never tested',
      (rows) => rows.filter(({ fold }) => fold !== 2),
      /speaker 03 is tested in 0 folds/,
    ],
    [
      'a speaker tested twice',
      (rows) => [...rows, ...rows.slice(0, 3).map((row) => ({ ...row, fold: 3 }))],
      /speaker 01 is tested in 2 folds/,
    ],
    [
      'nobody to train on',
      (rows) => rows.map((row) => ({ ...row, part: 'test' })),
      /fold 0 has nobody to train on/,
    ],
    [
      'nobody tested',
      (rows) => rows.map((row) => ({ ...row, part: 'train' })),
      /fold 0 tests nobody/,
    ],
  ])('refuses %s', (_, edit, message) => {
    expect(broken(edit)).toThrow(InputError)
    expect(broken(edit)).toThrow(message)
  })
})
