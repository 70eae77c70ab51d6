import { InputError, type FoldRow } from '@serflow/core'
import { describe, expect, test } from 'vitest'
import { augmentationConfig, balanceConfig, foldsConfig, unusedFoldSettings } from '../config.js'
import { augmentationStage } from './augmentation.js'
import { balanceStage } from './balance.js'
import { foldsStage } from './folds.js'
import { context, utterance } from './stage.fixture.js'

const corpusOf = (speakers: number) =>
  Array.from({ length: speakers }, (_, i) => String(i + 1).padStart(2, '0')).flatMap((speaker) => [
    utterance(speaker, 'happy'),
    utterance(speaker, 'sad'),
  ])

describe('folds', () => {
  const lists = { 'luna-5': [['01', '09'], ['02'], ['03', '04']] }
  const speakersOf = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      speakerId: `0${i + 1}`,
      gender: i % 2 === 0 ? 'male' : 'female',
    }))
  const run = async (speakers: number, config: object) =>
    foldsStage.run({ speakers: speakersOf(speakers), lists }, foldsConfig.parse(config), context)
  const testsOf = (rows: readonly FoldRow[]) =>
    rows.filter(({ part }) => part === 'test').map(({ fold, speakerId }) => `${fold}:${speakerId}`)

  test('leave one speaker out by default: a row a fold and speaker', async () => {
    expect(await run(2, {})).toEqual([
      { fold: 0, speakerId: '01', utteranceId: null, part: 'test' },
      { fold: 0, speakerId: '02', utteranceId: null, part: 'train' },
      { fold: 1, speakerId: '01', utteranceId: null, part: 'train' },
      { fold: 1, speakerId: '02', utteranceId: null, part: 'test' },
    ])
  })

  test('each scheme', async () => {
    expect(testsOf(await run(4, { scheme: 'luna-5' }))).toEqual(['0:01', '1:02', '2:03', '2:04'])
    expect(testsOf(await run(4, { scheme: 'k-speakers', folds: 2 }))).toEqual([
      '0:01',
      '0:02',
      '1:03',
      '1:04',
    ])
    const list = [['02'], ['01', '03']]
    expect(testsOf(await run(3, { scheme: 'list', list }))).toEqual(['0:02', '1:01', '1:03'])
  })

  test('the order of the speakers does not matter', async () => {
    const config = foldsConfig.parse({ scheme: 'k-speakers', folds: 3 })
    const speakers = speakersOf(7)
    expect(
      await foldsStage.run({ speakers: [...speakers].reverse(), lists }, config, context),
    ).toEqual(await foldsStage.run({ speakers, lists }, config, context))
  })

  test.each<[string, number, object, RegExp]>([
    ['one speaker', 1, {}, /has 1 speaker, expected at least 2/],
    [
      'a division that the corpus lacks',
      4,
      { scheme: 'emobox-6' },
      /"emobox-6" \(it has: luna-5\)/,
    ],
    ['a list that lacks a speaker', 5, { scheme: 'luna-5' }, /does not hold the speakers 05/],
    ['an empty list', 2, { scheme: 'list' }, /"folds.list" does not hold the speakers 01, 02/],
    [
      'a speaker in two folds',
      2,
      { scheme: 'list', list: [['01'], ['01', '02']] },
      /nobody to train on/,
    ],
    [
      'a speaker tested twice',
      3,
      { scheme: 'list', list: [['01'], ['01', '02'], ['03']] },
      /speaker 01 is tested in 2 folds/,
    ],
    ['more folds than speakers', 3, { scheme: 'k-speakers' }, /6 folds for 3 speakers/],
  ])('%s is an error', async (_, speakers, config, message) => {
    await expect(run(speakers, config)).rejects.toThrow(InputError)
    await expect(run(speakers, config)).rejects.toThrow(message)
  })

  test('an unknown setting is an error', () => {
    expect(foldsConfig.safeParse({ schema: 'list' }).success).toBe(false)
    expect(foldsConfig.safeParse({ folds: 1 }).success).toBe(false)
  })
})

