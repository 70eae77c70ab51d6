import { readFile, readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { InputError, sha256 } from '@serflow/core'
import {
  corpora,
  corpusFolder,
  isSound,
  listCorpus,
  mergeListings,
  type CorpusEntry,
  type CorpusListing,
  type CorpusModule,
  type CorpusSettings,
  type OtherFile,
} from '@serflow/ingest'
import { isNotUtf8, missingFile } from './missing-file.js'
import type { FileDigests } from './runner/file-digests.js'
import type { FileRef } from './runner/graph.js'

/** A corpus, and the absolute path of the folder it lies in. */
export interface CorpusSource {
  readonly settings: CorpusSettings
  readonly root: string
}

/** A corpus folder as it lies on the disk, and what its reader makes of it. */
export interface ListedCorpus {
  readonly name: string
  readonly module: CorpusModule
  readonly settings: CorpusSettings
  /** What the settings say of whose voices they are. */
  readonly people: string | undefined
  /** Absolute path. */
  readonly root: string
  readonly listing: CorpusListing
  /** Sound files that are used and label files that were read: SHA-256 by path within the corpus folder. */
  readonly digests: ReadonlyMap<string, string>
}

/** All corpora of a run as one; with several, paths and ids have the corpus's name in front. */
export interface Recordings {
  readonly corpora: readonly ListedCorpus[]
  readonly classes: readonly string[]
  readonly entries: readonly CorpusEntry[]
  readonly others: CorpusListing['others']
  readonly speakersKnown: boolean
  readonly leftOutSpeakers: CorpusListing['leftOutSpeakers']
  /** Published divisions by name; of one corpus alone. */
  readonly foldLists: CorpusModule['foldLists']
  /** The file of an entry. */
  fileOf(entry: CorpusEntry): FileRef
  /** How many files there are: sound files that are used, and label files. */
  readonly files: number
  /** One digest over paths and digests of all these files. */
  readonly digest: string
}

/**
 * Lists the corpora of a run and takes the digests of their files; unchanged files are not read again.
 *
 * @throws InputError as `listFolder`, and where the corpora do not go together
 */
export async function listRecordings(
  sources: readonly CorpusSource[],
  digests: FileDigests,
): Promise<Recordings> {
  const listed: ListedCorpus[] = []
  for (const source of sources) listed.push(await listFolder(source, digests))
  const merged = mergeListings(listed)
  const several = listed.length > 1
  const files = new Map<string, FileRef>()
  for (const { name, root, digests: own } of listed) {
    for (const [path, digest] of own) {
      const within = several ? `${name}/${path}` : path
      files.set(within, { path: within, digest, location: join(root, path) })
    }
  }
  const lines = [...files.values()].map(({ path, digest }) => `${path}\n${digest}\n`)
  return {
    corpora: listed,
    ...merged,
    foldLists: several ? {} : listed[0]!.module.foldLists,
    fileOf: ({ file }) => files.get(file)!,
    files: files.size,
    digest: sha256(lines.join('')),
  }
}

/**
 * Lists one corpus folder. Of sound files only the digests are taken, and only of those that are utterances.
 *
 * @throws InputError where there is no such folder, nothing in it that the reader knows, or a file cannot be read
 */
export async function listFolder(
  { settings, root }: CorpusSource,
  digests: FileDigests,
): Promise<ListedCorpus> {
  const module: CorpusModule = corpora[settings.kind as keyof typeof corpora]
  const taken = new Map<string, string>()
  const digestOf = async (path: string): Promise<string> => {
    const known = taken.get(path)
    if (known !== undefined) return known
    const full = join(root, path)
    const digest = await digests.of(full).catch(unreadable(path))
    if (digest === undefined) throw new InputError(missingFile(path))
    taken.set(path, digest)
    return digest
  }
  const readBytes = async (path: string) => {
    await digestOf(path)
    return readFile(join(root, path)).catch(unreadable(path))
  }
  const unread: OtherFile[] = []
  const paths = await walk(root, (file, note) => {
    unread.push({ file, status: 'unreadable', note })
  })
  const folder = corpusFolder(root, paths, readBytes)
  const found = await listCorpus(module, folder, settings, digestOf)
  const listing = { ...found, others: [...found.others, ...unread] }
  if (listing.entries.length === 0) throw new InputError(nothingFound(root, module, listing))
  const inOrder = [...taken].sort(([left], [right]) => (left < right ? -1 : 1))
  return {
    name: settings.name ?? settings.kind,
    module,
    settings,
    people: settings.people,
    root,
    listing,
    digests: new Map(inOrder),
  }
}

function unreadable(path: string) {
  return (error: NodeJS.ErrnoException): never => {
    throw new InputError(
      `"${path}" cannot be read (${error.code ?? error.message}); mend its permissions or remove it`,
    )
  }
}

function nothingFound(root: string, module: CorpusModule, { others, about }: CorpusListing) {
  const [first] = others
  const seen =
    first === undefined
      ? 'no sound file'
      : `${others.length} ${others.length === 1 ? 'file' : 'files'}, but none that is an utterance: ${first.file} ${first.note}`
  return `${root}: found ${seen}; expected ${about.title}, for example ${module.example}`
}

/**
 * All files below a folder, links to folders followed once, with forward slashes, in code-point order.
 *
 * @param onUnread is told of folders within that may not be read, and of what has a sound's name and is no file
 * @throws InputError where the folder itself is none or may not be read
 */
export async function walk(
  root: string,
  onUnread: (path: string, note: string) => void = () => undefined,
): Promise<readonly string[]> {
  const found: string[] = []
  const seen = new Set<string>()
  const within = (path: string) => relative(root, path).split(sep).join('/')
  const visit = async (folder: string): Promise<void> => {
    const { ino, dev } = await stat(folder)
    if (seen.has(`${dev} ${ino}`)) return
    seen.add(`${dev} ${ino}`)
    const items = await readdir(folder, { withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (folder === root) throw error
        const path = within(folder)
        onUnread(
          `${path}/`,
          `"${path}" is a folder that cannot be read (${error.code ?? error.message})`,
        )
        return []
      },
    )
    for (const item of items) {
      const path = join(folder, item.name)
      const isSure = !item.isSymbolicLink() && !isNotUtf8(item.name)
      const target = isSure ? item : await stat(path).catch(() => undefined)
      if (target?.isDirectory()) await visit(path)
      else if (!target && item.isDirectory()) {
        const note = `"${within(path)}" is a folder whose name is not UTF-8; rename it`
        onUnread(`${within(path)}/`, note)
      }
      // A broken link is told later; a pipe or a socket would be waited for without end.
      else if (!target || target.isFile()) found.push(within(path))
      else if (isSound(item.name)) {
        onUnread(within(path), `"${within(path)}" is a pipe or a device, expected a sound file`)
      }
    }
  }
  try {
    await visit(root)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') {
      throw new InputError(
        `${root}: there is no such folder; put the recordings there, or name the folder they lie in by corpus.directory`,
      )
    }
    if (code === 'ENOTDIR')
      throw new InputError(`${root}: is a file, expected the folder of the recordings`)
    if (code === undefined) throw error
    throw new InputError(`${(error as NodeJS.ErrnoException).path}: cannot be read (${code})`)
  }
  return found.sort()
}
