import type { FoldPart, FoldRow } from '@serflow/core'
import type { FoldsConfig } from './config.js'
import { connectedSpans } from './connected-spans.js'
import type { CorpusEntry } from './corpora/corpus.js'
import { groupBy } from './groups.js'
import { comparePaths } from './path-order.js'

/** What folds are made of: facts that the names and label files of a corpus tell. */
export interface Speaker {
  readonly speakerId: string
  readonly gender: string
  /** Names of the corpora the speaker is heard in. */
  readonly corpora?: readonly string[]
  /** Recording sessions, as far as they are known. */
  readonly sessions?: readonly (string | null)[]
  /** Parts the corpus puts the speaker's utterances in, as far as it does. */
  readonly splits?: readonly (string | null)[]
  /** Number of utterances by emotion. */
  readonly counts?: Readonly<Record<string, number>>
  /** Where the scheme divides utterances. */
  readonly utterances?: readonly SpeakerUtterance[]
}

/** What a division of utterances looks at. */
export interface SpeakerUtterance {
  readonly utteranceId: string
  readonly corpus: string
  readonly sentence: string | null
  readonly emotion: string
  /** Equal for one recording under two names, and for parts of one that overlap: these stay on one side. */
  readonly recording: string
}

/**
 * The speakers of a corpus with what the scheme needs of them, in the order of their ids.
 *
 * @param entries all utterances, in any order
 * @param digestOf the digest of each file, by which one recording under two names is known
 */
export function speakersOf(
  entries: readonly CorpusEntry[],
  { scheme }: Pick<FoldsConfig, 'scheme'>,
  digestOf: ReadonlyMap<string, string> = new Map(),
): Speaker[] {
  const names = connectedSpans(
    entries.map(({ file, startSeconds, endSeconds }) => ({
      digest: digestOf.get(file) ?? file,
      startSeconds,
      endSeconds,
    })),
  )
  const recordingOf = new Map(entries.map((entry, index) => [entry, names[index]!]))
  const divided = scheme === 'by-sentence' || scheme === 'cross-corpus' || scheme === 'random-clips'
  return [...groupBy(entries, ({ speakerId }) => speakerId)]
    .sort(([left], [right]) => comparePaths(left, right))
    .map(([speakerId, own]) => ({
      speakerId,
      gender: genderOf(own),
      corpora: distinct(own.map(({ corpus }) => corpus)),
      sessions: distinct(own.map(({ session }) => session)),
      splits: distinct(own.map(({ split }) => split)),
      counts: countsOf(own),
      ...(divided ? { utterances: utterancesOf(own, recordingOf) } : {}),
    }))
}

/** The speakers of whom a fold has something in each part; one who is in two parts is in two lists. */
export interface FoldSides {
  readonly fold: number
  readonly train: readonly string[]
  readonly validation: readonly string[]
  readonly test: readonly string[]
}

/** Rows to the speakers of each part, folds ascending, speakers in order. */
export function foldSides(rows: readonly FoldRow[]): FoldSides[] {
  return [...groupBy(rows, ({ fold }) => fold)]
    .sort(([left], [right]) => left - right)
    .map(([fold, own]) => {
      const speakersIn = (part: FoldPart) =>
        distinct(own.filter((row) => row.part === part).map(({ speakerId }) => speakerId))
      return {
        fold,
        train: speakersIn('train'),
        validation: speakersIn('validation'),
        test: speakersIn('test'),
      }
    })
}

/** The gender all entries agree on. */
function genderOf(entries: readonly CorpusEntry[]): string {
  const [gender, ...others] = new Set(entries.map((entry) => entry.gender))
  return others.length === 0 ? gender! : 'unknown'
}

function countsOf(entries: readonly CorpusEntry[]): Record<string, number> {
  const counts = groupBy(entries, ({ emotion }) => emotion)
  return Object.fromEntries(
    distinct([...counts.keys()]).map((emotion) => [emotion, counts.get(emotion)!.length]),
  )
}

/** An id that stands there twice is one utterance: the manifest finds out whether they are copies. */
function utterancesOf(
  entries: readonly CorpusEntry[],
  recordingOf: ReadonlyMap<CorpusEntry, string>,
): SpeakerUtterance[] {
  return [...groupBy(entries, ({ utteranceId }) => utteranceId)]
    .sort(([left], [right]) => comparePaths(left, right))
    .map(([utteranceId, own]) => {
      const [entry] = [...own].sort((left, right) => comparePaths(left.file, right.file))
      const { corpus, sentence, emotion } = entry!
      return { utteranceId, corpus, sentence, emotion, recording: recordingOf.get(entry!)! }
    })
}

/** The different ones in order, null last. */
function distinct<T extends string | null>(texts: readonly T[]): T[] {
  return [...new Set(texts)].sort((left, right) => {
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    return comparePaths(left, right)
  })
}
