import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { corpusChoice, type CorpusOptions } from './corpus-settings.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serflow-choice-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function chosen(options: CorpusOptions, file?: string) {
  const config = join(folder, 'a.yaml')
  if (file !== undefined) await writeFile(config, file)
  const choice = await corpusChoice(file === undefined ? options : { ...options, config })
  return { kind: choice.kind, settings: choice.settingsFor(choice.kind ?? 'ravdess') }
}

test('without settings the kind is what is given, and the reader has its defaults', async () => {
  expect(await chosen({})).toEqual({ kind: undefined, settings: undefined })
  expect(await chosen({ kind: 'tess' })).toEqual({ kind: 'tess', settings: undefined })
})

test('settings of a file and of --set are those of run; what is not of the corpus is passed over', async () => {
  const file = 'corpus: {kind: table, columns: {file: clip}}\nmodel: {train: {epochs: many}}\n'
  const { kind, settings } = await chosen({ set: ['corpus.columns.speaker=actor', 'a.b=c'] }, file)
  expect(kind).toBe('table')
  expect(settings).toMatchObject({ columns: { file: 'clip', speaker: 'actor' } })
})

test('of several corpora the kind says which', async () => {
  const file = 'corpora: [{kind: emodb, labels: four}, {kind: ravdess}]\n'
  expect((await chosen({ kind: 'emodb' }, file)).settings).toMatchObject({ labels: 'four' })
  await expect(chosen({}, file)).rejects.toThrow('name 2 corpora (emodb, ravdess); say which by')
  await expect(chosen({ kind: 'tess' }, file)).rejects.toThrow('say which by --kind')
})

test('a setting that one reader alone has names it; one that all have leaves the guess', async () => {
  expect((await chosen({ set: ['corpus.columns.file=x'] })).kind).toBe('table')
  expect((await chosen({ set: ['corpus.speaker=^(a)'] })).kind).toBe('folders')
  expect((await chosen({ set: ['corpus.labels=four'] })).kind).toBeUndefined()
})

test.each<[readonly string[], string | undefined, string]>([
  [['corpus.columns.bogus=x'], undefined, 'corpus.columns.bogus: there is no such setting'],
  [['corpus.foo=1'], undefined, 'corpus.foo: there is no such setting'],
  [['corpus.columns.file=x'], 'emodb', 'corpus.columns: there is no such setting'],
  [['corpus.speaker=(a'], undefined, 'corpus.speaker: expected a regular expression'],
  [['corpus.labels=five'], undefined, 'corpus.labels: expected common, four or a map'],
  [['corpus.kind=table'], 'emodb', '--kind emodb: the settings say corpus.kind: table'],
  [['columns'], undefined, '--set columns: expected path=value'],
  [
    ['corpus.speaker=x', 'corpus.columns.file=y'],
    undefined,
    'no reader has all of corpus.speaker, corpus.columns; say by --kind which is meant',
  ],
])('%j is refused', async (set, kind, message) => {
  await expect(chosen({ set, kind })).rejects.toThrow(message)
})
