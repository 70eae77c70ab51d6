import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError, sha256 } from '@serflow/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readFileBytes } from './file-bytes.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bytes '))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test.each([0, 1, 7, 8, 1000])('%i bytes are read in pieces of 7 as they are', async (length) => {
  const path = join(folder, 'file')
  const content = Uint8Array.from({ length }, (_, at) => at % 251)
  await writeFile(path, content)
  const { bytes, digest } = await readFileBytes(path, { pieceBytes: 7 })
  expect(new Uint8Array(bytes)).toEqual(content)
  expect(digest).toBe(sha256(content))
})

test('a file that is larger than a buffer can be is refused with a way out', async () => {
  const path = join(folder, 'large')
  await writeFile(path, new Uint8Array(101))
  const attempt = readFileBytes(path, { mostBytes: 100 })
  await expect(attempt).rejects.toThrow(InputError)
  await expect(attempt).rejects.toThrow(/more than this Node holds in one piece/)
})

test('a file that is missing is told as fs does', async () => {
  await expect(readFileBytes(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
})
