import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeWav } from '@serflow/ingest'
import { beforeAll, expect, test } from 'vitest'
import { measureAll } from '../pipelines/src/inspect/measure.js'
import {
  fileInspectionSchema,
  folderInspectionSchema,
  type FolderInspection,
} from '../pipelines/src/inspect/schema.js'
import {
  addRecordings,
  projectRoot,
  sampleWorkspace,
  serflow,
  type Workspace,
} from './serflow.fixture.js'

let workspace: Workspace

beforeAll(async () => {
  workspace = await sampleWorkspace(3, 8)
  const { recordings } = workspace
  const samples = new Float32Array(16 * 16000).map((_, index) => 0.1 * Math.sin(index / 10))
  await addRecordings(workspace, {
    'Actor_01/03-01-01-01-02-02-01.wav': encodeWav({ samples, sampleRateHz: 16000 }),
    'Actor_01/03-01-02-01-02-02-01.wav': 'no sound at all',
    'Actor_01/03-01-09-01-02-02-01.wav': '',
    'Actor_01/01-01-01-01-02-02-01.mp4': '',
    'notes.txt': 'x',
    'Actor_01/._03-01-01-01-01-01-01.wav': 'litter',
  })
  await mkdir(join(recordings, 'again'), { recursive: true })
  await copyFile(
    join(recordings, 'Actor_01/03-01-01-01-01-01-01.wav'),
    join(recordings, 'again/03-01-01-01-01-01-01.wav'),
  )
})

async function inspected(...args: readonly string[]): Promise<FolderInspection> {
  const { status, stdout, stderr } = await serflow('inspect', ...args, '--json')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  return folderInspectionSchema.parse(JSON.parse(stdout))
}

test('a folder is read as what most of its names are, and everything in it is accounted for', async () => {
  const found = await inspected(workspace.recordings)
  expect(found.kind).toBe('ravdess')
  expect(found.guess).toBe('27 of 28 sound files are utterances of it')
  expect(found.files).toEqual({
    found: 30,
    read: 26,
    unreadable: 1,
    rejected: 1,
    skipped: 2,
    other: 0,
  })
  expect(found.utterances).toBe(25)
  expect(found.copies).toBe(1)
  expect(found.speakers.map(({ speakerId, utterances }) => [speakerId, utterances])).toEqual([
    ['01', 9],
    ['02', 8],
    ['03', 8],
  ])
  expect(found.classes.map(({ utterances }) => utterances)).toEqual([4, 3, 3, 3, 3, 3, 3, 3])
  expect(found.duplicates).toEqual([
    {
      same: 'bytes',
      files: ['Actor_01/03-01-01-01-01-01-01.wav', 'again/03-01-01-01-01-01-01.wav'],
      labels: ['neutral'],
      speakers: ['01'],
    },
  ])
  expect(found.duration?.maximum).toBe(16)
  expect(found.warnings.join('\n')).toMatch(
    /1 utterance there twice.*\n1 file cannot be read\n.*fewer than 20 utterances.*\n.*1 utterance longer than 15 s/s,
  )
  expect(found.recordings).toHaveLength(26)
})

test('threads give what one reader gives, in the order of the paths', async () => {
  const workerModule = join(projectRoot, 'pipelines/dist/measure-worker.js')
  const paths = (await inspected(workspace.recordings)).recordings.map(({ file }) => file)
  const files = [...paths.reverse(), 'Actor_01/03-01-02-01-02-02-01.wav', 'nowhere.wav']
  const measure = (jobs: number) =>
    measureAll(workspace.recordings, files, { jobs, workerModule, threadsFromBytes: 0 })
  const alone = await measure(1)
  expect(await measure(3)).toEqual(alone)
  expect(alone.map(({ file }) => file)).toEqual(files)
  expect(alone.slice(-2)).toEqual([
    { file: files.at(-2), fault: expect.stringContaining('is text, not sound') },
    { file: 'nowhere.wav', fault: expect.stringContaining('does not exist') },
  ])
})

test('as text it is aligned in 100 columns, and names what is wrong', async () => {
  const { status, stdout } = await serflow('inspect', workspace.recordings)
  expect(status).toBe(0)
  const [first, ...lines] = stdout.split('\n')
  expect(first).toBe(workspace.recordings)
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(100)
  expect(stdout).toMatch(/^neutral +4 +3 +/m)
  expect(stdout).toMatch(/^unreadable\n +1 {2}is text, not sound/m)
  expect(stdout).toMatch(/^rejected\n +1 {2}emotion is "09", expected 01 to 08/m)
  expect(stdout).toMatch(/^files +30: 26 read, 1 unreadable, 1 rejected, 2 skipped, 0 other$/m)
})

