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
  explainChange(before, { ...before, ...change }, 'features')

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

test('settings are compared by value, whatever the order of their keys', () => {
  expect(settingChanges({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, 'x')).toEqual([])
  expect(settingChanges({ b: [1, 2] }, { b: [2, 1] }, 'x')).toEqual(['x.b: [1,2] -> [2,1]'])
  expect(settingChanges(undefined, 3, 'x')).toEqual(['x: unset -> 3'])
})
