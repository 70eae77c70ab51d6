import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  applyOverride,
  checkSettings,
  corporaOf,
  readSettingsFile,
  settingPaths,
} from './settings.js'

const corpus = { corpus: { kind: 'ravdess' } }

test.each([
  ['features.bands=40', { features: { bands: 40 } }],
  ['model.seeds=[0, 1]', { model: { seeds: [0, 1] } }],
  ['features.trimDb=null', { features: { trimDb: null } }],
  ['name=07', { name: 7 }],
  ["name='07'", { name: '07' }],
  ['name=a=b', { name: 'a=b' }],
  ['name=', { name: null }],
  ['model.train={epochs: 2}', { model: { train: { epochs: 2 } } }],
])('--set %s is read as YAML', (override, expected) => {
  expect(applyOverride({}, override)).toEqual(expected)
})

test('an override keeps its neighbours, wins over the file and leaves the tree it was given alone', () => {
  const tree = { features: { bands: 64, hopMs: 10 }, name: 'x' }
  const changed = applyOverride(tree, 'features.bands=40')
  expect(changed).toEqual({ features: { bands: 40, hopMs: 10 }, name: 'x' })
  expect(tree).toEqual({ features: { bands: 64, hopMs: 10 }, name: 'x' })
})

test('overrides of different settings may be given in any order', () => {
  const overrides = ['features.bands=40', 'features.hopMs=5', 'model.seeds=[1]', 'name=a']
  fc.assert(
    fc.property(fc.shuffledSubarray(overrides, { minLength: 4 }), (order) => {
      expect(order.reduce(applyOverride, {})).toEqual(overrides.reduce(applyOverride, {}))
    }),
  )
})

test.each(['features.bands', '=3', 'features..bands=3', 'a b=3'])(
  '--set %s is no path=value',
  (override) => {
    expect(() => applyOverride({}, override)).toThrow(InputError)
    expect(() => applyOverride({}, override)).toThrow('expected path=value')
  },
)

test('an override through a value, or with a value that is no YAML, is an error', () => {
  expect(() => applyOverride({ name: 'x' }, 'name.first=y')).toThrow(
    '--set name.first=y: "name" is a value, not a group of settings',
  )
  expect(() => applyOverride({ list: [1] }, 'list.first=y')).toThrow('is a value')
  expect(() => applyOverride({}, 'name=[')).toThrow('the value is no YAML')
})

test('defaults are filled in, and say the same as settings that spell them out', () => {
  const settings = checkSettings(corpus)
  expect(settings.features.bands).toBe(64)
  expect(settings.model.seeds).toEqual([0])
  expect(checkSettings({ ...settings })).toEqual(settings)
})

test('every unknown key and every bad value has a line of its own', () => {
  const attempt = () =>
    checkSettings({ ...corpus, features: { band: 3, hopMs: -1 }, modle: {}, name: 'a/b' })
  expect(attempt).toThrow(InputError)
  let message = ''
  try {
    attempt()
  } catch (error) {
    message = (error as InputError).message
  }
  expect(message.split('\n').sort()).toEqual([
    'features.band: there is no such setting; did you mean "bands"?',
    'features.hopMs: Too small: expected number to be >0',
    'modle: there is no such setting; did you mean "model"?',
    'name: letters, digits, "-", "_" and "." only',
  ])
})

test('a corpus must be named', () => {
  expect(() => checkSettings({})).toThrow(/^corpus: /)
})

test('a file of settings is read; an empty one holds none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'settings-'))
  const path = join(folder, 'a.yaml')
  await writeFile(path, 'corpus: { kind: ravdess }\n')
  expect(await readSettingsFile(path)).toEqual(corpus)
  await writeFile(path, '# nothing yet\n')
  expect(await readSettingsFile(path)).toEqual({})
})

test('each configuration that comes with the program is in order, and its corpus has its name', async () => {
  const folder = new URL('../config/', import.meta.url)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml'))
  expect(names.length).toBeGreaterThan(7)
  for (const name of names) {
    const path = fileURLToPath(new URL(name, folder))
    const settings = checkSettings(await readSettingsFile(path))
    expect(corporaOf(settings).length, name).toBeGreaterThan(0)
  }
})

