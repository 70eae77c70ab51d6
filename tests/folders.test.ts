import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeWav, encodeWav, resample, sampleClip } from '@serflow/ingest'
import { expect, test } from 'vitest'
import { addRecordings, clip, emptyWorkspace, type Workspace } from './serflow.fixture.js'

type Files = Parameters<typeof addRecordings>[1]

/** Runs the pipeline over a folder with these files; no stack trace may show, however it ends. */
async function runOver(files: Files, ...args: readonly string[]) {
  const workspace = await emptyWorkspace()
  await addRecordings(workspace, files)
  const outcome = await workspace.run(...args)
  expect(outcome.stderr).not.toMatch(/^\s+at /m)
  return { workspace, ...outcome }
}

/** Synthetic speech under these names, each in its actor's folder. */
function recordings(...names: readonly string[]): Files {
  return Object.fromEntries(
    names.map((name) => [`Actor_${name.slice(-2)}/03-01-${name}.wav`, null]),
  )
}

async function truths(workspace: Workspace): Promise<Readonly<Record<string, string>>> {
  const rows = await workspace.predictions()
  return Object.fromEntries(rows.map((row) => [row.utteranceId, row.truth]))
}

const codes = ['01', '02', '03', '04', '05', '06', '07', '08']

test('the eight codes of RAVDESS are its eight emotions, odd actors men and even ones women', async () => {
  const names = ['01', '02'].flatMap((actor) => codes.map((code) => `${code}-01-01-01-${actor}`))
  const { workspace, status } = await runOver(recordings(...names))
  expect(status).toBe(0)
  const report = await workspace.report()
  expect(report.classes).toEqual([
    'neutral',
    'calm',
    'happy',
    'sad',
    'angry',
    'fearful',
    'disgust',
    'surprised',
  ])
  const told = await truths(workspace)
  codes.forEach((code, index) => {
    for (const actor of ['01', '02']) {
      expect(told[`03-01-${code}-01-01-01-${actor}`]).toBe(report.classes[index])
    }
  })
  expect(report.confusion.map((row) => row.reduce((a, b) => a + b, 0))).toEqual(codes.map(() => 2))
  expect(report.perSpeaker.map(({ speakerId, gender }) => [speakerId, gender])).toEqual([
    ['01', 'male'],
    ['02', 'female'],
  ])
})

test('a folder that holds the whole set again has each recording once, and a warning', async () => {
  const names = ['01', '02'].flatMap((actor) =>
    ['01', '03', '05', '06'].map((code) => `${code}-01-02-01-${actor}`),
  )
  const once = recordings(...names)
  const again = Object.entries(once).map(([path]) => [
    `audio_speech_actors_01-24/${path}`,
    clip(path),
  ])
  const { workspace, status, stderr } = await runOver({ ...once, ...Object.fromEntries(again) })
  expect(status).toBe(0)
  const report = await workspace.report()
  expect(report).toMatchObject({ utterances: 8, speakers: 2 })
  expect(report.skipped.map((file) => file.status)).toEqual(Array(8).fill('duplicate'))
  expect(report.skipped[0]!.note).toMatch(/^a copy of /)
  expect(stderr).toMatch(/warning: 8 files are copies of used ones and were left out/)
})

test('what systems leave lying in data folders is no recording and no fault', async () => {
  const names = ['01', '02'].flatMap((actor) =>
    ['03', '04', '05'].map((code) => `${code}-01-01-02-${actor}`),
  )
  const files = recordings(...names)
  const appleDouble = Uint8Array.from([0, 5, 22, 7, 0, 2, 0, 0, ...Buffer.from('Mac OS X')])
  const forks = Object.keys(files).flatMap((path) => [
    [path.replace('/', '/._'), appleDouble],
    [`__MACOSX/${path.replace('/', '/._')}`, appleDouble],
  ])
  const { workspace, status } = await runOver({
    ...files,
    ...Object.fromEntries(forks),
    '.DS_Store': 'Bud1',
    'Actor_01/.DS_Store': 'Bud1',
    'Actor_01/Thumbs.db': Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0]),
    'Actor_01/desktop.ini': '[.ShellClassInfo]\r\n',
  })
  expect(status).toBe(0)
  expect(await workspace.report()).toMatchObject({ utterances: 6, skipped: [] })
})

