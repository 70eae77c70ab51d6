import type { FoundUtterance, OtherFile } from './corpus.js'
import { isSound, stemOf, type CorpusFolder } from './folder.js'

/** What a name says: an utterance, or why it is none. */
export type NameReading =
  | (Omit<FoundUtterance, 'file' | 'utteranceId'> & { readonly utteranceId?: string })
  | Omit<OtherFile, 'file'>

/**
 * The files of a folder by their names alone. The id of an utterance is its file's name without ending, so that a
 * name in two folders is two entries of one recording. Files that are no sound by their ending are skipped.
 *
 * @param readName of a sound file
 * @param isCompanion files that belong to the corpus and are no recordings: passed over
 */
export function listByName(
  folder: CorpusFolder,
  readName: (stem: string, path: string) => NameReading,
  isCompanion: (path: string) => boolean = () => false,
): { utterances: FoundUtterance[]; others: OtherFile[] } {
  const utterances: FoundUtterance[] = []
  const others: OtherFile[] = []
  for (const file of folder.paths) {
    if (isCompanion(file)) continue
    const stem = stemOf(file)
    const read = isSound(file) ? readName(stem, file) : skipped(kindOf(file))
    if ('status' in read) others.push({ file, ...read })
    else utterances.push({ utteranceId: stem, ...read, file })
  }
  return { utterances, others }
}

/** A name outside the corpus's scheme. */
export function rejected(note: string): Omit<OtherFile, 'file'> {
  return { status: 'rejected', note }
}

/** A proper file of another kind. */
export function skipped(note: string): Omit<OtherFile, 'file'> {
  return { status: 'skipped', note }
}

/** What rejects a name that a browser or a desktop gave to a second copy; undefined for other names. */
export function secondCopy(stem: string, example: string): Omit<OtherFile, 'file'> | undefined {
  if (!/\(\d+\)$|[ _-]cop(y|ie)\b|\bKopie\b/i.test(stem)) return undefined
  return rejected(`the name looks like a second copy of a file, expected one like ${example}`)
}

function kindOf(file: string): string {
  return /\.(mp4|avi|mov|m4v|mkv|flv)$/i.test(file) ? 'video' : 'not a sound file'
}
