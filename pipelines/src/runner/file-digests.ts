import { createHash } from 'node:crypto'
import { createReadStream, type BigIntStats } from 'node:fs'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * SHA-256 of files, remembered by size, inode, time of change and time of content, so that an unchanged file is
 * not read again. Any write changes the time of change (ctime), which no program can set.
 */
export interface FileDigests {
  /** The digest, or undefined where there is no such file. */
  of(path: string): Promise<string | undefined>
  /** Notes a digest that is known already, because we wrote the file. */
  remember(path: string, digest: string): Promise<void>
  /** Keeps what was learnt for the next run. */
  save(): Promise<void>
}

type Remembered = readonly [stamp: string, digest: string]

/** @param path where the memory is kept; a missing or damaged one only costs time */
export async function openFileDigests(path: string): Promise<FileDigests> {
  const remembered = new Map<string, Remembered>(await readMemory(path))
  let changed = false

  const note = (file: string, stats: BigIntStats, digest: string) => {
    remembered.set(file, [stampOf(stats), digest])
    changed = true
  }

  return {
    async of(file) {
      const stats = await statOf(file)
      if (!stats) return undefined
      const known = remembered.get(file)
      if (known?.[0] === stampOf(stats)) return known[1]
      const digest = await digestFile(file)
      note(file, stats, digest)
      return digest
    },
    async remember(file, digest) {
      const stats = await statOf(file)
      if (stats) note(file, stats, digest)
    },
    async save() {
      if (!changed) return
      await mkdir(dirname(path), { recursive: true })
      const temporary = `${path}.${process.pid}.tmp`
      await writeFile(temporary, JSON.stringify([...remembered]))
      await rename(temporary, path)
      changed = false
    },
  }
}

/** SHA-256 of a file's bytes, read in pieces. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }))
    hash.update(piece as Buffer)
  return hash.digest('hex')
}

async function readMemory(path: string): Promise<[string, Remembered][]> {
  try {
    const read: unknown = JSON.parse(await readFile(path, 'utf8'))
    return Array.isArray(read) ? (read as [string, Remembered][]) : []
  } catch {
    // A missing or damaged memory is an empty one: every file is read again.
    return []
  }
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true })
  } catch {
    return undefined
  }
}

function stampOf(stats: BigIntStats): string {
  return `${stats.size} ${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs}`
}
