import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '@serflow/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { corpora } from './index.js'
import { listingOf } from './listing.fixture.js'

const { ravdess, sample } = corpora
const listOf = (paths: readonly string[], settings: object = {}) =>
  listingOf('ravdess', paths, settings)
const actor = (name: string) => `Actor_${name.slice(18, 20)}/${name}`
const reasonOf = async (path: string) => {
  const { entries, others } = await listOf([path])
  expect(entries).toEqual([])
  expect(others[0]).toMatchObject({ file: path, status: 'rejected' })
  return others[0]!.note
}

test('a name gives all that is known of an utterance', async () => {
  const { entries, others } = await listOf(['Actor_12/03-01-05-02-01-02-12.wav'])
  expect(others).toEqual([])
  expect(entries).toEqual([
    {
      corpus: 'ravdess',
      startSeconds: null,
      endSeconds: null,
      labelShares: null,
      session: null,
      split: null,
      attributes: '{"channel":"speech","repetition":"02"}',
      utteranceId: '03-01-05-02-01-02-12',
      file: 'Actor_12/03-01-05-02-01-02-12.wav',
      fileDigest: sha256('Actor_12/03-01-05-02-01-02-12.wav'),
      speakerId: '12',
      gender: 'female',
      emotion: 'angry',
      sentence: '01',
      intensity: 'strong',
      note: null,
    },
  ])
})

test('the eight codes are neutral, calm, happy, sad, angry, fearful, disgust, surprised; odd actors are men', async () => {
  const names = ['01', '02'].flatMap((speaker) =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((code) => actor(`03-01-0${code}-01-01-01-${speaker}.wav`)),
  )
  const { entries } = await listOf(names)
  const emotions = ['neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgust', 'surprised']
  expect(entries.map(({ emotion }) => emotion)).toEqual([...emotions, ...emotions])
  expect((await listOf(names)).classes).toEqual(emotions)
  expect(new Set(entries.map(({ speakerId, gender }) => `${speakerId} ${gender}`))).toEqual(
    new Set(['01 male', '02 female']),
  )
})

test('the same names in an inner folder are two entries of one utterance', async () => {
  const names = ['03-01-01-01-02-01-01.wav', '03-01-03-01-02-01-02.wav'].map(actor)
  const { entries } = await listOf([
    ...names.map((name) => `audio_speech_actors_01-24/${name}`),
    ...names,
  ])
  expect(entries.map(({ file }) => file)).toEqual([
    ...names,
    ...names.map((name) => `audio_speech_actors_01-24/${name}`),
  ])
  expect(new Set(entries.map(({ utteranceId }) => utteranceId)).size).toBe(2)
  expect(entries.every(({ note }) => note === null)).toBe(true)
})

test('what systems leave lying about is passed over without a word', async () => {
  const names = [3, 4, 5].map((code) => actor(`03-01-0${code}-01-01-02-01.wav`))
  const litter = [
    ...names.map((name) => name.replace('/', '/._')),
    ...names.map((name) => `__MACOSX/${name.replace('/', '/._')}`),
    '.DS_Store',
    'Actor_01/.DS_Store',
    'Actor_01/Thumbs.db',
    'Actor_01/desktop.ini',
    `.trash/${names[0]}`,
    '@eaDir/SYNO.wav',
  ]
  expect(await listOf([...litter, ...names])).toEqual(await listOf(names))
  expect((await listOf(names)).entries).toHaveLength(3)
})

test('song, sound tracks of videos, videos and other files are skipped by kind', async () => {
  const { entries, others } = await listOf([
    'Actor_01/03-01-03-02-01-01-01.wav',
    'Actor_01/03-01-04-02-01-01-01.WAV',
    'Actor_01/03-02-03-02-01-01-01.wav',
    'Actor_01/03-02-04-02-01-01-01.wav',
    'Actor_01/01-01-03-02-01-01-01.wav',
    'Actor_01/02-01-03-02-01-01-01.mp4',
    'README.txt',
    'Actor_01/03-01-03-02-01-01-01.txt',
    'noending',
  ])
  expect(entries.map(({ emotion }) => emotion)).toEqual(['happy', 'sad'])
  const tally = new Map<string, number>()
  for (const { status, note } of others) {
    expect(status).toBe('skipped')
    tally.set(note, (tally.get(note) ?? 0) + 1)
  }
  expect(Object.fromEntries(tally)).toEqual({
    song: 2,
    'audio-video': 1,
    video: 1,
    'not a sound file': 3,
  })
})

