import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { InputError, sha256 } from '@serflow/core'
import { corpora, type CorpusListing, type CorpusModule } from '@serflow/ingest'
import type { FileDigests } from './runner/file-digests.js'
import type { FileRef } from './runner/graph.js'

/** A corpus folder as it lies on the disk, and what its reader makes of the names. */
export interface Recordings {
  readonly corpus: CorpusModule
  /** Absolute path. */
  readonly root: string
  readonly listing: CorpusListing
  /** Digest of a file of the listing. */
  readonly digestOf: ReadonlyMap<string, string>
  /** One digest over paths and digests of all files that are utterances. */
  readonly digest: string
}

/**
 * Lists a corpus folder and takes the digests of its files; unchanged files are not read again.
 *
 * @throws InputError where there is no such folder, or nothing in it that the reader knows
 */
export async function listRecordings(
  kind: keyof typeof corpora,
  root: string,
  digests: FileDigests,
): Promise<Recordings> {
  const corpus = corpora[kind]
  const paths = await walk(root)
  // Names first: what is no utterance is not read.
  const named = corpus.list(paths.map((path) => ({ path, digest: '' })))
  if (named.entries.length === 0) {
    const others = named.others.length
    const seen =
      others === 0
        ? 'no sound file'
        : `${others} ${others === 1 ? 'file' : 'files'}, but none that is an utterance: ${named.others[0]!.file} ${named.others[0]!.note}`
    throw new InputError(
      `${root}: found ${seen}; expected ${corpus.title}, for example Actor_01/03-01-05-01-02-01-01.wav`,
    )
  }
  const wanted = named.entries.map((entry) => entry.file)
  const files: FileRef[] = []
  for (const path of wanted) {
    const digest = await digests.of(join(root, path)).catch((error: NodeJS.ErrnoException) => {
      throw new InputError(
        `${join(root, path)}: cannot be read (${error.code ?? error.message}); mend or remove it`,
      )
    })
    if (digest === undefined)
      throw new InputError(`${join(root, path)}: there is no such file; is it a broken link?`)
    files.push({ path, digest })
  }
  const listing = corpus.list([
    ...files,
    ...named.others.map((other) => ({ path: other.file, digest: '' })),
  ])
  const digestOf = new Map(files.map((file) => [file.path, file.digest]))
  const digest = sha256(files.map((file) => `${file.path}\n${file.digest}\n`).join(''))
  return { corpus, root, listing, digestOf, digest }
}

/** All files below a folder, links to folders followed once, with forward slashes, in code-point order. */
async function walk(root: string): Promise<readonly string[]> {
  const found: string[] = []
  const seen = new Set<string>()
  const visit = async (folder: string): Promise<void> => {
    const { ino, dev } = await stat(folder)
    if (seen.has(`${dev} ${ino}`)) return
    seen.add(`${dev} ${ino}`)
    for (const item of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, item.name)
      const target = item.isSymbolicLink() ? await stat(path).catch(() => undefined) : item
      if (target?.isDirectory()) await visit(path)
      // A broken link is told later; a pipe or a socket would be waited for without end.
      else if (!target || target.isFile()) found.push(relative(root, path).split(sep).join('/'))
    }
  }
  try {
    await visit(root)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new InputError(`${root}: there is no such folder`)
    if (code === 'ENOTDIR')
      throw new InputError(`${root}: is a file, expected the folder of the recordings`)
    if (code === 'EACCES' || code === 'EPERM')
      throw new InputError(`${(error as NodeJS.ErrnoException).path}: cannot be read (${code})`)
    throw error
  }
  return found.sort()
}
