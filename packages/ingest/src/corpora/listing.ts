import { InputError } from '@serflow/core'
import { comparePaths } from '../path-order.js'
import { checkAlike, sentenceSpellings } from './alike.js'
import type {
  CorpusAbout,
  CorpusEntry,
  CorpusModule,
  FoundCorpus,
  FoundUtterance,
  OtherFile,
} from './corpus.js'
import type { CorpusFolder } from './folder.js'
import {
  applyLabels,
  type LabelChange,
  type LabelledCorpus,
  type LabelledUtterance,
} from './labels.js'
import { ownClasses, type CorpusSettings } from './settings.js'
import { sharesOf } from './votes.js'
import { filterUtterances } from './where.js'

/** A corpus as the settings want it; both lists in path order. */
export interface CorpusListing {
  /** In the order of the class index. */
  readonly classes: readonly string[]
  readonly entries: readonly CorpusEntry[]
  readonly others: readonly OtherFile[]
  readonly about: CorpusAbout
  /** What became of labels that are not used as they are, with counts. */
  readonly labelChanges: readonly LabelChange[]
  /** Speakers of whom nothing is left, since `where` or `labels` leave it out. */
  readonly leftOutSpeakers: readonly string[]
  /** False where an utterance has no speaker, and the settings allow it. */
  readonly speakersKnown: boolean
}

/**
 * Lists a corpus folder and applies what the settings say: `where` first, on the corpus's own words, then `labels`.
 *
 * Utterances without a speaker get one of 20 stand-ins, `unknown-01` to `unknown-20`, by what is in their file, and
 * by their split where they have one. A stand-in is nobody's voice: folds over them are folds by recording.
 *
 * @param digestOf SHA-256 of a file's bytes; asked for files of utterances alone. A file for which it throws InputError is
 *   left out as unreadable.
 * @throws InputError for what is wrong with the folder or the settings, as the corpus's reader, `filterUtterances` and
 *   `applyLabels`; for utterances without a speaker where the settings do not say that speakers are unknown; and as
 *   `checkAlike`
 */
export async function listCorpus(
  module: CorpusModule,
  folder: CorpusFolder,
  settings: CorpusSettings,
  digestOf: (path: string) => Promise<string>,
): Promise<CorpusListing> {
  const corpus = settings.name ?? settings.kind
  const found = await module.list(folder, settings)
  const labelled = labelledCorpus(module, found, settings)
  const { classes, utterances, others, labelChanges } = labelled
  const nameless = utterances.filter(({ speakerId }) => speakerId === null)
  if (nameless.length > 0 && settings.speakers !== 'unknown') {
    throw new InputError(namelessMessage(corpus, nameless))
  }
  const spelled = sentenceSpellings(utterances.map(({ sentence }) => sentence))
  const entries: CorpusEntry[] = []
  const unreadable = new Map<string, string>()
  for (const utterance of utterances) {
    if (unreadable.has(utterance.file)) continue
    const fileDigest = await digestOf(utterance.file).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error
      unreadable.set(utterance.file, error.message)
    })
    if (fileDigest === undefined) continue
    const speakerId = utterance.speakerId ?? standIn(fileDigest, utterance.split)
    const entry = entryOf(corpus, { ...utterance, speakerId, fileDigest }, classes)
    const sentence = entry.sentence === null ? null : spelled(entry.sentence)
    entries.push({ ...entry, sentence })
  }
  const usual = module.own ? `${corpus}: ${module.title}` : module.title
  const { title, licence, citation } = {
    ...module,
    title: usual,
    ...found.about,
    ...given(settings),
  }
  return {
    classes,
    entries: entries.sort(
      (left, right) =>
        comparePaths(left.file, right.file) ||
        (left.startSeconds ?? 0) - (right.startSeconds ?? 0) ||
        comparePaths(left.utteranceId, right.utteranceId),
    ),
    others: [
      ...others,
      ...[...unreadable].map(([file, note]) => ({ file, status: 'unreadable' as const, note })),
    ].sort(
      (left, right) => comparePaths(left.file, right.file) || comparePaths(left.note, right.note),
    ),
    about: { title, licence, citation },
    labelChanges,
    leftOutSpeakers: leftOut(found.utterances, utterances),
    speakersKnown: nameless.length === 0,
  }
}

/**
 * What a reader found by the words of the settings: `where` first, then `labels`, then `classes`.
 *
 * @throws InputError as `filterUtterances` and `applyLabels`, and as `checkAlike`
 */
export function labelledCorpus(
  module: CorpusModule,
  found: FoundCorpus,
  settings: CorpusSettings,
): LabelledCorpus {
  const corpus = settings.name ?? settings.kind
  const wanted = settings.where ? filterUtterances(corpus, found, settings.where) : found
  const order = module.own ? ownClasses.parse(settings.classes) : undefined
  const labelled = applyLabels(corpus, wanted, settings.labels, order)
  checkAlike(corpus, labelled.utterances)
  return labelled
}

function leftOut(
  found: readonly FoundUtterance[],
  used: readonly LabelledUtterance[],
): readonly string[] {
  const left = new Set(found.flatMap(({ speakerId }) => (speakerId === null ? [] : [speakerId])))
  for (const { speakerId } of used) left.delete(speakerId ?? '')
  return [...left].sort(comparePaths)
}

const standIns = 20

function standIn(digest: string, split: string | undefined): string {
  const number = (Number.parseInt(digest.slice(0, 8), 16) % standIns) + 1
  return `unknown-${split === undefined ? '' : `${split}-`}${String(number).padStart(2, '0')}`
}

function entryOf(
  corpus: string,
  utterance: LabelledUtterance & { readonly speakerId: string; readonly fileDigest: string },
  classes: readonly string[],
): CorpusEntry {
  const { votes, attributes } = utterance
  return {
    corpus,
    utteranceId: utterance.utteranceId,
    file: utterance.file,
    fileDigest: utterance.fileDigest,
    startSeconds: utterance.startSeconds ?? null,
    endSeconds: utterance.endSeconds ?? null,
    speakerId: utterance.speakerId,
    gender: utterance.gender ?? 'unknown',
    emotion: utterance.emotion,
    labelShares: votes ? sharesOf(votes, classes) : null,
    sentence: utterance.sentence ?? null,
    intensity: utterance.intensity ?? null,
    session: utterance.session ?? null,
    split: utterance.split ?? null,
    attributes: attributes ? JSON.stringify(attributes) : null,
    note: utterance.note ?? null,
  }
}

/** What the user says of the corpus goes before what is known of it. */
function given({ title, licence, citation }: CorpusSettings): Partial<CorpusAbout> {
  return {
    ...(title === undefined ? {} : { title }),
    ...(licence === undefined ? {} : { licence }),
    ...(citation === undefined ? {} : { citation }),
  }
}

function namelessMessage(corpus: string, nameless: readonly FoundUtterance[]): string {
  const more = nameless.length === 1 ? '' : ` and ${nameless.length - 1} more`
  return (
    `${corpus}: the speaker of "${nameless[0]!.file}"${more} is not known, so that no fold can keep speakers apart; ` +
    'say who speaks (a column "speaker", or corpus.speaker for folders), or set corpus.speakers: unknown: folds are ' +
    'then by clip, and the report says that it is not speaker-independent'
  )
}