test('song, sound tracks and videos beside the speech are skipped and counted', async () => {
  const names = ['03-02-01-01-01', '04-02-01-01-01', '03-02-01-01-02', '04-02-01-01-02']
  const { workspace, status, stderr } = await runOver({
    ...recordings(...names),
    'Actor_01/03-02-03-02-01-01-01.wav': null,
    'Actor_01/03-02-04-02-01-01-01.wav': null,
    'Actor_01/01-01-03-02-01-01-01.wav': clip('03-01-03-02-01-01-01.wav'),
    'Actor_01/02-01-03-02-01-01-01.mp4': '\0\0\0\u0018ftypmp42',
  })
  expect(status).toBe(0)
  const report = await workspace.report()
  expect(report).toMatchObject({ utterances: 4, speakers: 2 })
  expect(report.skipped).toEqual([
    { file: 'Actor_01/01-01-03-02-01-01-01.wav', status: 'skipped', note: 'audio-video' },
    { file: 'Actor_01/02-01-03-02-01-01-01.mp4', status: 'skipped', note: 'video' },
    { file: 'Actor_01/03-02-03-02-01-01-01.wav', status: 'skipped', note: 'song' },
    { file: 'Actor_01/03-02-04-02-01-01-01.wav', status: 'skipped', note: 'song' },
  ])
  expect(stderr).toMatch(
    /warning: 4 files or utterances were skipped: song \(2\), audio-video \(1\), video \(1\)/,
  )
  expect(Object.values(await truths(workspace)).sort()).toEqual(['happy', 'happy', 'sad', 'sad'])
})

