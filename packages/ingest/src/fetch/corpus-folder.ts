import type { Dirent } from 'node:fs'
import { cp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InputError } from '@serflow/core'
import { isSound } from '../corpora/folder.js'
import type { Archive } from './archives.js'
import type { Sums } from './checksum.js'
import { codeOf } from './disk.js'

export interface Present {
  /** Sound files. */
  readonly found: number
  readonly marker: Marker | undefined
}

/** What there is of a corpus in a folder; undefined where there is no sound. */
export async function recordingsIn(folder: string): Promise<Present | undefined> {
  const names = await filesBelow(folder)
  const found = names.filter((name) => isSound(name) && !name.startsWith('.')).length
  if (found === 0) return undefined
  return { found, marker: await readMarker(folder) }
}

/** @throws InputError where there are fewer recordings than the archive holds */
export function checkComplete(archive: Archive, folder: string, { found, marker }: Present): void {
  // A published archive may hold other numbers than its description says; what was unpacked is what counts.
  const expected =
    marker?.archive === archive.fileName
      ? Math.min(marker.files, archive.recordings)
      : archive.recordings
  if (found >= expected) return
  throw new InputError(
    `${folder}: holds ${found} of the ${expected} recordings of ${archive.title}; move the folder away or delete it, and fetch again`,
  )
}

async function readMarker(folder: string): Promise<Marker | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, markerName), 'utf8')) as Marker
  } catch {
    return undefined
  }
}

/** Names of all files below a folder, without where they lie. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  let items: Dirent[]
  try {
    items = await readdir(folder, { withFileTypes: true, recursive: true })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    if (codeOf(error) === 'ENOTDIR') {
      throw new InputError(
        `${folder}: is a file, expected a folder for the recordings; move it away`,
      )
    }
    throw error
  }
  return items.filter((item) => !item.isDirectory()).map(({ name }) => name)
}

/** A dot file, which readers of corpora pass over: where the recordings are from, and how many files there were. */
const markerName = '.serflow-fetched.json'

interface Marker {
  readonly archive: string
  readonly page: string
  readonly licence: string
  readonly md5: string
  readonly sha256: string
  readonly files: number
}

/** Leaves a note of where the recordings in a folder are from. */
export async function mark(
  folder: string,
  archive: Archive,
  { md5, sha256 }: Sums,
  files: number,
): Promise<void> {
  const { fileName, page, licence } = archive
  const marker: Marker = { archive: fileName, page, licence, md5, sha256, files }
  await writeFile(join(folder, markerName), JSON.stringify(marker, null, 2) + '\n')
}

/**
 * Puts the recordings in their place. What lies there already, such as notes of the user's, is copied to them first,
 * and the place as it was is removed last: killed at any instant, nothing of it is lost.
 */
export async function moveInto(folder: string, inner: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (names === undefined) return rename(inner, folder)
  const taken = new Set(await readdir(inner))
  const twice = names.find((name) => taken.has(name))
  if (twice !== undefined) {
    throw new InputError(
      `${join(folder, twice)}: is in the way of the recordings; move it away and fetch again`,
    )
  }
  for (const name of names) await cp(join(folder, name), join(inner, name), { recursive: true })
  await rename(folder, asideOf(folder))
  await rename(inner, folder)
  await rm(asideOf(folder), { recursive: true, force: true })
}

/** Undoes what a call that was killed left half done. */
export async function tidy(folder: string): Promise<void> {
  if (!(await exists(folder)) && (await exists(asideOf(folder)))) {
    await rename(asideOf(folder), folder)
  }
  for (const left of [asideOf(folder), stagingOf(folder)]) {
    await rm(left, { recursive: true, force: true })
  }
}

/** Where an archive is unpacked: on the same disk, and passed over by readers. */
export const stagingOf = (folder: string) => join(dirname(folder), `.${basename(folder)}.unpacking`)
const asideOf = (folder: string) => join(dirname(folder), `.${basename(folder)}.before`)

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
