import { mkdtemp, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '@serflow/core'
import { expect, test } from 'vitest'
import { openFileDigests } from './file-digests.js'

async function place() {
  const folder = await mkdtemp(join(tmpdir(), 'digests-'))
  return { file: join(folder, 'a'), memory: join(folder, 'cache/digests.json') }
}

test('a digest is that of the bytes; of a file that is not there it is undefined', async () => {
  const { file, memory } = await place()
  await writeFile(file, 'hello')
  const digests = await openFileDigests(memory)
  expect(await digests.of(file)).toBe(sha256('hello'))
  expect(await digests.of(`${file}b`)).toBeUndefined()
})

test('a file is not read again as long as nothing has touched it, also by the next process', async () => {
  const { file, memory } = await place()
  await writeFile(file, 'hello')
  const digests = await openFileDigests(memory)
  await digests.remember(file, 'as told')
  expect(await digests.of(file)).toBe('as told')
  await digests.save()
  expect(await (await openFileDigests(memory)).of(file)).toBe('as told')
})

test('a change of the same length under the old time is seen', async () => {
  const { file, memory } = await place()
  await writeFile(file, 'hello')
  const digests = await openFileDigests(memory)
  await digests.of(file)
  const { atime, mtime } = await stat(file)
  await writeFile(file, 'jello')
  await utimes(file, atime, mtime)
  expect(await digests.of(file)).toBe(sha256('jello'))
})

test.each(['', '{', '{"a":1}', '[[1]'])('a memory of %j is an empty one', async (text) => {
  const { file, memory } = await place()
  await writeFile(file, 'hello')
  const first = await openFileDigests(memory)
  await first.of(file)
  await first.save()
  await writeFile(memory, text)
  const digests = await openFileDigests(memory)
  expect(await digests.of(file)).toBe(sha256('hello'))
  await digests.save()
  expect(await readFile(memory, 'utf8')).toContain(sha256('hello'))
})