test('names outside the scheme are rejected with a reason each; the speaker is in the name', async () => {
  const sound = clip('03-01-03-01-01-01-01.wav')
  const { workspace, status, stderr } = await runOver({
    'Actor_01/03-01-03-01-01-01-01.wav': null,
    'Actor_01/03-01-04-01-01-01-02.wav': null,
    'Actor_01/03-01-03-01-01-01-01 (1).wav': sound,
    'Actor_01/03-01-09-01-01-01-01.wav': sound,
    'Actor_01/03-01-03-01-01-01-25.wav': sound,
    'Actor_01/03-01-03-01-01-01.wav': sound,
    'Actor_01/03-01-00-01-01-01-01.wav': sound,
  })
  expect(status).toBe(0)
  const report = await workspace.report()
  expect(report).toMatchObject({ utterances: 2, speakers: 2 })
  expect(report.perSpeaker.map(({ speakerId }) => speakerId)).toEqual(['01', '02'])
  expect(report.skipped.map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
  for (const { note } of report.skipped) expect(note).toBeTruthy()
  expect(stderr).toMatch(/warning: 5 files do not follow the corpus's naming/)
  expect(stderr).toMatch(/its name says actor 02/)
})

test('blanks and letters outside ASCII in the path go through every stage to the report', async () => {
  const deep = 'Größe Ω データ'.normalize('NFC')
  const names = ['03', '04'].flatMap((actor) =>
    ['05', '06'].map((code) => `${code}-01-01-01-${actor}`),
  )
  const files = Object.entries(recordings(...names)).map(([path, content]) => [
    `${deep}/${path}`,
    content,
  ])
  const { workspace, status } = await runOver({
    ...Object.fromEntries(files),
    [`${deep}/Actor_03/naïve – notes.wav`]: 'none',
  })
  expect(status).toBe(0)
  const report = await workspace.report()
  expect(report.utterances).toBe(4)
  expect(report.skipped[0]!.file).toBe(`${deep}/Actor_03/naïve – notes.wav`)
  expect((await workspace.result('report.html')).toString()).toContain(deep)
})

test('one file of ten that is text is named; the other nine are done; the status says so', async () => {
  const names = ['01', '02'].flatMap((actor) =>
    codes.slice(0, 5).map((code) => `${code}-01-01-01-${actor}`),
  )
  const text = 'Actor_02/03-01-05-01-01-01-02.wav'
  const files = { ...recordings(...names), [text]: 'This is a shopping list.\n' }
  const { workspace, status, summary, stderr } = await runOver(files)
  expect(status).toBe(1)
  expect(summary).toMatchObject({ failed: 0 })
  const report = await workspace.report()
  expect(report.utterances).toBe(9)
  expect(report.skipped).toEqual([
    { file: text, status: 'unreadable', note: expect.stringContaining('not sound') },
  ])
  expect(stderr).toMatch(
    /error: 1 of 10 files could not be read and is left out \(the report lists them\)/,
  )
  const ingested = await workspace.run('ingest')
  expect(ingested.status).toBe(1)
  expect(ingested.stderr).toMatch(/warning: .*not sound[^]*error: 1 of 10 files could not be read/)
  // Asked for, it is no failure; and nothing runs again for that.
  const allowed = await workspace.run('--set', 'corpus.allowUnreadable=true')
  expect(allowed).toMatchObject({ status: 0, summary: { executed: 0 } })
})

test('a folder without sound is an error at once', async () => {
  const { status, stderr, executed } = await runOver({ 'readme.txt': 'nothing yet' })
  expect(status).toBe(2)
  expect(executed).toEqual([])
  expect(stderr).toMatch(
    /^.*raw\/ravdess: there are no recordings of RAVDESS.*"serflow fetch ravdess".*\n$/,
  )
})

test('a folder in which no recording can be read is an error that says what is there', async () => {
  const names = ['01', '02'].map((actor) => `Actor_${actor}/03-01-03-01-01-01-${actor}.wav`)
  const { status, stderr } = await runOver(Object.fromEntries(names.map((name) => [name, ''])))
  expect(status).toBe(1)
  expect(stderr).toMatch(/^corpus: failed: the corpus folder holds no utterance.*2 unreadable/m)
})

test('one speaker alone cannot be tested on others, and is told so before anything runs', async () => {
  const { status, stderr, executed } = await runOver(recordings('03-01-01-01-01'))
  expect(status).toBe(2)
  expect(executed).toEqual([])
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})

test('a folder that is none, and a file in its place, are errors of one line', async () => {
  const workspace = await emptyWorkspace()
  const missing = await workspace.run('--set', 'corpus.directory=nowhere')
  expect(missing).toMatchObject({ status: 2 })
  expect(missing.stderr).toContain(`${join(workspace.folder, 'nowhere')}: there is no such folder;`)
  await addRecordings(workspace, { 'a.txt': 'x' })
  const file = await workspace.run('--set', 'corpus.directory=raw/ravdess/a.txt')
  expect(file).toMatchObject({ status: 2 })
  expect(file.stderr).toMatch(/a\.txt: is a file, expected the folder of the recordings\n$/)
  await mkdir(join(workspace.folder, 'empty'))
  const empty = await workspace.run('--set', 'corpus.directory=empty')
  expect(empty).toMatchObject({ status: 2 })
  expect(empty.stderr).toMatch(/found no sound file/)
})

/** A clip of the sample corpus as other people pass it on: softer, by telephone, a little later. */
function passedOn(name: string): Uint8Array {
  const { audio } = decodeWav(sampleClip(name), name)
  const late = new Float32Array(100 + audio.samples.length)
  late.set(
    audio.samples.map((x) => x / 3),
    100,
  )
  return encodeWav(resample({ ...audio, samples: late }, 8000))
}

test('a recording that is there again in another form stops the run where folds would divide the two', async () => {
  const own = recordings(
    ...['01', '02'].flatMap((actor) =>
      ['03', '04', '05'].map((code) => `${code}-01-01-01-${actor}`),
    ),
  )
  const copied = { 'Actor_02/03-01-03-01-02-01-02.wav': passedOn('03-01-03-01-01-01-01') }
  const { workspace, status, stderr } = await runOver({ ...own, ...copied })
  expect(status).toBe(1)
  expect(stderr).toContain(
    '"Actor_01/03-01-03-01-01-01-01.wav" and "Actor_02/03-01-03-01-02-01-02.wav" are the same recording, or most of it, the ' +
      'one in test, the other in training of fold 0; keep one of them',
  )
  const noted = await workspace.run('--set', 'ingest.corpus.sameRecording=note')
  expect(noted.status).toBe(0)
  expect(noted.stderr).toMatch(/the same recording as Actor_02\/03-01-03-01-02-01-02.wav/)
})
