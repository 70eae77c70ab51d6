import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError, sha256 } from '@serflow/core'
import { expect, test } from 'vitest'
import { rawFile } from './raw-file.js'

/** A file of so many bytes, most of them zeros that take no room. */
async function made(bytes: number) {
  const path = join(await mkdtemp(join(tmpdir(), 'raw-file-')), 'a.wav')
  await writeFile(path, 'begin')
  await truncate(path, bytes)
  const content = new Uint8Array(bytes)
  content.set(Buffer.from('begin'))
  return { path, digest: sha256(content) }
}

test.each([10, 70_000_000])('a file of %d bytes is read in parts', async (bytes) => {
  const { path, digest } = await made(bytes)
  const file = await rawFile(path, 'in/a.wav', digest).open()
  expect(file.size).toBe(bytes)
  expect(Buffer.from(file.read(2, 7)).toString()).toBe('gin\0\0')
  expect([...file.read(bytes - 3, bytes + 9)]).toEqual([0, 0, 0])
  file.close()
  await rm(path)
})

test.each([10, 70_000_000])(
  'a file of %d bytes that changed or went is an error that names it',
  async (bytes) => {
    const { path, digest } = await made(bytes)
    await writeFile(path, 'other')
    await truncate(path, bytes)
    const file = rawFile(path, 'in/a.wav', digest)
    const changed = new InputError('in/a.wav changed while the run was using it; run again')
    await expect(file.open()).rejects.toThrow(changed)
    await expect(file.read()).rejects.toThrow(changed)
    await rm(path)
    const gone = new InputError('in/a.wav cannot be read (ENOENT); run again')
    await expect(file.open()).rejects.toThrow(gone)
    await expect(file.read()).rejects.toThrow(gone)
  },
)