describe('a name outside the scheme is rejected with a reason', () => {
  test.each([
    ['Actor_01/03-01-09-01-01-01-01.wav', 'emotion is "09", expected 01 to 08'],
    ['Actor_01/03-01-00-01-01-01-01.wav', 'emotion is "00", expected 01 to 08'],
    ['Actor_01/03-01-03-01-01-01-25.wav', 'actor is "25", expected 01 to 24'],
    ['Actor_01/04-01-03-01-01-01-01.wav', 'modality is "04", expected 01 to 03'],
    ['Actor_01/03-03-03-01-01-01-01.wav', 'vocal channel is "03", expected 01 to 02'],
    ['Actor_01/03-01-03-03-01-01-01.wav', 'intensity is "03", expected 01 to 02'],
    ['Actor_01/03-01-03-01-3-01-01.wav', 'statement is "3", expected 01 to 02'],
    ['Actor_01/03-01-03-01-01-0x-01.wav', 'repetition is "0x", expected 01 to 02'],
    ['Actor_01/03-01-01-02-01-01-01.wav', 'neutral is never of strong intensity (02)'],
    [
      'Actor_01/03-01-03-01-01-01.wav',
      'the name has 6 fields, expected 7 as in 03-01-05-01-02-01-12.wav',
    ],
    ['take.wav', 'the name has 1 fields, expected 7 as in 03-01-05-01-02-01-12.wav'],
  ])('%s: %s', async (path, reason) => {
    expect(await reasonOf(path)).toBe(reason)
  })

  test('copies that a browser or a desktop makes', async () => {
    expect(await reasonOf('Actor_01/03-01-03-01-01-01-01 (1).wav')).toMatch(/second copy/)
    expect(await reasonOf('Actor_01/03-01-03-01-01-01-01 - Copy.wav')).toMatch(/second copy/)
  })
})

test('the speaker is in the name; a file in the folder of another actor is used with a note', async () => {
  const { entries } = await listOf([
    'Actor_01/03-01-04-01-01-01-02.wav',
    '03-01-04-01-01-01-03.wav',
  ])
  expect(entries.map(({ speakerId, note }) => [speakerId, note])).toEqual([
    ['03', null],
    ['02', 'lies in the folder of actor 01, but its name says actor 02'],
  ])
})

test('blanks and letters outside ASCII may stand in the path', async () => {
  const paths = ['03-01-05-01-01-01-03.wav', '03-01-06-01-01-01-03.wav'].map(
    (name) => `Größe Ω データ/${actor(name)}`,
  )
  expect((await listOf(paths)).entries.map(({ file, emotion }) => [file, emotion])).toEqual([
    [paths[0], 'angry'],
    [paths[1], 'fearful'],
  ])
})

test('the order of the files does not matter, and none is lost', async () => {
  const code = fc.integer({ min: 0, max: 9 }).map((number) => `0${number}`)
  const name = fc
    .tuple(fc.constantFrom('01', '03'), fc.constantFrom('01', '02'), code, code, code, code, code)
    .map((parts) => `Actor_01/${parts.join('-')}.wav`)
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { maxLength: 30 }), async (paths) => {
      const { entries, others } = await listOf(paths)
      expect(entries.length + others.length).toBe(paths.length)
      expect(await listOf([...paths].reverse())).toMatchObject({ entries, others })
    }),
  )
})

test('the published folds hold each of the 24 actors once', async () => {
  const everybody = Array.from({ length: 24 }, (_, i) => String(i + 1).padStart(2, '0'))
  for (const list of Object.values(ravdess.foldLists)) expect(list.flat().sort()).toEqual(everybody)
  expect(Object.keys(ravdess.foldLists)).toEqual(['emobox-6', 'luna-5'])
})

test('only the sample corpus is synthetic, and it has the classes of RAVDESS', async () => {
  const synthetic = Object.values(corpora).filter((each) => each.synthetic)
  expect(synthetic).toEqual([sample])
  expect((await listingOf('sample', [])).classes).toEqual((await listOf([])).classes)
})

test('all of RAVDESS speech is listed: 1440 utterances', async () => {
  const root = process.env.SERFLOW_RAVDESS
  if (!root) {
    console.log('SERFLOW_RAVDESS is not set: the listing of real recordings is not checked')
    return
  }
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.\w+$/.test(path),
  )
  const { classes, entries } = await listOf(paths.map((path) => join(path).replaceAll('\\', '/')))
  expect(entries).toHaveLength(1440)
  for (const emotion of classes) {
    expect(entries.filter((entry) => entry.emotion === emotion)).toHaveLength(
      emotion === 'neutral' ? 96 : 192,
    )
  }
  for (let speaker = 1; speaker <= 24; speaker++) {
    const id = String(speaker).padStart(2, '0')
    expect(entries.filter(({ speakerId }) => speakerId === id)).toHaveLength(60)
  }
})
