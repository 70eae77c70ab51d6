import { readFileSync, readdirSync } from 'node:fs'
import { InputError } from '@serflow/core'
import { expect, test } from 'vitest'
import { listingOf, soundsAt, type Files } from './listing.fixture.js'

const goldenFolder = new URL('../../../../tests/golden/corpora/', import.meta.url)

interface Fact {
  readonly file: string
  readonly start: number | null
  readonly end: number | null
  readonly emotion: string
  readonly speaker: string
  readonly gender: string
  readonly split: string | null
}
const golden = JSON.parse(readFileSync(new URL('golden.json', goldenFolder), 'utf8')) as Record<
  'emodb' | 'talks',
  readonly Fact[]
>

/** The header and tables of a golden database, with sounds. */
function database(name: string, sounds: readonly string[], below = ''): Files {
  const folder = new URL(`${name}/`, goldenFolder)
  const tables = readdirSync(folder).map((file) => [
    below + file,
    readFileSync(new URL(file, folder)),
  ])
  return {
    ...(Object.fromEntries(tables) as Files),
    ...soundsAt(sounds.map((path) => below + path)),
  }
}

const splits: Readonly<Record<string, string>> = { dev: 'validation' }
const asFacts = (
  { entries }: Awaited<ReturnType<typeof listingOf>>,
  wholeFrom: number | null,
): Fact[] =>
  entries.map((entry) => ({
    file: entry.file,
    start: entry.startSeconds ?? wholeFrom,
    end: entry.endSeconds,
    emotion: entry.emotion,
    speaker: entry.speakerId,
    gender: entry.gender,
    split: entry.split,
  }))
const translated = (facts: readonly Fact[]) =>
  facts.map((fact) => ({ ...fact, split: fact.split && (splits[fact.split] ?? fact.split) }))

const sounds = ['wav/03a01Fa.wav', 'wav/08a01Wa.wav', 'wav/08a02Na.wav']

test('the layout of EMO-DB is read as the audformat package reads it', async () => {
  const listing = await listingOf('audformat', database('emodb', sounds))
  expect(asFacts(listing, null)).toEqual(golden.emodb)
  expect(listing.classes).toEqual([
    'anger',
    'boredom',
    'disgust',
    'fear',
    'happiness',
    'sadness',
    'neutral',
  ])
  expect(listing.entries[0]).toMatchObject({ utteranceId: '03a01Fa', sentence: 'a01' })
  expect(JSON.parse(listing.entries[0]!.attributes!)).toMatchObject({
    age: 31,
    'emotion.confidence': 0.9,
  })
  expect(listing.about).toEqual({
    title: 'emodb: Berlin Database of Emotional Speech.',
    licence: 'CC0-1.0',
    citation: 'Felix Burkhardt, et al.. http://emodb.bilderbar.info/download/download.zip',
  })
})

test.each(['talks', 'talks-parquet'])(
  'segments, splits and a misc table of speakers: %s as the package reads it',
  async (name) => {
    const listing = await listingOf('audformat', database(name, ['talk.wav', 'other.wav']))
    const facts = asFacts(listing, 0)
    expect(facts).toEqual(translated(golden.talks))
    expect(listing.entries.map(({ utteranceId }) => utteranceId)).toEqual([
      'other@0000',
      'other@0061.25',
      'talk@0000',
      'talk@0002',
    ])
  },
)

test('it may lie in an inner folder, with sounds that no table labels', async () => {
  const files = database('emodb', [...sounds, 'wav/09a01Fa.wav'], 'emodb/')
  const { entries, others } = await listingOf('audformat', files)
  expect(entries.map(({ file }) => file)).toEqual(sounds.map((path) => `emodb/${path}`))
  expect(others).toEqual([
    { file: 'emodb/wav/09a01Fa.wav', status: 'skipped', note: 'in no table of labels' },
  ])
})

async function refusal(files: Files, settings: object = {}): Promise<string> {
  const error: unknown = await listingOf('audformat', files, settings).catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(InputError)
  return (error as InputError).message
}

test('what is missing or wrong is named', async () => {
  const whole = database('emodb', sounds)
  const { 'db.files.csv': table, ...without } = whole
  expect(await refusal(without)).toMatch(
    /"db.yaml" names the table "files", but there is no db.files.csv/,
  )
  expect(await refusal({ ...without, 'db.files.pkl': table! })).toMatch(/storage_format="csv"/)
  expect(await refusal(soundsAt(sounds))).toMatch(
    /found no db.yaml, expected one audformat database/,
  )
  expect(await refusal({ ...whole, ...database('emodb', sounds, 'b/') })).toMatch(
    /found b\/db.yaml, db.yaml/,
  )
  expect(await refusal({ ...whole, 'db.yaml': 'a: [' })).toMatch(/^"db.yaml": /)
  expect(await refusal({ ...whole, 'db.yaml': 'name: x\n' })).toMatch(
    /"db.yaml" is no header of audformat: tables: /,
  )
  expect(await refusal(whole, { scheme: 'mood' })).toMatch(
    /no table has a column of the scheme "mood"; it has the tables emotion, files/,
  )
  expect(await refusal(whole, { tables: ['files'] })).toMatch(
    /"files" is no table that has a column/,
  )
  expect(await refusal(database('emodb', sounds.slice(1)))).toMatch(
    /"db.emotion.csv", line 2: there is no file "wav\/03a01Fa.wav"/,
  )
})

test('two tables that disagree are an error; those that agree are one utterance', async () => {
  const talks = database('talks', ['talk.wav', 'other.wav'])
  const text = (name: string) => Buffer.from(talks[name] as Uint8Array).toString()
  const same = text('db.emotion.train.csv')
  const agreed = await listingOf('audformat', { ...talks, 'db.emotion.dev.csv': same }, {})
  expect(agreed.entries).toHaveLength(2)
  const other = same.replace('happy', 'sad')
  expect(await refusal({ ...talks, 'db.emotion.dev.csv': other })).toMatch(
    /"talk.wav" is happy, but sad in another table/,
  )
  const odd = same.replace('0 days 00:00:01.500000', 'soon')
  expect(await refusal({ ...talks, 'db.emotion.train.csv': odd })).toMatch(
    /line 2: found the time "soon"/,
  )
})
