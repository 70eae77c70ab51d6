import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rename, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError, sha256 } from '@serflow/core'
import { corpusSettings } from '@serflow/ingest'
import { expect, test } from 'vitest'
import { listRecordings } from './recordings.js'
import { openFileDigests } from './runner/file-digests.js'

const names = ['03-01-03-01-01-01-01.wav', '03-01-04-01-01-01-02.wav']

async function corpusFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'recordings-'))
  for (const name of names) {
    const folder = join(root, `Actor_${name.slice(-6, -4)}`)
    await mkdir(folder)
    await writeFile(join(folder, name), name)
  }
  return root
}

async function list(root: string) {
  const digests = await openFileDigests(join(root, '..', `${sha256(root)}.json`))
  return listRecordings([{ settings: corpusSettings.parse({ kind: 'ravdess' }), root }], digests)
}

const files = ({ entries }: Awaited<ReturnType<typeof list>>) => entries.map(({ file }) => file)

test('recordings are listed with forward slashes, in order, with the digests of their bytes', async () => {
  const recordings = await list(await corpusFolder())
  expect(files(recordings)).toEqual([`Actor_01/${names[0]}`, `Actor_02/${names[1]}`])
  const [first] = recordings.entries
  expect(first!.fileDigest).toBe(sha256(names[0]!))
  expect(recordings.fileOf(first!)).toEqual({
    path: `Actor_01/${names[0]}`,
    digest: sha256(names[0]!),
    location: join(recordings.corpora[0]!.root, `Actor_01/${names[0]}`),
  })
})

test('one digest stands for the paths and contents, wherever the folder lies', async () => {
  const [root, other] = [await corpusFolder(), await corpusFolder()]
  const { digest } = await list(root)
  expect((await list(other)).digest).toBe(digest)
  await writeFile(join(root, 'notes.txt'), 'of no account')
  expect((await list(root)).digest).toBe(digest)
  await writeFile(join(root, 'Actor_01', names[0]!), 'other')
  expect((await list(root)).digest).not.toBe(digest)
  await rename(join(other, 'Actor_01'), join(other, 'moved'))
  expect((await list(other)).digest).not.toBe(digest)
})

test('links to folders are followed, in a circle only once', async () => {
  const root = await corpusFolder()
  const linked = await mkdtemp(join(tmpdir(), 'links-'))
  await symlink(join(root, 'Actor_01'), join(linked, 'Actor_01'))
  await symlink(linked, join(root, 'Actor_01', 'circle'))
  expect(files(await list(linked))).toEqual([`Actor_01/${names[0]}`])
})

test('what has the name of a recording and is none is told, and the others are listed', async () => {
  const root = await corpusFolder()
  execFileSync('mkfifo', [join(root, '03-01-05-01-01-01-01.wav')])
  await symlink('nowhere', join(root, '03-01-05-01-01-02-01.wav'))
  const named = Buffer.concat([Buffer.from(`${root}/03-01-0`), Buffer.from([0xff])])
  await writeFile(Buffer.concat([named, Buffer.from('-01-01-02-01.wav')]), '')
  const recordings = await list(root)
  expect(files(recordings)).toHaveLength(2)
  const told = recordings.others
    .filter(({ status }) => status === 'unreadable')
    .sort((left, right) => (left.file < right.file ? -1 : 1))
  expect(told).toEqual([
    {
      file: '03-01-05-01-01-01-01.wav',
      status: 'unreadable',
      note: '"03-01-05-01-01-01-01.wav" is a pipe or a device, expected a sound file',
    },
    {
      file: '03-01-05-01-01-02-01.wav',
      status: 'unreadable',
      note: '"03-01-05-01-01-02-01.wav" does not exist; is it a broken link?',
    },
  ])
})

test('a folder whose name is not UTF-8 is told, and the others are listed', async () => {
  const root = await corpusFolder()
  const latin = Buffer.concat([Buffer.from(`${root}/w`), Buffer.from([0xfc]), Buffer.from('tend')])
  await mkdir(latin)
  await writeFile(Buffer.concat([latin, Buffer.from('/03-01-05-01-01-01-01.wav')]), '')
  const recordings = await list(root)
  expect(files(recordings)).toHaveLength(2)
  expect(recordings.others).toEqual([
    {
      file: 'w\ufffdtend/',
      status: 'unreadable',
      note: '"w\ufffdtend" is a folder whose name is not UTF-8; rename it',
    },
  ])
})

test('no folder, a file, an empty folder and one without utterances are errors in words', async () => {
  const root = await corpusFolder()
  const message = async (path: string) =>
    list(path).then(
      () => '',
      (error: InputError) => `${error.name}: ${error.message}`,
    )
  expect(await message(join(root, 'nowhere'))).toMatch(
    /^InputError: .*there is no such folder; put the/,
  )
  expect(await message(join(root, 'x'.repeat(300)))).toMatch(
    /^InputError: .*cannot be read \(ENAMETOOLONG\)$/,
  )
  expect(await message(join(root, 'Actor_01', names[0]!))).toMatch(/is a file, expected the folder/)
  await mkdir(join(root, 'empty'))
  expect(await message(join(root, 'empty'))).toMatch(/found no sound file; expected RAVDESS/)
  await writeFile(join(root, 'empty/voice.wav'), '')
  expect(await message(join(root, 'empty'))).toMatch(/found 1 file, but none that is an utterance/)
})
