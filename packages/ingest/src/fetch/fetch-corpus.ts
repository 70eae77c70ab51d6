import type { Dirent } from 'node:fs'
import {
  cp,
  mkdir,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InputError } from '@serflow/core'
import type { Archive } from './archives.js'
import { difference, sumsOf, type Sums } from './checksum.js'
import { openConnection, type ConnectionOptions } from './connection.js'
import { checkSpace, codeOf, freeBytes, writing } from './disk.js'
import { download, removePart, type DownloadOptions } from './download.js'
import { unpackZip } from './unpack.js'

export interface FetchOptions
  extends ConnectionOptions, Omit<DownloadOptions, 'connection' | 'onProgress'> {
  /** Where its recordings go; made where it is not there. */
  readonly folder: string
  /** Where the archive lies until it is unpacked. */
  readonly downloads: string
  /** Another address, or the path of an archive that is here; held to the same sums. */
  readonly from?: string | undefined
  readonly onProgress?: (progress: FetchProgress) => void
  /** Free bytes on the disk of a path; for tests. */
  readonly freeBytes?: (path: string) => Promise<number>
}

export interface FetchProgress {
  readonly doing: 'fetching' | 'checking' | 'unpacking'
  readonly bytes: number
  readonly total: number
}

export interface Fetched {
  /** `present`: it was there and nothing was done. */
  readonly outcome: 'present' | 'fetched'
  readonly recordings: number
}

/**
 * Brings a published corpus into a folder: fetches its archive (going on with what is there), checks size, MD5 and
 * SHA-256, unpacks it beside the folder and moves it there in one step, so that it is there whole or not at all. An
 * archive that already lies in the folder or beside it is used instead of fetching. A folder that holds the
 * recordings is left as it is.
 *
 * One call at a time a folder: the caller holds a lock.
 *
 * @throws UnreachableError where the server cannot be reached
 * @throws InputError for everything else that may go wrong on the way, and for a folder with part of the recordings
 */
export async function fetchCorpus(archive: Archive, options: FetchOptions): Promise<Fetched> {
  const folder = await realpath(options.folder).catch(() => options.folder)
  await tidy(folder)
  const present = await recordingsIn(folder)
  if (present !== undefined) {
    checkComplete(archive, folder, present)
    return { outcome: 'present', recordings: present.found }
  }
  const staging = stagingOf(folder)

  const local = await localArchive(archive, folder, options.from)
  const path = local ?? join(options.downloads, `${archive.fileName}.part`)
  if (local === undefined) {
    await checkRoom(archive, path, folder, options)
    await fetchArchive(archive, path, options)
  }
  const sums = await checkSums(archive, path, local === undefined, options)
  await unpackInto(archive, path, sums, staging, folder, options)
  if (local === undefined) await removePart(path)
  const unpacked = await recordingsIn(folder)
  return { outcome: 'fetched', recordings: unpacked?.found ?? 0 }
}

async function checkRoom(
  archive: Archive,
  part: string,
  folder: string,
  options: FetchOptions,
): Promise<void> {
  const free = options.freeBytes ?? freeBytes
  const have = await stat(part).then(
    ({ size }) => size,
    () => 0,
  )
  const toFetch = Math.max(0, archive.bytes - have)
  // The same disk, as a rule; where it is not, the sum asks for a little more than is needed.
  checkSpace(folder, toFetch + archive.unpackedBytes, await free(folder))
  checkSpace(part, toFetch, await free(part))
}

async function fetchArchive(archive: Archive, part: string, options: FetchOptions): Promise<void> {
  const { onProgress, onNote, attempts, firstAttempts, backOffMs } = options
  const connection = openConnection(options)
  try {
    await writing(part, archive.bytes, () => mkdir(dirname(part), { recursive: true }))
    await download(new URL(options.from ?? archive.url), archive.bytes, part, {
      connection,
      ...(attempts === undefined ? {} : { attempts }),
      ...(firstAttempts === undefined ? {} : { firstAttempts }),
      ...(backOffMs === undefined ? {} : { backOffMs }),
      ...(onNote ? { onNote } : {}),
      onProgress: (bytes) => onProgress?.({ doing: 'fetching', bytes, total: archive.bytes }),
    })
  } finally {
    await connection.close()
  }
}

