import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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
  expect(found).toMatchObject({ kind: null, classes: [], guess: 'no reader knows their names' })
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
