import { InputError } from '@serflow/core'
import { expect, test } from 'vitest'
import { corpusStage } from './corpus.js'
import { context, utterance } from './stage.fixture.js'

const run = async (
  manifests: Parameters<typeof corpusStage.run>[0]['manifests'],
  others: Parameters<typeof corpusStage.run>[0]['others'] = [],
) => corpusStage.run({ manifests, others }, {}, context)

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