test('one corpus or several, but not both', () => {
  const several = { corpora: [{ kind: 'ravdess' }, { kind: 'emodb', labels: 'common' }] }
  expect(corporaOf(checkSettings(several)).map(({ kind }) => kind)).toEqual(['ravdess', 'emodb'])
  expect(corporaOf(checkSettings(corpus)).map(({ kind }) => kind)).toEqual(['ravdess'])
  expect(() => checkSettings({ ...several, ...corpus })).toThrow(/^corpus: expected either/)
})

test('a setting of another corpus is refused, and the nearest one of this kind is named', () => {
  const refused = (settings: object) => () => checkSettings({ corpus: settings })
  expect(refused({ kind: 'emodb', channels: ['song'] })).toThrow(
    'corpus.channels: there is no such setting',
  )
  expect(refused({ kind: 'iemocap', improvized: true })).toThrow('did you mean "improvised"?')
  expect(() => checkSettings({ corpora: [{ kind: 'emodb', lables: 'four' }] })).toThrow(
    'corpora.0.lables: there is no such setting; did you mean "labels"?',
  )
  expect(refused({ directory: 'x' })).toThrow('corpus.kind: Invalid option: expected one of')
})

test('a file of settings that is no mapping or no YAML is named in one line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'settings-'))
  const path = join(folder, 'a.yaml')
  for (const [text, expected] of [
    ['42', 'found the number 42'],
    ['[1]', 'found a list'],
    ['a: [', 'a.yaml: Flow sequence'],
  ] as const) {
    await writeFile(path, text)
    const error = await readSettingsFile(path).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).message).toContain(expected)
    expect((error as InputError).message).not.toContain('\n')
  }
})

test('the paths of a tree are those of its values; a list is one', () => {
  const tree = {
    name: 'x',
    features: { bands: 40, trimDb: null },
    model: { seeds: [0, 1], train: {} },
  }
  expect(settingPaths(tree)).toEqual(['name', 'features.bands', 'features.trimDb', 'model.seeds'])
  expect(settingPaths({})).toEqual([])
})

test.each([
  [
    { ingest: { folds: { validation: 'pair' } } },
    'ingest.folds.validation: expected none, one-of-each-gender or a number of speakers such as {speakers: 2}',
  ],
  [
    { ingest: { folds: { validation: 2 } } },
    /^ingest.folds.validation: expected none, one-of-each-gender/,
  ],
  [
    { ingest: { folds: { validation: { speakers: 0 } } } },
    /^ingest.folds.validation.speakers: Too small: expected number to be >=1/,
  ],
  [
    { ingest: { folds: { validation: { people: 2 } } } },
    /validation.speakers: Invalid input: .*\n.*validation.people: there is no such setting$/,
  ],
  [
    { model: { train: { stopping: 'early' } } },
    'model.train.stopping: Invalid input: expected "none" or object',
  ],
  [
    { model: { train: { stopping: { patient: 3 } } } },
    'model.train.stopping.patient: there is no such setting; did you mean "patience"?',
  ],
  [
    { model: { train: { stopping: { by: 'luck' } } } },
    /^model.train.stopping.by: Invalid option: expected one of "uar"\|"loss"/,
  ],
  [
    { corpus: { kind: 'ravdess', labels: 'five' } },
    'corpus.labels: expected common, four or a map such as {calm: neutral, surprised: null}',
  ],
  [
    { corpus: { kind: 'ravdess', labels: { calm: 3 } } },
    'corpus.labels.calm: Invalid input: expected string, received number',
  ],
  [
    { corpus: { kind: 'ravdess', where: { speaker: null } } },
    'corpus.where.speaker: expected a value, a list of values or a range such as {min: 18, max: 60}',
  ],
  [
    { corpus: { kind: 'ravdess', where: { age: { mni: 2 } } } },
    /^corpus.where.age.mni: there is no such/,
  ],
])('a setting of several kinds says what is allowed: %j', (tree, message) => {
  const corpus = { corpus: { kind: 'ravdess' } }
  let thrown: unknown
  try {
    checkSettings({ ...corpus, ...tree })
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(InputError)
  const { message: told } = thrown as InputError
  if (typeof message === 'string') expect(told).toBe(message)
  else expect(told).toMatch(message)
})
