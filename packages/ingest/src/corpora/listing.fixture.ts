/** Corpus folders from texts, for tests. */
import { sha256 } from '@serflow/core'
import { corpora, corpusFolder, corpusSettings, listCorpus, type CorpusListing } from './index.js'

/** Files by path: the text or the bytes of each; an empty text for a sound, of which the name alone counts. */
export type Files = Readonly<Record<string, string | Uint8Array>>

export const soundsAt = (paths: readonly string[]): Files =>
  Object.fromEntries(paths.map((path) => [path, '']))

/** What a corpus's reader and the settings make of a folder. */
export async function listingOf(
  kind: keyof typeof corpora,
  files: Files | readonly string[],
  settings: object = {},
): Promise<CorpusListing> {
  const contents: Files = isPaths(files) ? soundsAt(files) : files
  const bytesOf = (path: string) => {
    const content = contents[path]!
    return typeof content === 'string' ? new TextEncoder().encode(content) : content
  }
  const folder = corpusFolder('/made', Object.keys(contents), async (path) => bytesOf(path))
  const checked = corpusSettings.parse({ kind, ...settings })
  const digestOf = async (path: string) => {
    const bytes = bytesOf(path)
    return sha256(bytes.length === 0 ? path : bytes)
  }
  return listCorpus(corpora[kind], folder, checked, digestOf)
}

function isPaths(files: Files | readonly string[]): files is readonly string[] {
  return Array.isArray(files)
}
