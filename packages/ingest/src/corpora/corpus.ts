import type { FileStatus, ManifestRow } from '@serflow/core'

/** What a file's name says of an utterance; nothing has been decoded. */
export type CorpusEntry = Pick<
  ManifestRow,
  | 'file'
  | 'startSeconds'
  | 'endSeconds'
  | 'labelShares'
  | 'sentence'
  | 'intensity'
  | 'session'
  | 'split'
  | 'attributes'
  | 'note'
> & {
  readonly corpus: string
  readonly utteranceId: string
  readonly fileDigest: string
  readonly speakerId: string
  readonly gender: 'female' | 'male' | 'unknown'
  readonly emotion: string
}

/** What most names say nothing of. */
export const unsaid = {
  startSeconds: null,
  endSeconds: null,
  labelShares: null,
  sentence: null,
  intensity: null,
  session: null,
  split: null,
  attributes: null,
  note: null,
} as const

/** A file that is no utterance of the corpus, and why. */
export interface OtherFile {
  readonly file: string
  readonly status: Extract<FileStatus, 'rejected' | 'skipped'>
  /** Why; for a skipped file the kind alone, such as `song`, so that kinds can be counted. */
  readonly note: string
}

/** All files of a corpus folder, without what systems leave lying about; both lists in path order. */
export interface CorpusListing {
  readonly entries: readonly CorpusEntry[]
  readonly others: readonly OtherFile[]
}

/** A file of the corpus folder: its path within it, with forward slashes, and the SHA-256 of its bytes. */
export interface ListedFile {
  readonly path: string
  readonly digest: string
}

/** What is known of one corpus. */
export interface CorpusModule {
  readonly name: string
  readonly title: string
  /** In the order of the class index. */
  readonly classes: readonly string[]
  /** Whether its speech was made by a program. */
  readonly synthetic: boolean
  readonly licence: string
  readonly citation: string
  /** Published divisions by name: the test speakers of each fold. */
  readonly foldLists: Readonly<Record<string, readonly (readonly string[])[]>>
  /** Sorts files into utterances and others by their names alone, whatever order they are given in. */
  list(files: readonly ListedFile[]): CorpusListing
}

/** Whether a system or a tool left the file there: dot files, resource forks, thumbnails, index folders. */
export function isLitter(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || litter.has(part.toLowerCase()))
}

const litter: ReadonlySet<string> = new Set([
  '__macosx',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '@eadir',
  '$recycle.bin',
  'system volume information',
])
