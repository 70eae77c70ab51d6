import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { canonicalJson } from '@serflow/core'
import type { Ingredients } from './key.js'

/** What is known of a node that has run. Written last, so a record means that its artefact was whole. */
export interface NodeRecord {
  readonly version: 1
  readonly node: string
  readonly key: string
  readonly ingredients: Ingredients
  readonly output: { readonly digest: string; readonly extension: string; readonly bytes: number }
}

/**
 * A folder of artefacts by content and records by key:
 *
 *   objects/ab/abcd….arrow    an artefact under its SHA-256
 *   objects/new/….tmp         one that is being written
 *   records/abcd….json        a NodeRecord under its node's key
 *   locks/abcd….lock          held while a key is computed
 *   latest/<run>.json         the keys of each run's nodes, for `plan` to compare with and `gc` to keep
 *
 * Files get their final name only when they are whole and on the disk.
 */
export interface Store {
  readonly root: string
  objectPath(output: NodeRecord['output']): string
  /** Stores an artefact as its pieces come, and then its record. */
  put(
    node: string,
    key: string,
    ingredients: Ingredients,
    pieces: AsyncIterable<Uint8Array>,
    extension: string,
  ): Promise<NodeRecord>
  /** The record of a key; undefined if there is none or it cannot be read. */
  record(key: string): Promise<NodeRecord | undefined>
  removeRecord(key: string): Promise<void>
  /** All records, in the order of their keys. */
  records(): Promise<readonly NodeRecord[]>
  /** Node names to keys as of the last run of that name. */
  latest(run: string): Promise<ReadonlyMap<string, string>>
  setLatest(run: string, keys: ReadonlyMap<string, string>): Promise<void>
  latestRuns(): Promise<readonly string[]>
}

export function openStore(root: string): Store {
  const recordPath = (key: string) => join(root, 'records', `${key}.json`)
  const latestPath = (run: string) => join(root, 'latest', `${encodeURIComponent(run)}.json`)

  const store: Store = {
    root,
    objectPath: ({ digest, extension }) =>
      join(root, 'objects', digest.slice(0, 2), `${digest}.${extension}`),

    async put(node, key, ingredients, pieces, extension) {
      const output = await writeObject(store, pieces, extension)
      const record: NodeRecord = { version: 1, node, key, ingredients, output }
      await writeWhole(recordPath(key), canonicalJson(record))
      return record
    },

    async record(key) {
      try {
        const record = JSON.parse(await readFile(recordPath(key), 'utf8')) as NodeRecord
        return record.version === 1 && record.key === key ? record : undefined
      } catch {
        // Missing, or damaged: either way the node has to run.
        return undefined
      }
    },

    removeRecord: (key) => rm(recordPath(key), { force: true }),

    async records() {
      const names = await listFolder(join(root, 'records'))
      const keys = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5))
      const found = await Promise.all(keys.sort().map((key) => store.record(key)))
      return found.filter((record) => record !== undefined)
    },

    async latest(run) {
      try {
        return new Map(
          Object.entries(
            JSON.parse(await readFile(latestPath(run), 'utf8')) as Record<string, string>,
          ),
        )
      } catch {
        return new Map()
      }
    },

    async setLatest(run, keys) {
      const known = await store.latest(run)
      const text = canonicalJson(Object.fromEntries(keys))
      if (canonicalJson(Object.fromEntries(known)) !== text) await writeWhole(latestPath(run), text)
    },

    async latestRuns() {
      const names = await listFolder(join(root, 'latest'))
      return names
        .filter((name) => name.endsWith('.json'))
        .map((name) => decodeURIComponent(name.slice(0, -5)))
        .sort()
    },
  }
  return store
}

/** Writes beside the place, syncs, renames: a reader sees the whole file or none, whatever is killed when. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  await writeThenRename(path, async (file) => {
    await file.writeFile(content)
    return path
  })
}

/** An artefact's name is its digest, which is known behind the last piece. */
async function writeObject(
  store: Store,
  pieces: AsyncIterable<Uint8Array>,
  extension: string,
): Promise<NodeRecord['output']> {
  const hash = createHash('sha256')
  let output: NodeRecord['output'] = { digest: '', extension, bytes: 0 }
  await writeThenRename(join(store.root, 'objects/new/artefact'), async (file) => {
    let bytes = 0
    for await (const piece of pieces) {
      hash.update(piece)
      bytes += piece.byteLength
      await file.writeFile(piece)
    }
    output = { digest: hash.digest('hex'), extension, bytes }
    return store.objectPath(output)
  })
  return output
}

/** @param write writes into a file beside `beside`, and says where it belongs */
async function writeThenRename(
  beside: string,
  write: (file: FileHandle) => Promise<string>,
): Promise<void> {
  await mkdir(dirname(beside), { recursive: true })
  const temporary = `${beside}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`
  const file = await open(temporary, 'w')
  let path: string
  try {
    path = await write(file)
    await file.sync()
  } catch (error) {
    await file.close()
    await rm(temporary, { force: true })
    throw error
  }
  await file.close()
  await mkdir(dirname(path), { recursive: true })
  await rename(temporary, path)
}

/** Names in a folder; none where there is no folder. */
export async function listFolder(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path)
  } catch {
    return []
  }
}

/** Size in bytes, or undefined where there is no such file. */
export async function fileSize(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch {
    return undefined
  }
}