test('settings of the folds that a scheme does not look at are told with the schemes that do', () => {
  const given = ['scheme', 'validation', 'list', 'folds', 'trainOn', 'seed']
  const names = (scheme: Parameters<typeof unusedFoldSettings>[1]) =>
    unusedFoldSettings(given, scheme).map(({ name }) => name)
  expect(names('leave-one-speaker-out')).toEqual(['list', 'folds', 'trainOn', 'seed'])
  expect(names('list')).toEqual(['folds', 'trainOn', 'seed'])
  expect(names('cross-corpus')).toEqual(['list', 'seed'])
  expect(names('random-clips')).toEqual(['list', 'trainOn'])
  expect(unusedFoldSettings(['list'], 'split')).toEqual([{ name: 'list', schemes: ['list'] }])
})

describe('augmentation', () => {
  const manifest = [
    utterance('01', 'sad'),
    utterance('01', 'happy'),
    utterance('01', 'calm', { status: 'duplicate' }),
  ]
  const run = async (config: object) =>
    augmentationStage.run({ manifest }, augmentationConfig.parse(config), context)

  test('originals come first, then their copies by id and speed; only used rows count', async () => {
    const rows = await run({})
    expect(rows.map(({ clipId }) => clipId)).toEqual([
      '01-happy',
      '01-sad',
      '01-happy#speed=0.9',
      '01-happy#speed=0.95',
      '01-happy#speed=1.1',
      '01-sad#speed=0.9',
      '01-sad#speed=0.95',
      '01-sad#speed=1.1',
    ])
    expect(rows[0]).toEqual({ clipId: '01-happy', utteranceId: '01-happy', effects: '' })
    expect(rows[7]).toEqual({
      clipId: '01-sad#speed=1.1',
      utteranceId: '01-sad',
      effects: 'speed=1.1',
    })
  })

  test('the order of the speeds does not matter, and there may be none', async () => {
    expect(await run({ speeds: [1.1, 0.9, 0.95] })).toEqual(await run({}))
    expect((await run({ speeds: [] })).map(({ effects }) => effects)).toEqual(['', ''])
  })

  test.each([[[1]], [[0.9, 0.9]], [[0.4]], [[2.1]]])('speeds %j are refused', (speeds) => {
    expect(augmentationConfig.safeParse({ speeds }).success).toBe(false)
  })
})

describe('balance', () => {
  const corpus = [
    ...corpusOf(3),
    utterance('01', 'sad', { utteranceId: 'second' }),
    utterance('01', 'calm', { status: 'unreadable' }),
  ]
  const folds: FoldRow[] = ['01', '02', '03'].flatMap((test, fold) =>
    ['01', '02', '03'].map((speakerId) => ({
      fold,
      speakerId,
      utteranceId: null,
      part: speakerId === test ? ('test' as const) : ('train' as const),
    })),
  )
  const classes = ['sad', 'calm', 'happy']
  const run = async (config: object, order = classes) =>
    balanceStage.run({ corpus, folds, classes: order }, balanceConfig.parse(config), context)

  test('each fold counts its training speakers alone, then all are counted', async () => {
    const rows = await run({})
    expect(rows.map(({ fold, emotion, utterances }) => [fold, emotion, utterances])).toEqual([
      [0, 'sad', 2],
      [0, 'calm', 0],
      [0, 'happy', 2],
      [1, 'sad', 3],
      [1, 'calm', 0],
      [1, 'happy', 2],
      [2, 'sad', 3],
      [2, 'calm', 0],
      [2, 'happy', 2],
      [null, 'sad', 4],
      [null, 'calm', 0],
      [null, 'happy', 3],
    ])
    expect(rows.slice(3, 6).map(({ weight }) => weight)).toEqual([5 / 6, 0, 5 / 4])
  })

  test('without balancing the weights are 1', async () => {
    const weights = (await run({ kind: 'none' })).map(({ weight }) => weight)
    expect(weights).toEqual([1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1])
  })

  test('an emotion that is no class is an error that names the file', async () => {
    await expect(run({}, ['sad', 'calm'])).rejects.toThrow(InputError)
    await expect(run({}, ['sad', 'calm'])).rejects.toThrow(
      /"Actor_01\/01-happy.wav" has the emotion "happy", expected one of sad, calm/,
    )
  })
})
