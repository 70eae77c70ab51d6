import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { InputError } from '@serflow/core'
import { openPromise, type Entry, type ZipFile } from 'yauzl'

export interface UnpackLimits {
  /** Of all files together, once unpacked. */
  readonly mostBytes: number
  readonly mostEntries: number
}

/** What was unpacked. */
export interface Unpacked {
  readonly files: number
  readonly bytes: number
}

/**
 * Unpacks a ZIP archive into a folder that is there and empty. All names, kinds and sizes are checked before the
 * first byte is written: nothing leaves the folder, no links, no name twice, no more than the limits. What is then
 * written is held to the sizes and CRCs that the archive declares.
 *
 * @throws InputError naming archive and entry
 */
export async function unpackZip(
  archive: string,
  folder: string,
  limits: UnpackLimits,
  onProgress?: (bytes: number) => void,
): Promise<Unpacked> {
  const zip = await openZip(archive)
  try {
    const entries = await checkedEntries(zip, archive, limits)
    let bytes = 0
    for (const entry of entries) {
      const path = join(folder, ...entry.fileName.split('/'))
      if (isFolder(entry)) {
        await mkdir(path, { recursive: true })
        continue
      }
      await mkdir(dirname(path), { recursive: true })
      const before = bytes
      await writeEntry(zip, entry, path, archive, (written) => onProgress?.(before + written))
      bytes += entry.uncompressedSize
    }
    return { files: entries.filter((entry) => !isFolder(entry)).length, bytes }
  } finally {
    zip.close()
  }
}

async function openZip(archive: string): Promise<ZipFile> {
  try {
    return await openPromise(archive, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: true,
      strictFileNames: true,
      validateEntrySizes: true,
    })
  } catch (error) {
    throw damaged(error, archive)
  }
}

async function checkedEntries(
  zip: ZipFile,
  archive: string,
  limits: UnpackLimits,
): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  const kinds = new Map<string, 'file' | 'folder'>()
  let bytes = 0
  try {
    for await (const entry of zip.eachEntry()) {
      entries.push(entry)
      bytes += entry.uncompressedSize
      const fault =
        nameFault(entry.fileName) ??
        kindFault(entry) ??
        placeFault(entry, kinds) ??
        (bytes > limits.mostBytes
          ? `unpacks to more than ${limits.mostBytes} bytes in all`
          : undefined) ??
        (entries.length > limits.mostEntries
          ? `is one of more than ${limits.mostEntries} entries`
          : undefined)
      if (fault !== undefined) throw refused(archive, entry, fault)
    }
  } catch (error) {
    throw damaged(error, archive)
  }
  const shared = overlapping(entries)
  if (shared) throw refused(archive, shared, 'shares its bytes with another entry')
  return entries
}

/** An entry whose packed bytes reach into those of the next: how a small archive unpacks to a great deal. */
function overlapping(entries: readonly Entry[]): Entry | undefined {
  const inPlace = [...entries].sort(
    (a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  )
  return inPlace.find((entry, index) => {
    const next = inPlace[index + 1]
    const end = entry.relativeOffsetOfLocalHeader + localHeaderBytes + entry.compressedSize
    return next !== undefined && end > next.relativeOffsetOfLocalHeader
  })
}

/** At least: names and extra fields follow. */
const localHeaderBytes = 30

/** Names that some system would write elsewhere than below the folder, or not at all. */
function nameFault(name: string): string | undefined {
  const parts = name.replace(/\/$/, '').split('/')
  if (parts.includes('..')) return 'leads out of the folder'
  if (parts.some((part) => part === '' || part === '.')) return 'has an empty part in its path'
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f<>:"|?*\\]/.test(name)) return 'has a character that file systems refuse'
  if (parts.some((part) => /[. ]$/.test(part))) return 'has a part that ends in a dot or a blank'
  if (parts.some((part) => Buffer.byteLength(part) > 255) || parts.length > 32) return 'is too long'
  return undefined
}

const fileType = 0o170000
const regularFile = 0o100000
const folderType = 0o040000

function kindFault(entry: Entry): string | undefined {
  // The upper half holds what Unix says of a file; other systems leave it zero.
  const type = (entry.externalFileAttributes >>> 16) & fileType
  if (type === 0o120000) return 'is a link'
  if (type !== 0 && type !== regularFile && type !== folderType) return 'is no file and no folder'
  if ((type === folderType) !== isFolder(entry) && type !== 0) return 'is a folder by half'
  if (isFolder(entry) && entry.uncompressedSize > 0) return 'is a folder with content'
  if (entry.isEncrypted()) return 'is encrypted'
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    return `is packed with method ${entry.compressionMethod}, expected stored or deflated`
  }
  return undefined
}

/** Two names that are one on some system (case, or accents written in two ways) would overwrite each other. */
function placeFault(entry: Entry, kinds: Map<string, 'file' | 'folder'>): string | undefined {
  const parts = entry.fileName.replace(/\/$/, '').normalize('NFC').toLowerCase().split('/')
  for (let depth = 1; depth < parts.length; depth++) {
    const above = parts.slice(0, depth).join('/')
    if (kinds.get(above) === 'file') return 'lies in a folder that is also a file'
    kinds.set(above, 'folder')
  }
  const own = parts.join('/')
  const known = kinds.get(own)
  if (isFolder(entry) ? known === 'file' : known !== undefined) return 'occurs twice'
  kinds.set(own, isFolder(entry) ? 'folder' : 'file')
  return undefined
}

async function writeEntry(
  zip: ZipFile,
  entry: Entry,
  path: string,
  archive: string,
  onProgress: (bytes: number) => void,
): Promise<void> {
  let written = 0
  let sum = 0
  const watch = new Transform({
    transform(piece: Buffer, _encoding, done) {
      written += piece.length
      sum = crc32(piece, sum)
      onProgress(written)
      done(null, piece)
    },
  })
  const source = await zip.openReadStreamPromise(entry).catch((error: unknown) => {
    throw damaged(error, archive)
  })
  try {
    await pipeline(source, watch, createWriteStream(path, { flags: 'wx' }))
  } catch (error) {
    // What a disk refuses names the call; anything else is the archive's fault.
    if (error instanceof Error && 'syscall' in error) throw error
    throw refused(archive, entry, `is damaged (${String(error)})`)
  }
  if (sum !== entry.crc32) throw refused(archive, entry, 'is damaged: its CRC is wrong')
}

function isFolder(entry: Entry): boolean {
  return entry.fileName.endsWith('/')
}

function refused(archive: string, entry: Entry, fault: string): InputError {
  const name = JSON.stringify(entry.fileName.slice(0, 120))
  return new InputError(`${archive}: not unpacked, since the entry ${name} ${fault}`)
}

/** What the library says of an archive is for the user; what the disk says is not about the archive. */
function damaged(error: unknown, archive: string): unknown {
  if (error instanceof InputError || !(error instanceof Error) || 'code' in error) return error
  return new InputError(
    `${archive}: not unpacked, since it is no ZIP archive in order (${error.message})`,
  )
}
