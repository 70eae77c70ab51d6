import { InputError } from '@serflow/core'
import { expect, test } from 'vitest'
import {
  corpora,
  corpusSettings,
  mergeListings,
  namesakes,
  type CorpusListing,
  type NamedListing,
} from './index.js'
import { listingOf } from './listing.fixture.js'

const codes = [1, 2, 3, 4, 5, 6, 7, 8]
const paths = ['01', '02'].flatMap((actor) =>
  codes.map(
    (code) =>
      `Actor_${actor}/03-01-0${code}-0${code > 1 && actor === '02' ? 2 : 1}-01-01-${actor}.wav`,
  ),
)
const list = (settings: object) => listingOf('ravdess', paths, settings)

async function refusal(settings: object): Promise<string> {
  const error: unknown = await list(settings).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(InputError)
  return (error as InputError).message
}

const tally = (notes: readonly { note: string }[]) => {
  const counts: Record<string, number> = {}
  for (const { note } of notes) counts[note] = (counts[note] ?? 0) + 1
  return counts
}

test('labels are as the corpus has them unless the settings say otherwise', async () => {
  expect((await list({})).classes).toContain('calm')
})

test('a map merges and leaves out; a merged class stands at the place of its first label', async () => {
  const { classes, entries, others } = await list({
    labels: { calm: 'neutral', surprised: null, angry: 'cross' },
  })
  expect(classes).toEqual(['neutral', 'happy', 'sad', 'cross', 'fearful', 'disgust'])
  expect(entries).toHaveLength(14)
  expect(entries.filter(({ emotion }) => emotion === 'neutral')).toHaveLength(4)
  expect(tally(others)).toEqual({ 'label surprised left out by corpus.labels': 2 })
})

test('a map that names an unknown label is an error with the known ones', async () => {
  expect(await refusal({ labels: { clam: 'neutral' } })).toBe(
    'corpus.labels: ravdess has no label "clam"; it has neutral, calm, happy, sad, angry, fearful, disgust, surprised',
  )
  expect(await refusal({ labels: { toString: 'neutral' } })).toMatch(/has no label "toString"/)
})

test('named maps: common are the words of RAVDESS, four leaves four classes', async () => {
  const emodb = ['W', 'L', 'E', 'A', 'F', 'T', 'N'].map((letter) => `03a01${letter}a.wav`)
  expect((await listingOf('emodb', emodb, { labels: 'common' })).classes).toEqual([
    'angry',
    'bored',
    'disgust',
    'fearful',
    'happy',
    'sad',
    'neutral',
  ])
  const { classes, entries } = await listingOf('emodb', emodb, { labels: 'four' })
  expect(classes).toEqual(['angry', 'happy', 'sad', 'neutral'])
  expect(entries).toHaveLength(4)
  expect((await list({ labels: 'four' })).classes).toEqual(['neutral', 'happy', 'sad', 'angry'])
})

test('what became of labels is told with counts, whoever changed them', async () => {
  expect((await list({})).labelChanges).toEqual([])
  const { labelChanges } = await list({ labels: { calm: 'neutral', surprised: null } })
  const bySettings = { byDefault: false, utterances: 2 }
  expect(labelChanges).toEqual([
    { label: 'calm', countsAs: 'neutral', ...bySettings },
    { label: 'surprised', countsAs: null, ...bySettings },
  ])
  const renamed = await listingOf('emodb', ['03a01Wa.wav', '03a01Fa.wav'], { labels: 'common' })
  expect(renamed.labelChanges.map(({ label, countsAs }) => `${label} ${countsAs}`)).toEqual([
    'anger angry',
    'happiness happy',
  ])
  const table = 'file,speaker,votes\na.wav,1,joy:2;sad:1\nb.wav,1,sad:2\n'
  const files = { 'l.csv': table, 'a.wav': '', 'b.wav': '' }
  const voted = await listingOf('table', files, { labels: { joy: 'happy' } })
  expect(voted.labelChanges).toEqual([
    { label: 'joy', countsAs: 'happy', byDefault: false, utterances: 1 },
  ])
})

test('speakers of whom nothing is left are named', async () => {
  expect((await list({})).leftOutSpeakers).toEqual([])
  expect((await list({ where: { speaker: 2 } })).leftOutSpeakers).toEqual(['01'])
})

test('every published corpus has the four classes under the map four', async () => {
  for (const kind of ['ravdess', 'emodb', 'iemocap', 'crema-d', 'tess', 'savee'] as const) {
    const { classes } = await listingOf(kind, [], { labels: 'four' })
    expect([...classes].sort(), kind).toEqual(['angry', 'happy', 'neutral', 'sad'])
  }
})

