import { InputError } from '@serflow/core'
import { plainName } from './corpora/names.js'
import type { Speaker } from './folds-speakers.js'
import { mostEven } from './folds-balance.js'
import { groupBy } from './groups.js'
import { comparePaths } from './path-order.js'

/** Test speakers of each fold. */
export type FoldList = readonly (readonly string[])[]

/** A fold by its speakers; who is named in neither part is trained on. */
export interface SpeakerFold {
  readonly test: readonly string[]
  readonly validation?: readonly string[]
}

/** One fold a speaker, in the order of their ids. */
export function leaveOneSpeakerOut(speakers: readonly Speaker[]): FoldList {
  return speakers
    .map(({ speakerId }) => speakerId)
    .sort(comparePaths)
    .map((speakerId) => [speakerId])
}

/**
 * One fold a recording session, in the order of their names; it tests the speakers of the session.
 *
 * @throws InputError where a speaker has no session, or two, or where there is but one session
 */
export function leaveOneSessionOut(speakers: readonly Speaker[]): FoldList {
  const sessionOf = ({ speakerId, sessions = [null] }: Speaker): string => {
    if (sessions.includes(null)) {
      throw new InputError(
        `folds: speaker ${speakerId} has recordings without a session; ` +
          'give every recording its session, or set folds.scheme to leave-one-speaker-out',
      )
    }
    if (sessions.length > 1) {
      throw new InputError(
        `folds: speaker ${speakerId} is in the sessions ${sessions.join(', ')}, and would be trained and tested on; ` +
          'set folds.scheme to leave-one-speaker-out',
      )
    }
    return sessions[0]!
  }
  const bySession = groupBy(inOrder(speakers), sessionOf)
  if (bySession.size < 2) {
    throw new InputError(
      `folds: all speakers are in one session, ${[...bySession.keys()].join()}, expected at least 2 sessions; ` +
        'set folds.scheme to leave-one-speaker-out',
    )
  }
  return [...bySession]
    .sort(([left], [right]) => comparePaths(left, right))
    .map(([, own]) => own.map(({ speakerId }) => speakerId))
}

/**
 * Speakers in k groups alike in gender and emotions: women, then men, then unknown are dealt to folds, each in the
 * order of their ids, and change places until the folds' counts of utterances by emotion are even: see `mostEven`.
 *
 * Folds differ by at most one speaker, and by at most one of each gender.
 *
 * @param folds 2 to the number of speakers
 * @throws InputError for more folds than speakers
 */
export function kSpeakers(speakers: readonly Speaker[], folds: number): FoldList {
  if (folds > speakers.length) {
    throw new InputError(
      `folds: ${folds} folds for ${speakers.length} speakers, expected at most one fold a speaker; set folds.folds lower`,
    )
  }
  const rank = ({ gender }: Speaker) => (gender === 'female' ? 0 : gender === 'male' ? 1 : 2)
  const ordered = inOrder(speakers).sort((left, right) => rank(left) - rank(right))
  return mostEven(ordered, folds).map((group) => group.map(({ speakerId }) => speakerId))
}

/**
 * A published list of test speakers for the speakers that are there: others are dropped, and folds that are left empty.
 *
 * @throws InputError naming the speakers that the list lacks
 */
export function listedFolds(list: FoldList, speakers: readonly Speaker[], name: string): FoldList {
  const present = new Set(speakers.map(({ speakerId }) => speakerId))
  checkListed(list, present, name)
  return list
    .map((test) => test.filter((speakerId) => present.has(speakerId)))
    .filter((test) => test.length > 0)
}

/**
 * The user's own list of test speakers, each of whom must be there: a name that nobody has is one that is mistyped.
 *
 * @throws InputError naming the speakers whom the corpus lacks, or those that the list lacks
 */
