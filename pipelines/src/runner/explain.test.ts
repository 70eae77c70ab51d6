import { expect, test } from 'vitest'
import { explainChange, settingChanges } from './explain.js'
import type { Ingredients } from './key.js'

const before: Ingredients = {
  stage: 'log-mel',
  part: { speaker: '01' },
  config: { bands: 64, trim: { db: 45 } },
  code: 'c1',
  inputs: {
    entries: [['value', 'v1']],
    files: [
      ['a.wav', 'd1'],
      ['b.wav', 'd2'],
    ],
    manifest: [['manifest[speaker=01]', 'd3']],
  },
}

const explain = (change: Partial<Ingredients>) =>
  explainChange(before, { ...before, ...change }, { path: 'features' })

test('what has not changed has no reason', () => {
  expect(explain({})).toEqual([])
})

test.each([
  [{ config: { bands: 40, trim: { db: 45 } } }, ['features.bands: 64 -> 40']],
  [{ config: { bands: 64, trim: { db: null } } }, ['features.trim.db: 45 -> null']],
  [{ config: { bands: 64, trim: { db: 45 }, floor: 1 } }, ['features.floor: unset -> 1']],
  [{ code: 'c2' }, ['the code of log-mel changed']],
])('a changed setting or code is named', (change, expected) => {
  expect(explain(change)).toEqual(expected)
})

test('files that changed, came and went are named; of many alike the first and a count', () => {
  const files = (...pairs: (readonly [string, string])[]) =>
    explain({ inputs: { ...before.inputs, files: pairs } })
  expect(files(['a.wav', 'd1'], ['b.wav', 'x'])).toEqual(['b.wav changed'])
  expect(files(['a.wav', 'd1'])).toEqual(['b.wav is gone'])
  expect(files(['a.wav', 'x'], ['b.wav', 'y'], ['c.wav', 'z'])).toEqual([
    'a.wav changed, and 1 more like it',
    'c.wav is new',
  ])
})

test('inputs with names come before plain values, and beyond three reasons is a count', () => {
  const inputs = {
    entries: [['value', 'v2']],
    files: [['a.wav', 'd1']],
    manifest: [['manifest[speaker=01]', 'x']],
  } as const
  expect(explain({ inputs })).toEqual([
    'b.wav is gone',
    'manifest[speaker=01] changed',
    'entries changed',
  ])
  expect(explain({ inputs, code: 'c2', config: { bands: 1 } })).toEqual([
    'features.bands: 64 -> 1',
    'features.trim: {"db":45} -> unset',
    'the code of log-mel changed',
    'and 3 more',
  ])
})

/** What is told of the settings alone, all of it. */
function settingReasons(config: object, now: object, places: object = {}): readonly string[] {
  const known = { ...before, config }
  return explainChange(known, { ...known, config: now }, { path: 'features', ...places }, 100)
}

test('a preset stands before what it sets, also where the record has another order', () => {
  const paper = { bands: 64, floor: 1e-7, preset: 'paper', window: 'hamming' }
  const librosa = { preset: 'librosa', window: 'hann', bands: 64, floor: 1e-10 }
  const expected = [
    'features.preset: paper -> librosa',
    'features.window: hamming -> hann',
    'features.floor: 1e-7 -> 1e-10',
  ]
  expect(settingReasons(paper, librosa)).toEqual(expected)
  const { preset, ...rest } = paper
  const back = settingReasons(librosa, { preset, ...rest })
  expect(back[0]).toBe('features.preset: librosa -> paper')
  expect(back).toHaveLength(3)
})

test('what the user gave comes first, whatever the order of the schema', () => {
  const old = { preset: 'paper', window: 'hamming', deltaRadius: 2, trim: { db: 45, margin: 5 } }
  const now = { preset: 'librosa', window: 'hann', deltaRadius: 1, trim: { db: 30, margin: 0 } }
  const first = (...given: readonly string[]) =>
    settingReasons(old, now, { given }).map((reason) => reason.split(':')[0])
  expect(first('features.deltaRadius', 'features.preset')).toEqual(
    ['preset', 'deltaRadius', 'window', 'trim.db', 'trim.margin'].map((each) => `features.${each}`),
  )
  expect(first('features.trim.margin')[0]).toBe('features.trim.margin')
  // A group as a whole, and a name that only begins alike.
  expect(first('features.trim').slice(0, 2)).toEqual(['features.trim.db', 'features.trim.margin'])
  expect(first('features.pre', 'features.windowMs')[0]).toBe('features.preset')
})

test('a setting that stands elsewhere is named as the user knows it', () => {
  const places = { path: 'model', elsewhere: { bands: 'features.bands', segments: 'segments' } }
  const old = { cut: 'top', bands: 64, segments: { hop: 32 } }
  const now = { cut: 'top', bands: 40, segments: { hop: 16 } }
  expect(settingReasons(old, now, places)).toEqual([
    'features.bands: 64 -> 40',
    'segments.hop: 32 -> 16',
  ])
  const given = ['segments.hop']
  expect(settingReasons(old, now, { ...places, given })[0]).toBe('segments.hop: 32 -> 16')
  expect(settingReasons(old, now, { ...places, path: '' })).toHaveLength(2)
})

test.each([
  ['paper', 'librosa', 'paper -> librosa'],
  ['null', null, '"null" -> null'],
  ['1', 1, '"1" -> 1'],
  ['two words', '', '"two words" -> ""'],
  [[0], [0, 1], '[0] -> [0,1]'],
  [[0], Array.from({ length: 100 }, (_, i) => i), '[0] -> [0,1,2 and 97 more]'],
  ['a', 'b'.repeat(100), `a -> ${'b'.repeat(60)}\u2026`],
])('the values %j and %j are short, and told apart', (old, now, expected) => {
  expect(settingReasons({ x: old }, { x: now })).toEqual([`features.x: ${expected}`])
})

test('values that differ in what is not shown have changed', () => {
  const many = Array.from({ length: 100 }, (_, i) => i)
  expect(settingReasons({ x: many }, { x: [...many.slice(0, -1), 7] })).toEqual([
    'features.x changed',
  ])
})

test('settings are compared by value, whatever the order of their keys', () => {
  expect(settingChanges({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, 'x')).toEqual([])
  expect(settingChanges({ b: [1, 2] }, { b: [2, 1] }, 'x')).toEqual([
    { path: 'x.b', before: [1, 2], after: [2, 1] },
  ])
  expect(settingChanges(undefined, 3, 'x')).toEqual([{ path: 'x', before: undefined, after: 3 }])
})
