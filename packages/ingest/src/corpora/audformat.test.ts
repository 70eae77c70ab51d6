import { readFileSync, readdirSync } from 'node:fs'
import { InputError } from '@serflow/core'
import { describe, expect, test } from 'vitest'
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

const header = (columns: string, more = '') => `
name: x
schemes:
  emotion: {dtype: str, labels: [Joy, anger]}
  speaker: {dtype: str}
tables:
  files: {type: filewise, columns: {${columns}}}
${more}`

test('columns may be written in capitals', async () => {
  const { entries } = await listingOf('audformat', {
    'db.yaml': header('Emotion: {scheme_id: emotion}, Speaker: {scheme_id: speaker}, Age: {}'),
    'db.files.csv': 'file,Emotion,Speaker,Age\na.wav,Joy,S1,20\nb.wav,anger,S2,21\n',
    ...soundsAt(['a.wav', 'b.wav']),
  })
  expect(entries.map((entry) => [entry.emotion, entry.speakerId, entry.attributes])).toEqual([
    ['Joy', 'S1', '{"Age":20}'],
    ['anger', 'S2', '{"Age":21}'],
  ])
})

describe('several columns of the scheme', () => {
  const raters = 'r1: {scheme_id: emotion}, r2: {scheme_id: emotion}, r3: {scheme_id: emotion}'
  const rows = 'a.wav,anger,Joy,anger,1\nb.wav,Joy,,,1\nc.wav,Joy,anger,,2\n'
  const sounds = soundsAt(['a.wav', 'b.wav', 'c.wav'])
  test('are votes of raters', async () => {
    const { entries, others } = await listingOf('audformat', {
      'db.yaml': header(`${raters}, speaker: {scheme_id: speaker}`),
      'db.files.csv': `file,r1,r2,r3,speaker\n${rows}`,
      ...sounds,
    })
    expect(entries.map(({ emotion, labelShares }) => [emotion, labelShares])).toEqual([
      ['anger', `{"Joy":${1 / 3},"anger":${2 / 3}}`],
      ['Joy', '{"Joy":1}'],
    ])
    expect(others).toEqual([{ file: 'c.wav', status: 'skipped', note: 'no majority of votes' }])
  })
  test('beside one that is called as the scheme, which is the label', async () => {
    const { entries } = await listingOf('audformat', {
      'db.yaml': header(`${raters}, emotion: {scheme_id: emotion}, speaker: {scheme_id: speaker}`),
      'db.files.csv': `file,r1,r2,r3,speaker,emotion\n${rows.replaceAll('\n', ',Joy\n')}`,
      ...sounds,
    })
    expect(entries.map(({ emotion }) => emotion)).toEqual(['Joy', 'Joy', 'Joy'])
    expect(entries[2]!.labelShares).toBe('{"Joy":0.5,"anger":0.5}')
  })
  test('and the label may stand in another table', async () => {
    const gold = '  gold: {type: filewise, columns: {emotion: {scheme_id: emotion}}}'
    for (const [first, second] of [
      ['files', 'gold'],
      ['gold', 'files'],
    ] as const) {
      const yaml = header(`${raters}, speaker: {scheme_id: speaker}`, gold)
      const { entries } = await listingOf('audformat', {
        'db.yaml': yaml.replace(
          / {2}(files|gold):/g,
          (_, name) => `  ${name === 'files' ? first : second}:`,
        ),
        [`db.${first}.csv`]: `file,r1,r2,r3,speaker\n${rows}`,
        [`db.${second}.csv`]: 'file,emotion\na.wav,Joy\nb.wav,Joy\nc.wav,anger\n',
        ...sounds,
      })
      expect(entries.map(({ emotion }) => emotion)).toEqual(['Joy', 'Joy', 'anger'])
      expect(entries[0]!.labelShares).toBe(`{"Joy":${1 / 3},"anger":${2 / 3}}`)
    }
  })
})

test('a part without a label is told, also where its file has others with one', async () => {
  const yaml = header('emotion: {scheme_id: emotion}, speaker: {scheme_id: speaker}')
  const { entries, others } = await listingOf('audformat', {
    'db.yaml': yaml.replace('filewise', 'segmented'),
    'db.files.csv':
      'file,start,end,emotion,speaker\na.wav,0 days 00:00:00,0 days 00:00:01,Joy,1\n' +
      'a.wav,0 days 00:00:01,0 days 00:00:02,,1\nb.wav,0 days 00:00:00,,anger,1\nc.wav,0 days 00:00:00,,,1\n',
    ...soundsAt(['a.wav', 'b.wav', 'c.wav', 'd.wav']),
  })
  expect(entries.map(({ utteranceId }) => utteranceId)).toEqual(['a', 'b'])
  expect(others.map(({ file, note }) => `${file} ${note}`)).toEqual([
    'a.wav has no label in the tables',
    'c.wav has no label in the tables',
    'd.wav in no table of labels',
  ])
})