export function ownFolds(given: FoldList, speakers: readonly Speaker[], name: string): FoldList {
  const list = given.map((test) => test.map(plainName))
  const present = new Set(speakers.map(({ speakerId }) => speakerId))
  const strangers = list.flat().filter((speakerId) => !present.has(speakerId))
  if (strangers.length > 0) {
    throw new InputError(
      `folds: ${name} names ${shown([...new Set(strangers)])}, whom this corpus lacks; it has the speakers ` +
        `${shown([...present].sort(comparePaths))}: mend or remove the name`,
    )
  }
  checkListed(list, present, name)
  return list
}

/** An own list without speakers whom other settings leave out; folds that are left empty go with them. */
export function withoutLeftOut(list: FoldList, leftOut: readonly string[]): string[][] {
  const absent = new Set(leftOut)
  return list
    .map((test) => test.filter((speakerId) => !absent.has(plainName(speakerId))))
    .filter((test) => test.length > 0)
}

function checkListed(list: FoldList, present: ReadonlySet<string>, name: string): void {
  const listed = new Set(list.flat())
  const missing = [...present].filter((speakerId) => !listed.has(speakerId)).sort(comparePaths)
  if (missing.length > 0) {
    throw new InputError(
      `folds: the list "${name}" does not hold the speakers ${shown(missing)} of this corpus; ` +
        'add them to the list, or set folds.scheme to leave-one-speaker-out',
    )
  }
}

function shown(names: readonly string[], most = 20): string {
  const rest = names.length - most
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** Words that a column `split` may have, in any case. */
const splitWords = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'val', 'development', 'devel', 'dev'],
  test: ['test', 'testing', 'evaluation', 'eval'],
} as const
type SplitPart = keyof typeof splitWords
const splitParts = Object.keys(splitWords) as SplitPart[]
const splitPartOf: ReadonlyMap<string, SplitPart> = new Map(
  splitParts.flatMap((part) => splitWords[part].map((word) => [word, part] as const)),
)

/**
 * The one fold that the corpus comes with, by its column `split`: train, validation (or dev, val) and test, in any case.
 *
 * @throws InputError naming a speaker without a part, with an unknown one, or with two; and where nobody is in train or
 *   in test
 */
export function ownSplit(speakers: readonly Speaker[]): SpeakerFold {
  const byPart = groupBy(inOrder(speakers), splitOf)
  const idsOf = (part: SplitPart) => (byPart.get(part) ?? []).map(({ speakerId }) => speakerId)
  for (const part of ['train', 'test'] as const) {
    if (byPart.has(part)) continue
    const counts = splitParts.map((each) => `${each} ${byPart.get(each)?.length ?? 0}`)
    throw new InputError(
      `folds: the column split has no speaker in ${part} (speakers: ${counts.join(', ')}); ` +
        'mend the column split, or set folds.scheme to leave-one-speaker-out',
    )
  }
  return { test: idsOf('test'), validation: idsOf('validation') }
}

function splitOf({ speakerId, splits = [null] }: Speaker): SplitPart {
  const parts = new Set<SplitPart>()
  for (const word of splits) {
    const part = splitPartOf.get(word?.toLowerCase() ?? '')
    if (part === undefined) {
      throw new InputError(
        `folds: the split of speaker ${speakerId} is ${word === null ? 'none for some recordings' : `"${word}"`}, ` +
          'expected train, validation (or dev, val) or test; ' +
          'mend the column split, or set folds.scheme to leave-one-speaker-out',
      )
    }
    parts.add(part)
  }
  const [first, ...others] = parts
  if (first !== undefined && others.length === 0) return first
  throw new InputError(
    `folds: the corpus has speaker ${speakerId} in ${[...parts].join(' and in ')}; a speaker must be on one side: ` +
      'set folds.scheme to leave-one-speaker-out, or mend the column split',
  )
}

function inOrder(speakers: readonly Speaker[]): Speaker[] {
  return [...speakers].sort((left, right) => comparePaths(left.speakerId, right.speakerId))
}
