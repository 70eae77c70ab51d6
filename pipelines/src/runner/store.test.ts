import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '@serflow/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ingredients } from './key.js'
import { openStore } from './store.js'

const ingredients = {
  stage: 's',
  config: {},
  part: {},
  code: 'c',
  inputs: {},
} satisfies Ingredients
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'store '))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function filesOf(): Promise<readonly string[]> {
  const items = await readdir(root, { recursive: true, withFileTypes: true })
  return items.filter((item) => item.isFile()).map(({ name }) => name)
}

async function* pieces(...texts: readonly string[]) {
  for (const text of texts) yield new TextEncoder().encode(text)
}

test('an artefact that comes in pieces lies under the digest of the whole, before its record', async () => {
  const store = openStore(root)
  const record = await store.put('node', 'key', ingredients, pieces('one ', '', 'two'), 'json')
  expect(record.output).toEqual({ digest: sha256('one two'), extension: 'json', bytes: 7 })
  expect(await readFile(store.objectPath(record.output), 'utf8')).toBe('one two')
  expect(await store.record('key')).toEqual(record)
  expect(await filesOf()).toHaveLength(2)
})

test('what fails on the way leaves neither an artefact nor a record', async () => {
  const store = openStore(root)
  const before = await filesOf()
  async function* failing() {
    yield* pieces('one ')
    throw new Error('the third clip is broken')
  }
  const attempt = store.put('node', 'other', ingredients, failing(), 'json')
  await expect(attempt).rejects.toThrow('the third clip is broken')
  expect(await filesOf()).toEqual(before)
  expect(await store.record('other')).toBe(undefined)
})