test('where keeps what fits and counts the rest by its reason', async () => {
  const strong = await list({ where: { intensity: 'strong' } })
  expect(strong.entries).toHaveLength(7)
  expect(tally(strong.others)).toEqual({ 'left out by corpus.where: intensity is not strong': 9 })
  const two = await list({ where: { emotion: ['sad', 'happy'], speaker: 1 } })
  expect(two.classes).toEqual(['happy', 'sad'])
  expect(two.entries.map(({ emotion, speakerId }) => `${speakerId} ${emotion}`)).toEqual([
    '01 happy',
    '01 sad',
  ])
  expect((await list({ where: { repetition: '01', gender: 'female' } })).entries).toHaveLength(8)
})

test('where looks at numbers by their range, and at labels before the map', async () => {
  const table =
    'file,label,speaker,age\na.wav,happy,1,20\nb.wav,sad,1,35\nc.wav,sad,2,50\nd.wav,happy,2,\n'
  const files = { 'l.csv': table, 'a.wav': '', 'b.wav': '', 'c.wav': '', 'd.wav': '' }
  const ids = async (age: object | number) =>
    (await listingOf('table', files, { where: { age } })).entries.map(
      ({ utteranceId }) => utteranceId,
    )
  expect(await ids({ min: 35 })).toEqual(['b', 'c'])
  expect(await ids({ max: 35 })).toEqual(['a', 'b'])
  expect(await ids({ min: 30, max: 40 })).toEqual(['b'])
  expect(await ids(50)).toEqual(['c'])
  const { entries } = await list({
    where: { emotion: ['calm', 'sad'] },
    labels: { calm: 'neutral' },
  })
  expect(new Set(entries.map(({ emotion }) => emotion))).toEqual(new Set(['neutral', 'sad']))
})

test('where knows columns whatever their case, and the truth as pandas, R and YAML write it', async () => {
  const text = 'File,Label,Speaker,Acted\na.wav,happy,1,True\nb.wav,sad,1,TRUE\nc.wav,sad,2,false\n'
  const files = { 'l.csv': text, 'a.wav': '', 'b.wav': '', 'c.wav': '' }
  const ids = async (where: object) =>
    (await listingOf('table', files, { where })).entries.map(({ utteranceId }) => utteranceId)
  expect(await ids({ acted: true })).toEqual(['a', 'b'])
  expect(await ids({ Acted: [true, false] })).toEqual(['a', 'b', 'c'])
  expect(await ids({ ACTED: 'True', Speaker: 1, LABEL: ['happy', 'sad'] }).catch(String)).toEqual([
    'a',
  ])
})

test('a value of a list that nothing has is an error; a class without utterances is none', async () => {
  expect(await refusal({ where: { intensity: ['strong', 'norml'] } })).toBe(
    'corpus.where.intensity: no utterance of ravdess has "norml"; found normal, strong',
  )
  const some = ['03-01-03-01-01-01-01.wav', '03-01-04-01-01-01-01.wav']
  const { classes } = await listingOf('ravdess', some, {
    where: { emotion: ['happy', 'sad', 'angry'] },
  })
  expect(classes).toEqual(['happy', 'sad', 'angry'])
})

test('a condition that nothing fulfils, or on what is not there, is an error with what is there', async () => {
  expect(await refusal({ where: { intensity: 'storng' } })).toBe(
    'corpus.where.intensity: no utterance of ravdess has "storng"; found normal, strong',
  )
  expect(await refusal({ where: { mood: 'x' } })).toMatch(
    /^corpus.where.mood: no utterance of ravdess has this; there are file, id, speaker, .*, channel, repetition$/,
  )
  expect(await refusal({ where: { session: 'x' } })).toMatch(/no utterance of ravdess has this/)
  expect(await refusal({ where: { emotion: 'calm' } })).toMatch(/one class \(calm\) is left/)
})

test('a setting that the kind does not have is refused', () => {
  const faults = (settings: object) => corpusSettings.safeParse(settings).error?.issues
  expect(faults({ kind: 'emodb', channels: ['song'] })).toMatchObject([{ keys: ['channels'] }])
  expect(faults({ kind: 'ravdess', channels: ['sing'] })).toHaveLength(1)
  expect(faults({ kind: 'emodbb' })![0]!.message).toMatch(/expected one of "ravdess"\|"emodb"/)
  expect(faults({ kind: 'ravdess', name: '../x' })).toHaveLength(1)
  expect(faults({ kind: 'ravdess', where: { a: { mni: 2 } } })).toHaveLength(1)
  expect(faults({ kind: 'ravdess', where: { a: {} } })![0]!.message).toMatch(/a range such as/)
  for (const label of ['', ' ', '\u200b']) {
    const issues = faults({ kind: 'ravdess', labels: { calm: label } })
    expect(issues![0]!.message).toMatch(/expected common, four or a map/)
  }
})

const named = (name: string, kind: keyof typeof corpora, listing: CorpusListing): NamedListing => ({
  name,
  module: corpora[kind],
  listing,
})

