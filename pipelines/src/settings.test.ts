import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '@serflow/core'
import { expect, test } from 'vitest'
import { readSettings, readSettingsFile } from './settings-file.js'
import { checkSettings, corporaOf } from './settings.js'

const corpus = { corpus: { kind: 'ravdess' } }

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

test('each configuration that comes with the program is in order, and its corpus has its name', async () => {
  const folder = new URL('../config/', import.meta.url)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml'))
  expect(names.length).toBeGreaterThan(7)
  for (const name of names) {
    const path = fileURLToPath(new URL(name, folder))
    const settings = checkSettings((await readSettingsFile(path)).tree)
    expect(corporaOf(settings).length, name).toBeGreaterThan(0)
  }
})

test('a fault is told with its file and line, unless --set put it there', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'settings-')), 'own.yaml')
  await writeFile(
    file,
    'corpus: &own\n  kind: ravdess\n  lables: four\n\nfeatures:\n  bands: forty\n  hopMs: 10\n' +
      'model:\n  seeds:\n    - 0\n    - one\nmodle: {}\n',
  )
  const told = async (...set: readonly string[]) => {
    const { tree, placeOf } = await readSettings(file, set)
    try {
      checkSettings(tree, placeOf)
    } catch (error) {
      return (error as InputError).message.split('\n').sort()
    }
    return []
  }
  expect(await told()).toEqual([
    `${file}, line 11: model.seeds.1: Invalid input: expected number, received string`,
    `${file}, line 12: modle: there is no such setting; did you mean "model"?`,
    `${file}, line 3: corpus.lables: there is no such setting; did you mean "labels"?`,
    `${file}, line 6: features.bands: Invalid input: expected number, received string`,
  ])
  const changed = ['corpus={kind: emodb, foo: 1}', 'features.bands=fifty', 'model.seeds=[1]']
  expect(await told(...changed)).toEqual([
    `${file}, line 12: modle: there is no such setting; did you mean "model"?`,
    'corpus.foo: there is no such setting',
    'features.bands: Invalid input: expected number, received string',
  ])
})

test('a seed that stands there twice, and a name of any length, are refused', () => {
  expect(() => checkSettings({ ...corpus, model: { seeds: [3, 3] } })).toThrow(
    'model.seeds: a seed stands there twice',
  )
  expect(() => checkSettings({ ...corpus, name: 'x'.repeat(101) })).toThrow(/^name: Too big/)
  const named = { corpus: { kind: 'ravdess', name: 'x'.repeat(101) } }
  expect(() => checkSettings(named)).toThrow(/^corpus.name: Too big/)
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
