import { InputError, soundOf } from '@serflow/core'
import { expect, test } from 'vitest'
import { corpusConfig, type CorpusConfig } from '../config.js'
import { fingerprint, fingerprintText } from '../fingerprint.js'
import { resample } from '../resample.js'
import { sampleClip } from '../sample/sample-corpus.js'
import { decodeWav } from '../wav.js'
import { corpusStage } from './corpus.js'
import { context, utterance } from './stage.fixture.js'

/** Fingerprints of three recordings, the second of which is the first, half as loud and at another rate. */
const [original, copy, other] = (() => {
  const first = decodeWav(sampleClip('03-01-05-01-01-01-01'), 'x').audio
  const second = resample({ ...first, samples: first.samples.map((x) => x / 2) }, 11025)
  const third = decodeWav(sampleClip('03-01-05-01-01-01-02'), 'x').audio
  return [first, second, third].map((audio) => ({
    fingerprint: fingerprintText(fingerprint(audio)!),
  }))
})()

const run = async (
  manifests: Parameters<typeof corpusStage.run>[0]['manifests'],
  others: Parameters<typeof corpusStage.run>[0]['others'] = [],
  config: Partial<CorpusConfig> = {},
) => corpusStage.run({ manifests, others }, corpusConfig.parse(config), context)

test('rows of all speakers and other files stand in the order of their paths', async () => {
  const first = utterance('01', 'happy')
  const second = utterance('02', 'sad')
  const rows = await run(
    [[second], [first]],
    [
      { file: 'notes.txt', status: 'skipped', note: 'not a sound file' },
      { file: 'Actor_01/x.wav', status: 'rejected', note: 'the name has 1 fields' },
    ],
  )
  expect(rows.map(({ file, status }) => [file, status])).toEqual([
    [first.file, 'used'],
    ['Actor_01/x.wav', 'rejected'],
    [second.file, 'used'],
    ['notes.txt', 'skipped'],
  ])
  expect(rows[3]).toMatchObject({ utteranceId: null, speakerId: null, note: 'not a sound file' })
})

test('one sound under two speakers is an error that names both files', async () => {
  const both = [
    utterance('01', 'happy', { samplesDigest: 'x' }),
    utterance('02', 'happy', { samplesDigest: 'x' }),
  ]
  const result = run(both.map((row) => [row]))
  await expect(result).rejects.toThrow(InputError)
  await expect(result).rejects.toThrow(
    /"Actor_01\/01-happy.wav" \(speaker 01\) and "Actor_02\/02-happy.wav" \(speaker 02\) are the same sound/,
  )
})

test('one name under two speakers is an error that names both files', async () => {
  const both = [
    utterance('01', 'happy', { utteranceId: 'x' }),
    utterance('02', 'happy', { utteranceId: 'x' }),
  ]
  await expect(run(both.map((row) => [row]))).rejects.toThrow(/have the same name/)
})

test('unread files and a speaker’s own repeats are no leak', async () => {
  const unread = { status: 'unreadable', samplesDigest: null } as const
  const rows = await run([
    [utterance('01', 'happy'), utterance('01', 'sad', { samplesDigest: 'samples 01-happy' })],
    [utterance('02', 'happy', unread), utterance('02', 'sad', unread)],
  ])
  expect(rows).toHaveLength(4)
  expect(rows.map(({ sameSoundAs }) => sameSoundAs)).toEqual([null, '01-happy', null, null])
})

test('silences under two speakers are no leak', async () => {
  const silent = { samplesDigest: null, fingerprint: null }
  const rows = await run([[utterance('01', 'happy', silent)], [utterance('02', 'sad', silent)]])
  expect(rows.map(({ sameSoundAs }) => sameSoundAs)).toEqual([null, null])
})

test('a folder without an utterance is an error that says what is there', async () => {
  await expect(run([])).rejects.toThrow(/holds no utterance that can be used: 0 files; put/)
  const row = utterance('01', 'happy', { status: 'unreadable', note: 'it is text' })
  const result = run([[row]], [{ file: 'a.txt', status: 'skipped', note: 'not a sound file' }])
  await expect(result).rejects.toThrow(InputError)
  await expect(result).rejects.toThrow(
    /2 files \(1 unreadable, 1 skipped\), the first is "Actor_01\/01-happy.wav": it is text/,
  )
})

test('one recording in two forms under two speakers is an error that names both files and the way out', async () => {
  const manifests = [
    [utterance('01', 'happy', original)],
    [utterance('02', 'happy', copy), utterance('02', 'sad', other)],
  ]
  const result = run(manifests)
  await expect(result).rejects.toThrow(InputError)
  await expect(result).rejects.toThrow(
    '"Actor_01/01-happy.wav" (speaker 01) and "Actor_02/02-happy.wav" (speaker 02) are the same recording, at another ' +
      'level, rate or coding; a speaker would be trained and tested on: keep one of them, or, if they are two ' +
      'recordings after all, set ingest.corpus.sameRecording to note',
  )
  const rows = await run(manifests, [], { sameRecording: 'note' })
  expect(
    rows.map(({ sameSoundAs, note, fingerprint }) => [sameSoundAs, note, fingerprint]),
  ).toEqual([
    [null, 'the same recording as Actor_02/02-happy.wav', null],
    [null, 'the same recording as Actor_01/01-happy.wav', null],
    [null, null, null],
  ])
})

test('one recording in two forms with two labels is an error that names both', async () => {
  const result = run([[utterance('01', 'happy', original), utterance('01', 'sad', copy)]])
  await expect(result).rejects.toThrow(InputError)
  await expect(result).rejects.toThrow(
    /"Actor_01\/01-happy.wav" \(happy\) and "Actor_01\/01-sad.wav" \(sad\) are the same recording.*two labels/,
  )
})

test('one recording in three forms of one speaker and label is noted and told as one sound', async () => {
  const again = { utteranceId: 'again', file: 'Actor_01/again.wav' }
  const third = { utteranceId: 'third', file: 'Actor_01/third.wav', samplesDigest: 'samples again' }
  const rows = await run([
    [
      utterance('01', 'happy', original),
      utterance('01', 'happy', { ...copy, ...again, samplesDigest: 'samples again' }),
      utterance('01', 'happy', { ...copy, ...third }),
      utterance('01', 'sad', other),
    ],
  ])
  expect(rows.map(({ file, sameSoundAs }) => [file, sameSoundAs])).toEqual([
    ['Actor_01/01-happy.wav', null],
    ['Actor_01/01-sad.wav', null],
    ['Actor_01/again.wav', '01-happy'],
    ['Actor_01/third.wav', '01-happy'],
  ])
  expect(new Set(rows.map(soundOf)).size).toBe(2)
  expect(rows[0]!.note).toBe(
    'the same recording as Actor_01/again.wav; the same recording as Actor_01/third.wav',
  )
})
