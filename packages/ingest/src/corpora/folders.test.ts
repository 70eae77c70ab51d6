import { expect, test } from 'vitest'
import { corpusSettings } from './index.js'
import { listingOf } from './listing.fixture.js'

const speaker = '^([^_]+)_'

test('the folder is the label, the pattern finds the speaker in the name', async () => {
  const { classes, entries, others } = await listingOf(
    'folders',
    [
      'sad/anna_1.wav',
      'happy/anna_1.wav',
      'set/happy/bert_2.mp3',
      'happy/3.wav',
      'anna_4.wav',
      'happy/list.txt',
    ],
    { speaker },
  )
  expect(classes).toEqual(['happy', 'sad'])
  expect(
    entries.map(({ utteranceId, emotion, speakerId }) => `${utteranceId} ${emotion} ${speakerId}`),
  ).toEqual(['happy/anna_1 happy anna', 'sad/anna_1 sad anna', 'bert_2 happy bert'])
  expect(others).toEqual([
    { file: 'anna_4.wav', status: 'rejected', note: 'lies in no folder that names its label' },
    { file: 'happy/3.wav', status: 'rejected', note: 'corpus.speaker does not fit its name' },
    { file: 'happy/list.txt', status: 'skipped', note: 'not a sound file' },
  ])
})

test('patterns with a slash look at the path, for the label as well', async () => {
  const { entries } = await listingOf('folders', ['anna/x/happy-1.wav', 'bert/x/sad-1.wav'], {
    speaker: '^([^/]+)/',
    label: '/([a-z]+)-\\d+\\.wav$',
  })
  expect(entries.map(({ emotion, speakerId }) => `${emotion} ${speakerId}`)).toEqual([
    'happy anna',
    'sad bert',
  ])
})

test('a group that a name does not have is no speaker, though the rest of the pattern fits', async () => {
  const paths = ['happy/s1_a.wav', 'sad/s2_b.wav', 'sad/c.wav']
  const speaker = '^(?:s(\\d)_)?\\w+$'
  const { entries, others } = await listingOf('folders', paths, { speaker })
  expect(entries.map(({ speakerId }) => speakerId)).toEqual(['1', '2'])
  expect(others).toEqual([
    { file: 'sad/c.wav', status: 'rejected', note: 'corpus.speaker does not fit its name' },
  ])
})

test('without a pattern speakers are unknown, which needs to be said', async () => {
  const paths = ['happy/1.wav', 'sad/1.wav']
  await expect(listingOf('folders', paths)).rejects.toThrow(
    /"happy\/1.wav" and 1 more is not known/,
  )
  const { entries } = await listingOf('folders', paths, { speakers: 'unknown' })
  expect(entries.every(({ speakerId }) => speakerId.startsWith('unknown-'))).toBe(true)
})

test('a pattern that is none is refused by the settings', () => {
  expect(corpusSettings.safeParse({ kind: 'folders', speaker: '([' }).error?.issues).toMatchObject([
    { path: ['speaker'], message: 'expected a regular expression' },
  ])
})