test('several corpora: names stand in front of files, utterances, speakers and sessions; one alone keeps its own', async () => {
  const ravdess = await list({ labels: 'four' })
  const emodb = await listingOf('emodb', ['wav/03a01Wa.wav', 'wav/08a01Na.wav'], { labels: 'four' })
  const merged = mergeListings([
    named('ravdess', 'ravdess', ravdess),
    named('german', 'emodb', emodb),
  ])
  expect(merged.classes).toEqual(['neutral', 'happy', 'sad', 'angry'])
  expect(merged.entries).toHaveLength(10)
  expect(merged.entries.at(-1)).toMatchObject({
    corpus: 'emodb',
    file: 'german/wav/08a01Na.wav',
    utteranceId: 'german/08a01Na',
    speakerId: 'emodb/08',
    sentence: 'emodb/a01',
    fileDigest: emodb.entries[1]!.fileDigest,
  })
  expect(merged.others.every(({ file }) => /^(ravdess|german)\//.test(file))).toBe(true)
  expect(mergeListings([named('ravdess', 'ravdess', ravdess)]).entries).toEqual(ravdess.entries)
})

test('RAVDESS speech and song as two corpora have the same actors and sentences', async () => {
  const speech = await list({ labels: 'four' })
  const sung = ['Actor_01/03-02-03-01-01-01-01.wav', 'Actor_01/03-02-04-01-01-01-01.wav']
  const song = await listingOf('ravdess', sung, {
    channels: ['song'],
    labels: 'four',
    name: 'song',
  })
  const { entries } = mergeListings([
    named('ravdess', 'ravdess', speech),
    named('song', 'ravdess', song),
  ])
  const speakers = new Set(entries.map(({ speakerId }) => speakerId))
  expect(speakers).toEqual(new Set(['ravdess/01', 'ravdess/02']))
  expect(entries.at(-1)).toMatchObject({ corpus: 'song', sentence: 'ravdess/01' })
})

test('own corpora of one speaker name have speakers of their own', async () => {
  const mine = (name: string) =>
    listingOf('folders', ['happy/a_1.wav', 'sad/a_1.wav'], { speaker: '^(a)_', name })
  const { entries } = mergeListings([
    named('one', 'folders', await mine('one')),
    named('two', 'folders', await mine('two')),
  ])
  expect(new Set(entries.map(({ speakerId }) => speakerId))).toEqual(new Set(['one/a', 'two/a']))
})

test('two tables of one folder have the same speakers, and so have corpora whose people the settings name', async () => {
  const mine = (name: string, speaker = 'a') =>
    listingOf('folders', [`happy/${speaker}_1.wav`, `sad/${speaker}_1.wav`], {
      speaker: '^([^_]+)_',
      name,
    })
  const [one, two] = [await mine('one'), await mine('two')]
  const speakersOf = (...listings: readonly NamedListing[]) =>
    new Set(mergeListings(listings).entries.map(({ speakerId }) => speakerId))
  const inFolder = (root: string, people?: string) => ({ root, people })
  const [first, second] = [named('one', 'folders', one), named('two', 'folders', two)]
  const shared = [
    { ...first, ...inFolder('/x') },
    { ...second, ...inFolder('/x') },
  ]
  expect(speakersOf(...shared)).toEqual(new Set(['one/a']))
  expect(namesakes(shared)).toEqual([])
  const told = [
    { ...first, ...inFolder('/x', 'us') },
    { ...second, ...inFolder('/y', 'us') },
  ]
  expect(speakersOf(...told)).toEqual(new Set(['us/a']))
  expect(namesakes(told)).toEqual([])
  const apart = [
    { ...first, ...inFolder('/x') },
    { ...second, ...inFolder('/y') },
  ]
  expect(namesakes(apart)).toEqual([{ corpora: ['one', 'two'], speakerIds: ['a'] }])
  expect(namesakes([first, named('german', 'emodb', two)])).toEqual([])
  const capital = { ...named('two', 'folders', await mine('two', 'A')), ...inFolder('/x') }
  expect(() => mergeListings([shared[0]!, capital])).toThrow(
    'the speakers "one/a" (one/happy/a_1.wav) and "one/A" (two/happy/A_1.wav) look like one',
  )
})

test('corpora of other classes, or of one name, do not go together', async () => {
  const [eight, four] = [await list({}), await list({ labels: 'four' })]
  expect(() => mergeListings([named('a', 'ravdess', eight), named('b', 'ravdess', four)])).toThrow(
    'corpora: their classes differ: a has neutral, calm, happy, sad, angry, fearful, disgust, surprised; b has neutral, happy, sad, angry.',
  )
  expect(() => mergeListings([named('a', 'ravdess', four), named('a', 'emodb', four)])).toThrow(
    'corpora: two are named "a"; give one another name',
  )
})

test('a label that no table of results can hold is an error that names its file', async () => {
  const table = 'file,label,speaker\na.wav,__proto__,1\nb.wav,sad,2\n'
  const listing = listingOf('table', { 'a.wav': '', 'b.wav': '', 'labels.csv': table })
  await expect(listing).rejects.toThrow(InputError)
  await expect(listing).rejects.toThrow('table: "a.wav" has the label "__proto__", which no table')
})