/** @param fetched whether the file is ours to remove */
async function checkSums(
  archive: Archive,
  path: string,
  fetched: boolean,
  { onProgress, from }: FetchOptions,
): Promise<Sums> {
  const sums = await sumsOf(path, (bytes) =>
    onProgress?.({ doing: 'checking', bytes, total: archive.bytes }),
  )
  const fault = difference(sums, archive)
  if (fault === undefined) return sums
  if (!fetched) {
    throw new InputError(
      `${path}: ${fault}: it is damaged or another file than ${archive.fileName} of ${archive.page}`,
    )
  }
  await removePart(path)
  throw new InputError(
    `${archive.fileName} from ${new URL(from ?? archive.url).host} ${fault}: it was damaged on its way, or is another file; it has been removed, ` +
      'so fetch it again',
  )
}

async function unpackInto(
  archive: Archive,
  path: string,
  sums: Sums,
  staging: string,
  folder: string,
  options: FetchOptions,
): Promise<void> {
  const free = options.freeBytes ?? freeBytes
  checkSpace(folder, archive.unpackedBytes, await free(folder))
  const limits = {
    mostBytes: 1.25 * archive.unpackedBytes,
    mostEntries: 4 * archive.recordings + 100,
  }
  try {
    await writing(folder, archive.unpackedBytes, async () => {
      await mkdir(staging, { recursive: true })
      const { files } = await unpackZip(path, staging, limits, (bytes) =>
        options.onProgress?.({ doing: 'unpacking', bytes, total: archive.unpackedBytes }),
      )
      const inner = await innerFolder(staging)
      await writeFile(
        join(inner, markerName),
        JSON.stringify(markerOf(archive, sums, files), null, 2) + '\n',
      )
      await moveInto(folder, inner)
    })
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** An archive whose files all lie in one folder has that folder's content unpacked, not the folder. */
async function innerFolder(staging: string): Promise<string> {
  const items = await readdir(staging, { withFileTypes: true })
  const [only] = items
  return items.length === 1 && only?.isDirectory() ? join(staging, only.name) : staging
}

/**
 * Puts the recordings in their place. What lies there already, such as notes of the user's, is copied to them first,
 * and the place as it was is removed last: killed at any instant, nothing of it is lost.
 */
async function moveInto(folder: string, inner: string): Promise<void> {
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
async function tidy(folder: string): Promise<void> {
  if (!(await exists(folder)) && (await exists(asideOf(folder)))) {
    await rename(asideOf(folder), folder)
  }
  for (const left of [asideOf(folder), stagingOf(folder)]) {
    await rm(left, { recursive: true, force: true })
  }
}

const stagingOf = (folder: string) => join(dirname(folder), `.${basename(folder)}.unpacking`)
const asideOf = (folder: string) => join(dirname(folder), `.${basename(folder)}.before`)

/** A path given, or what the user has laid where the recordings go. */
async function localArchive(
  archive: Archive,
  folder: string,
  from: string | undefined,
): Promise<string | undefined> {
  if (from !== undefined) {
    if (/^https?:\/\//i.test(from)) {
      if (URL.canParse(from)) return undefined
      throw new InputError(
        `--from ${from}: is no address; expected one like https://example.org/${archive.fileName}`,
      )
    }
    if (await isFile(from)) return from
    throw new InputError(
      `--from ${from}: there is no such file; expected the path of ${archive.fileName}, or an address that begins with https://`,
    )
  }
  for (const path of [join(folder, archive.fileName), join(dirname(folder), archive.fileName)]) {
    if (await isFile(path)) return path
  }
  return undefined
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
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

function markerOf(archive: Archive, { md5, sha256 }: Sums, files: number): Marker {
  const { fileName, page, licence } = archive
  return { archive: fileName, page, licence, md5, sha256, files }
}

interface Present {
  /** Sound files. */
  readonly found: number
  /** All files but the marker. */
  readonly files: number
  readonly marker: Marker | undefined
}

/** What there is of a corpus in a folder; undefined where there is no sound. */
async function recordingsIn(folder: string): Promise<Present | undefined> {
  const paths = (await filesBelow(folder)).filter((name) => !name.startsWith('.'))
  const found = paths.filter((name) => /\.wav$/i.test(name)).length
  if (found === 0) return undefined
  return { found, files: paths.length, marker: await readMarker(folder) }
}

function checkComplete(archive: Archive, folder: string, { found, marker }: Present): void {
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
