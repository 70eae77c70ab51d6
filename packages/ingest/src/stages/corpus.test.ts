import { InputError, soundOf } from '@serflow/core'
import { expect, test } from 'vitest'
import { corpusConfig, type CorpusConfig } from '../config.js'
import { fingerprint, fingerprintText } from '../fingerprint.js'
import { resample } from '../resample.js'
import { sampleClip } from '../sample/sample-corpus.js'
import { decodeWav } from '../wav.js'
import { corpusStage } from './corpus.js'
import { context, utterance } from './stage.fixture.js'

/** Fingerprints of recordings: the second is the first, half as loud and at another rate, and the last a part of it. */
const [original, copy, other, excerpt, long] = (() => {
  const first = decodeWav(sampleClip('03-01-05-01-01-01-01'), 'x').audio
  const second = resample({ ...first, samples: first.samples.map((x) => x / 2) }, 11025)
  const third = decodeWav(sampleClip('03-01-05-01-01-01-02'), 'x').audio
  const part = { ...first, samples: first.samples.subarray(0, 23000) }
  const whole = [third, first, third, third].flatMap(({ samples }) => [...samples])
  const long = { ...first, samples: Float32Array.from(whole) }
  return [first, second, third, part, long].map((audio) => ({
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

test('one recording in two forms under two speakers is told as one sound, and by a setting only noted', async () => {
  const manifests = [
    [utterance('01', 'happy', original)],
    [utterance('02', 'happy', copy), utterance('02', 'sad', other)],
  ]
  const rows = await run(manifests)
  expect(
    rows.map(({ sameSoundAs, note, fingerprint }) => [sameSoundAs, note, fingerprint]),
  ).toEqual([
    [null, 'the same recording as Actor_02/02-happy.wav', null],
    ['01-happy', 'the same recording as Actor_01/01-happy.wav', null],
    [null, null, null],
  ])
  const noted = await run(manifests, [], { sameRecording: 'note' })
  expect(noted).toEqual(rows.map((row) => ({ ...row, sameSoundAs: null })))
})

test('an excerpt is noted', async () => {
  const rows = await run([[utterance('01', 'happy', long)], [utterance('02', 'happy', excerpt)]])
  expect(rows.map(({ sameSoundAs, note }) => [sameSoundAs, note])).toEqual([
    [null, 'a part of it sounds as Actor_02/02-happy.wav'],
    [null, 'a part of it sounds as Actor_01/01-happy.wav'],
  ])
})

/** A stretch of one file. */
const stretch = (speaker: string, startSeconds: number, durationSeconds: number, corpus = 'made') =>
  utterance(speaker, 'happy', {
    utteranceId: `${corpus} ${speaker} ${startSeconds}`,
    file: `${corpus}.wav`,
    fileDigest: 'one file',
    samplesDigest: `${startSeconds} ${durationSeconds}`,
    startSeconds,
    durationSeconds,
    corpus,
  })

test('stretches of one file that are mostly one are one sound; a turn within another one’s is noted', async () => {
  const rows = await run([
    [stretch('01', 0, 1), stretch('01', 10, 4), stretch('01', 20, 2)],
    [stretch('02', 0.01, 0.98), stretch('02', 12, 0.5), stretch('02', 21.95, 2)],
  ])
  expect(
    rows.map(({ startSeconds, sameSoundAs, note }) => [startSeconds, sameSoundAs, note]),
  ).toEqual([
    [0, null, 'the same recording as made.wav from 0.01 s'],
    [0.01, 'made 01 0', 'the same recording as made.wav from 0 s'],
    [10, null, '0.5 s of it are in made.wav from 12 s as well'],
    [12, null, '0.5 s of it are in made.wav from 10 s as well'],
    [20, null, null],
    [21.95, null, null],
  ])
})

test('of two corpora over one file, a part is the sound of the whole', async () => {
  const rows = await run([[stretch('01', 0, 10, 'a')], [stretch('02', 3, 1, 'b')]])
  expect(rows.map(({ sameSoundAs }) => sameSoundAs)).toEqual([null, 'a 01 0'])
})

test('overlapping stretches of one speaker with two labels are an error', async () => {
  const result = run([[stretch('01', 0, 1), { ...stretch('01', 0.1, 1), emotion: 'sad' }]])
  await expect(result).rejects.toThrow(InputError)
  await expect(result).rejects.toThrow(
    '"made.wav from 0 s" (happy) and "made.wav from 0.1 s" (sad) are the same recording, or most of it, with two labels; ' +
      'find out which is right and leave the other out, or, if they are two recordings after all, set ' +
      'ingest.corpus.sameRecording to note',
  )
})

test('one recording in two forms with two labels is an error that names both', async () => {
  const result = run([[utterance('01', 'happy', original), utterance('01', 'sad', copy)]])
  await expect(result).rejects.toThrow(InputError)
  await expect(result).rejects.toThrow(
    /"Actor_01\/01-happy.wav" \(happy\) and "Actor_01\/01-sad.wav" \(sad\) are the same recording.*two labels/,
  )
})

test('one recording in three forms of one speaker and label is noted and told as one sound', async () => {
  const again = { utteranceId: 'again', file: 'Actor_01/again.wav', fileDigest: 'again' }
  const third = {
    utteranceId: 'third',
    file: 'Actor_01/third.wav',
    fileDigest: 'third',
    samplesDigest: 'samples again',
  }
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
