import { mkdir, readdir, realpath, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InputError } from '@serflow/core'
import type { Archive } from './archives.js'
import { difference, sumsOf, type Sums } from './checksum.js'
import { openConnection, type ConnectionOptions } from './connection.js'
import { checkComplete, mark, moveInto, recordingsIn, stagingOf, tidy } from './corpus-folder.js'
import { checkSpace, freeBytes, writing } from './disk.js'
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
  const present = await writing(folder, 0, async () => {
    await tidy(folder)
    return recordingsIn(folder)
  })
  if (present !== undefined) {
    checkComplete(archive, folder, present)
    return { outcome: 'present', recordings: present.found }
  }
  const staging = stagingOf(folder)

  const local = await localArchive(archive, folder, options.from)
  const path = local ?? join(options.downloads, `${archive.fileName}.part`)
  try {
    // Before hours of fetching it is known that there is a place for it.
    await writing(folder, archive.unpackedBytes, () => mkdir(staging, { recursive: true }))
    if (local === undefined) {
      await checkRoom(archive, path, folder, options)
      await fetchArchive(archive, path, options)
    }
    const sums = await checkSums(archive, path, local === undefined, options)
    await unpackInto(archive, path, sums, staging, folder, options)
    if (local === undefined) await removePart(path)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
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
  const { onProgress, onNote, attempts, reachAttempts, backOffMs } = options
  const connection = openConnection(options)
  try {
    await writing(part, archive.bytes, () => mkdir(dirname(part), { recursive: true }))
    await download(new URL(options.from ?? archive.url), archive.bytes, part, {
      connection,
      signature: zipSignature,
      ...(attempts === undefined ? {} : { attempts }),
      ...(reachAttempts === undefined ? {} : { reachAttempts }),
      ...(backOffMs === undefined ? {} : { backOffMs }),
      ...(onNote ? { onNote } : {}),
      onProgress: (bytes) => onProgress?.({ doing: 'fetching', bytes, total: archive.bytes }),
    })
  } finally {
    await connection.close()
  }
}

/** Of the header of a ZIP archive's first file. */
const zipSignature = Buffer.from('PK\x03\x04', 'latin1')

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
  await writing(folder, archive.unpackedBytes, async () => {
    const { files } = await unpackZip(path, staging, limits, (bytes) =>
      options.onProgress?.({ doing: 'unpacking', bytes, total: archive.unpackedBytes }),
    )
    const inner = await innerFolder(staging)
    await mark(inner, archive, sums, files)
    await moveInto(folder, inner)
  })
}

/** An archive whose files all lie in one folder has that folder's content unpacked, not the folder. */
async function innerFolder(staging: string): Promise<string> {
  const items = await readdir(staging, { withFileTypes: true })
  const [only] = items
  return items.length === 1 && only?.isDirectory() ? join(staging, only.name) : staging
}

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

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
