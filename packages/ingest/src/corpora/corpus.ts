import type { FileStatus, ManifestRow } from '@serflow/core'
import type { z } from 'zod'
import type { CorpusFolder } from './folder.js'

/** What else a corpus says of an utterance, by name. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** What a corpus says of one utterance, in its own words; nothing has been decoded. What is not said is unknown. */
export interface FoundUtterance {
  /** Path within the corpus folder. */
  readonly file: string
  /** Unique; the same id again is a copy of the same recording. */
  readonly utteranceId: string
  /** null where the corpus does not say it. */
  readonly speakerId: string | null
  /** null where only the votes tell it. */
  readonly emotion: string | null
  /** The corpus's own word where the reader counts it as another, as IEMOCAP's excited as happy. */
  readonly ownLabel?: string
  readonly gender?: 'female' | 'male' | 'unknown'
  /** Votes of annotators by label, in any unit. */
  readonly votes?: Readonly<Record<string, number>>
  /** Where it lies in the file; both left out for the whole file, no end: to the end of the file. */
  readonly startSeconds?: number
  readonly endSeconds?: number
  readonly sentence?: string
  readonly intensity?: string
  readonly session?: string
  readonly split?: string
  readonly attributes?: Attributes
  readonly note?: string
}

/** An utterance by the words of the settings: speaker and emotion are known. */
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

/** A file, or an utterance within one, that is not used, and why. */
export interface OtherFile {
  readonly file: string
  readonly status: Extract<FileStatus, 'rejected' | 'skipped' | 'unreadable'>
  /** Why; for what is skipped the kind alone, such as `song`, so that kinds can be counted. */
  readonly note: string
}

/** What a reader finds in a corpus folder. */
export interface FoundCorpus {
  /** All labels that can occur, in the order of the class index. */
  readonly classes: readonly string[]
  readonly utterances: readonly FoundUtterance[]
  readonly others: readonly OtherFile[]
  /** Where the folder says more of itself than the module knows. */
  readonly about?: Partial<CorpusAbout>
}

/** What a report says of a corpus. */
export interface CorpusAbout {
  readonly title: string
  readonly licence: string
  readonly citation: string
}

/** One corpus, or one way to write a corpus down. */
export interface CorpusModule extends CorpusAbout {
  /** `corpus.kind` in the settings. */
  readonly name: string
  /** Whether its speech was made by a program. */
  readonly synthetic: boolean
  /** Whether it is a way to write down recordings of one's own: classes and speakers are then the user's. */
  readonly own: boolean
  /** Rises when a code becomes another label, or the order of the classes changes. Of own recordings it says nothing. */
  readonly labelsVersion: number
  /** A file's path as the corpus has it, for messages. */
  readonly example: string
  /** Published divisions by name: the test speakers of each fold. */
  readonly foldLists: Readonly<Record<string, readonly (readonly string[])[]>>
  /** Settings of its own, beside those that every corpus has. */
  readonly options: z.ZodObject
  /**
   * Sorts a folder's files into utterances and others, whatever order they are given in. Of sound files the names are
   * looked at alone; label files may be read.
   *
   * @param options settings of the corpus; its own are checked, others passed over
   */
  list(folder: CorpusFolder, options?: object): Promise<FoundCorpus>
}

type Optional = 'foldLists' | 'synthetic' | 'own' | 'labelsVersion'

/** A corpus module from what is its own. */
export function defineCorpus<Options extends z.ZodObject>(
  made: Omit<CorpusModule, 'options' | 'list' | Optional> &
    Partial<Pick<CorpusModule, Optional>> & {
      readonly options: Options
      list(folder: CorpusFolder, options: z.output<Options>): FoundCorpus | Promise<FoundCorpus>
    },
): CorpusModule {
  return {
    foldLists: {},
    synthetic: false,
    own: false,
    labelsVersion: 1,
    ...made,
    list: async (folder, options = {}) => {
      const own = Object.entries(options).filter(([name]) => name in made.options.shape)
      return made.list(folder, made.options.parse(Object.fromEntries(own)))
    },
  }
}