test('as a page it needs nothing else', async () => {
  const path = join(workspace.folder, 'page.html')
  const { status, stderr } = await serflow('inspect', workspace.recordings, '--html', path)
  expect(status).toBe(0)
  expect(stderr).toBe(`page: ${path}\n`)
  const page = await readFile(path, 'utf8')
  expect(page).toMatch(/^<!doctype html>/)
  expect(page).not.toMatch(/<script|<link|src=|url\(|@import/)
  expect(page).toContain('Lengths of utterances: 26 from')
  expect(page).toContain('<title>neutral: 4</title>')
  expect(page).toMatch(
    /<title>01: from −\d+\.\d to −\d+\.\d, median −\d+\.\d, highest peak −?\d+\.\d<\/title>/,
  )
})

test('one file is told with its chunks and the windows of predict', async () => {
  const path = join(workspace.recordings, 'Actor_01/03-01-01-01-02-02-01.wav')
  const { status, stdout } = await serflow('inspect', path, '--json')
  expect(status).toBe(0)
  expect(fileInspectionSchema.parse(JSON.parse(stdout))).toMatchObject({
    what: 'file',
    format: 'WAV',
    coding: '16-bit PCM',
    frames: 256000,
    durationSeconds: 16,
    chunks: [
      { id: 'fmt', offset: 12, bytes: 16 },
      { id: 'data', offset: 36, bytes: 512000 },
    ],
    windows: [
      { startSeconds: 0, endSeconds: 15 },
      { startSeconds: 15, endSeconds: 16 },
    ],
  })
  const text = await serflow('inspect', path)
  expect(text.stdout).toMatch(/^ {2}predict {5}2 windows of 15 s, the last of 1.00 s$/m)
})

test('sounds of no corpus are inspected as they are; a named reader is used', async () => {
  const folder = join(workspace.folder, 'mine')
  await mkdir(join(folder, 'happy'), { recursive: true })
  const samples = new Float32Array(800).fill(0.25)
  await writeFile(join(folder, 'happy/one.wav'), encodeWav({ samples, sampleRateHz: 8000 }))
  const plain = await inspected(folder)
  expect(plain).toMatchObject({ kind: null, utterances: 1, classes: [], speakers: [] })
  expect(plain.notes[0]?.text).toBe('offset: its mean is 0.25 of full scale, expected about 0')
  const named = await inspected(folder, '--kind', 'folders')
  expect(named.classes.map(({ name }) => name)).toEqual(['happy'])
  expect(named.warnings.join()).toContain('the speaker of 1 utterance is not known')
})

test('settings of the corpus are those of run: columns of a table, a pattern for the speaker', async () => {
  const folder = join(workspace.folder, 'tabled')
  await mkdir(join(folder, 'happy'), { recursive: true })
  for (const name of ['anna_1', 'bert_1']) {
    const samples = new Float32Array(800).fill(name.length / 100)
    const bytes = encodeWav({ samples, sampleRateHz: 8000 })
    await writeFile(join(folder, `happy/${name}.wav`), bytes)
  }
  const table = 'clip,feeling,actor\nhappy/anna_1.wav,fine,anna\nhappy/bert_1.wav,bad,bert\n'
  await writeFile(join(folder, 'labels.csv'), table)
  const refused = await serflow('inspect', folder, '--kind', 'table')
  expect(refused.status).toBe(2)
  expect(refused.stderr).toContain('or name it with corpus.columns')
  const config = join(workspace.folder, 'inspect.yaml')
  await writeFile(config, 'corpus: { kind: table, columns: { file: clip, emotion: feeling } }\n')
  const speaker = 'corpus.columns.speaker=actor'
  const found = await inspected(folder, '--config', config, '--set', speaker)
  expect(found.kind).toBe('table')
  expect(found.speakers.map(({ speakerId }) => speakerId)).toEqual(['anna', 'bert'])
  const merged = await inspected(
    ...[folder, '--config', config, '--set', speaker, '--set', 'corpus.labels={bad: poor}'],
  )
  expect(merged.classes.map(({ name }) => name)).toEqual(['poor', 'fine'])
  expect(merged.warnings).toContain('labels are merged: bad counts as poor (1)')

  const nameless = await inspected(folder, '--kind', 'folders')
  expect(nameless.warnings.join()).toContain("such as --set 'corpus.speaker=^([^_]+)_'")
  const named = await inspected(
    folder,
    '--set',
    'corpus.speaker=^([^_]+)_',
    '--set',
    'corpus.label=(a|b)',
  )
  expect(named.speakers.map(({ speakerId }) => speakerId)).toEqual(['anna', 'bert'])
})

test('names that cannot be read or shown are told so that they can be found', async () => {
  const folder = join(workspace.folder, 'names')
  await mkdir(join(folder, 'in'), { recursive: true })
  const latin = (name: string) =>
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')])
  await writeFile(latin('f\xfcr.wav'), 'x')
  await mkdir(latin('w\xfctend'))
  await symlink('nowhere', join(folder, 'link.wav'))
  await writeFile(join(folder, 'in/new\nline \u001b[31m\u202e.wav'), 'text')
  const { status, stdout } = await serflow('inspect', folder)
  expect(status).toBe(1)
  expect(stdout).toContain('files     4: 0 read, 4 unreadable, 0 rejected, 0 skipped, 0 other')
  for (const line of [
    'cannot be found: its name is not UTF-8; rename it\n          f\ufffdr.wav',
    'is a folder whose name is not UTF-8; rename it\n          w\ufffdtend/',
    'does not exist; is it a broken link?\n          link.wav',
    'in/new\\nline \\u001b[31m\\u202e.wav\n',
  ]) {
    expect(stdout).toContain(line)
  }
  const alone = await serflow('inspect', join(folder, 'in/new\nline \u001b[31m\u202e.wav'))
  expect(alone.stderr).toMatch(/new\\nline \\u001b\[31m\\u202e.wav" is text, not sound/)
})

test('where nothing can be used the status is 1', async () => {
  const empty = join(workspace.folder, 'empty')
  await mkdir(empty)
  const outcome = await serflow('inspect', empty, '--json')
  expect(outcome.status).toBe(1)
  expect(folderInspectionSchema.parse(JSON.parse(outcome.stdout)).utterances).toBe(0)
  const text = await serflow('inspect', join(workspace.recordings, 'notes.txt'))
  expect(text.status).toBe(1)
  expect(text.stdout).toBe('')
  expect(text.stderr).toMatch(/notes.txt" is text, not sound; expected a sound file/)
})

test.each([
  [['inspect'], 'expected a folder or a file, such as serflow inspect data/raw/ravdess'],
  [['inspect', 'nowhere'], 'nowhere: there is no such folder or file'],
  [['inspect', '.', '--kind', 'ravdes'], '--kind ravdes: there is no such reader; did you mean'],
  [['inspect', 'package.json', '--kind', 'ravdess'], 'package.json is a file, expected a folder'],
  [
    ['inspect', 'package.json', '--set', 'corpus.kind=table'],
    'package.json is a file, expected a folder',
  ],
  [['inspect', '.', '--set', 'corpus.foo=1'], 'corpus.foo: there is no such setting'],
  [['inspect', '.', '--config', 'nowhere.yaml'], 'nowhere.yaml: there is no such file'],
  [['inspect', '.', '--jobs', '0'], '--jobs 0: expected a whole number'],
  [
    ['inspect', 'tests', '--html', '/nowhere/page.html'],
    '--html /nowhere/page.html: cannot be written',
  ],
])('serflow %j is refused in one line', async (args, expected) => {
  const { status, stderr } = await serflow(...args)
  expect(stderr).toContain(expected)
  expect(status).toBe(2)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})

test('all of RAVDESS is inspected: the identical pair is found', async () => {
  const folder = process.env.SERFLOW_RAVDESS
  if (!folder) {
    console.log('SERFLOW_RAVDESS is not set: real recordings are not inspected')
    return
  }
  const found = await inspected(folder)
  expect(found.utterances).toBe(1440)
  expect(found.speakers.map(({ utterances }) => utterances)).toEqual(Array(24).fill(60))
  expect(found.duplicates.map(({ files }) => files)).toContainEqual([
    'Actor_07/03-01-03-01-02-01-07.wav',
    'Actor_07/03-01-03-01-02-02-07.wav',
  ])
  expect(found.warnings.filter((warning) => !/sampling rates/.test(warning))).toEqual([])
})
