import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readFolder } from './folder-reading.js'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'serflow-reading-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function put(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), '')
  }
}

const read = (kind?: string) => readFolder(root, kind)

test.each([
  ['ravdess', ['Actor_01/03-01-05-01-02-01-01.wav', 'Actor_02/03-01-05-01-02-01-02.wav']],
  ['emodb', ['wav/03a01Fa.wav', 'wav/08b02Wd.wav', 'erkennung.txt']],
  ['crema-d', ['AudioWAV/1001_DFA_ANG_XX.wav', 'AudioWAV/1002_DFA_HAP_XX.wav']],
])('a folder of %s is known by its names', async (kind, paths) => {
  await put(...paths)
  const { kind: found, guess, utterances } = await read()
  expect(found).toBe(kind)
  expect(guess).toBe(`2 of 2 sound files are utterances of it`)
  expect(utterances).toHaveLength(2)
})

test('what nobody knows is plain sounds; other files are passed over', async () => {
  await put('a/voice one.wav', 'b/two.FLAC', 'notes.txt', '.hidden.wav')
  const found = await read()

  expect(found).toMatchObject({ kind: null, classes: [] })
  expect(found.guess).toMatch(/^no reader knows their names; .* say --kind folders$/)
  expect(found.utterances.map(({ file, speakerId }) => [file, speakerId])).toEqual([
    ['a/voice one.wav', null],
    ['b/two.FLAC', null],
  ])
  expect(found.others).toEqual([
    { file: 'notes.txt', status: 'skipped', note: 'not a sound file by its ending' },
  ])
})

test('one that fits by chance does not make a corpus', async () => {
  await put('03a01Fa.wav', ...Array.from({ length: 20 }, (_, index) => `take ${index}.wav`))
  expect(await read()).toMatchObject({
    kind: null,
    guess: expect.stringContaining('is emodb, but only 1 of 21 sound files are utterances of it'),
  })
})

test('a reader that is named is used, whatever it finds', async () => {
  await put('happy/anna.wav', 'sad/ben.wav')
  expect(await read('folders')).toMatchObject({
    kind: 'folders',
    classes: ['happy', 'sad'],
    guess: null,
  })
  expect((await read('ravdess')).utterances).toEqual([])
  await expect(read('table')).rejects.toThrow('there is no table')
})

test('an unknown reader is refused with the nearest one', async () => {
  await expect(read('ravdes')).rejects.toThrow(
    '--kind ravdes: there is no such reader; did you mean "ravdess"?',
  )
  await expect(read('toString')).rejects.toThrow('expected one of ravdess, emodb')
})

test('why nobody knows a folder is told, where its files say what it is meant for', async () => {
  expect((await read()).guess).toBe('there is no sound file in it')
  await put('a.wav', 'sad/b.wav')
  expect((await read()).guess).toBe('no reader knows their names')
  await table('file,mood,speaker\na.wav,happy,1\nsad/b.wav,sad,2\n')
  expect((await read()).guess).toMatch(
    /^no reader knows their names, and as table it cannot be read: "l.csv" has no column "emotion"/,
  )
  await writeFile(join(root, 'db.yaml'), 'name: mine\n')
  expect((await read()).guess).toMatch(/as audformat it cannot be read: "db.yaml"/)
})

const table = (text: string) => writeFile(join(root, 'l.csv'), text)

test('labels that votes tell are counted; what has no majority is left out with its reason', async () => {
  await put('a.wav', 'b.wav', 'c.wav')
  await table('file,speaker,votes\na.wav,1,happy:2;sad:1\nb.wav,1,sad\nc.wav,2,happy:1;sad:1\n')
  const { utterances, others, stop } = await read()
  expect(utterances.map(({ emotion }) => emotion)).toEqual(['happy', 'sad'])
  expect(others).toEqual([{ file: 'c.wav', status: 'skipped', note: 'no majority of votes' }])
  expect(stop).toBeNull()
})

test.each([
  ['a.wav,happy,1\nb.wav,happy,2\n', 'one class (happy) is left'],
  ['a.wav,happy,1\nb.wav,Happy,2\n', 'differ only in case'],
  ['a.wav,happy,1\nb.wav,sad,01\n', 'look like one, who would be trained and tested on'],
])('what a run would stop at is told, and the rest shown: %j', async (rows, stop) => {
  await put('a.wav', 'b.wav')
  await table(`file,emotion,speaker\n${rows}`)
  const found = await read()
  expect(found.utterances).toHaveLength(2)
  expect(found.stop).toContain(stop)
})

test('a table may name files by absolute paths, however the folder is written', async () => {
  await put('sounds/a.wav', 'sounds/b.wav')
  await table(
    `file,emotion,speaker\n${join(root, 'sounds/a.wav')},happy,1\n${join(root, 'sounds/b.wav')},sad,2\n`,
  )
  for (const path of [root, `${root}/`, `${root}/sounds/..`, relative(process.cwd(), root)]) {
    expect((await readFolder(path, 'table')).utterances).toHaveLength(2)
  }
})
