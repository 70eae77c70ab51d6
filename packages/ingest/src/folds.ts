import { InputError, type FoldRow } from '@serflow/core'
import type { FoldsConfig } from './config.js'
import { groupBy } from './groups.js'
import { comparePaths } from './path-order.js'

/** What folds are made of. */
export interface Speaker {
  readonly speakerId: string
  readonly gender: string
}

/** Test speakers of each fold. */
export type FoldList = readonly (readonly string[])[]

/**
 * Each fold's rows from its test speakers: one row a fold and speaker, speakers in order.
 *
 * @param lists test speakers of each fold
 * @throws InputError as `checkFolds`
 */
export function foldsOf(lists: FoldList, speakers: readonly Speaker[]): FoldRow[] {
  const ids = speakers.map(({ speakerId }) => speakerId).sort(comparePaths)
  const folds = lists.flatMap((test, fold) =>
    ids.map((speakerId): FoldRow => ({
      fold,
      speakerId,
      part: test.includes(speakerId) ? 'test' : 'train',
    })),
  )
  checkFolds(folds, ids)
  return folds
}

/**
 * The test speakers of each fold.
 *
 * @param lists divisions the corpus comes with, by name
 * @throws InputError for fewer than two speakers, or a scheme that does not fit the corpus
 */
export function divideSpeakers(
  speakers: readonly Speaker[],
  lists: Readonly<Record<string, FoldList>>,
  { scheme, folds, list }: FoldsConfig,
): FoldList {
  if (speakers.length < 2) {
    throw new InputError(
      `folds: the corpus has ${speakers.length} speaker, expected at least 2: one to test on, one to train on; ` +
        'add recordings of other speakers',
    )
  }
  switch (scheme) {
    case 'leave-one-speaker-out':
      return leaveOneSpeakerOut(speakers)
    case 'k-speakers':
      return kSpeakers(speakers, folds)
    case 'list':
      return listedFolds(list, speakers, 'folds.list')
    default: {
      const named = lists[scheme]
      if (named) return listedFolds(named, speakers, scheme)
      const known = Object.keys(lists).join(', ') || 'none'
      throw new InputError(
        `folds: this corpus has no division "${scheme}" (it has: ${known}); set folds.scheme to leave-one-speaker-out`,
      )
    }
  }
}

/** One fold a speaker, in the order of their ids. */
export function leaveOneSpeakerOut(speakers: readonly Speaker[]): FoldList {
  return speakers
    .map(({ speakerId }) => speakerId)
    .sort(comparePaths)
    .map((speakerId) => [speakerId])
}

/**
 * Speakers dealt to folds like cards: women, then men, then unknown, each in the order of their ids; the next gender
 * goes on where the last one stopped. Folds differ by at most one speaker, and by at most one of each gender.
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
  const dealt = [...speakers].sort(
    (left, right) => rank(left) - rank(right) || comparePaths(left.speakerId, right.speakerId),
  )
  return Array.from({ length: folds }, (_, fold) =>
    dealt.filter((_, index) => index % folds === fold).map(({ speakerId }) => speakerId),
  )
}

/**
 * A list of test speakers for the speakers that are there: others are dropped, and folds that are left empty.
 *
 * @throws InputError naming the speakers that the list lacks
 */
export function listedFolds(list: FoldList, speakers: readonly Speaker[], name: string): FoldList {
  const listed = new Set(list.flat())
  const present = new Set(speakers.map(({ speakerId }) => speakerId))
  const missing = [...present].filter((speakerId) => !listed.has(speakerId)).sort(comparePaths)
  if (missing.length > 0) {
    throw new InputError(
      `folds: the list "${name}" does not hold the speakers ${missing.join(', ')} of this corpus; ` +
        'add them to the list, or set folds.scheme to leave-one-speaker-out',
    )
  }
  return list
    .map((test) => test.filter((speakerId) => present.has(speakerId)))
    .filter((test) => test.length > 0)
}

/**
 * Checks that folds are honest: every fold has each speaker once, on one side; each speaker is tested in exactly one
 * fold; no part is empty.
 *
 * @throws InputError naming the fold and the speaker
 */
export function checkFolds(folds: readonly FoldRow[], speakers: readonly string[]): void {
  const tested = new Map(speakers.map((speakerId) => [speakerId, 0]))
  const byFold = groupBy(folds, ({ fold }) => fold)
  for (const [fold, rows] of byFold) {
    const sides = new Map<string, FoldRow['part']>()
    for (const { speakerId, part } of rows) {
      if (!tested.has(speakerId))
        fail(`fold ${fold} has speaker ${speakerId}, whom the corpus lacks`)
      const other = sides.get(speakerId)
      if (other) {
        fail(
          other === part
            ? `fold ${fold} has speaker ${speakerId} twice`
            : `fold ${fold} has speaker ${speakerId} in training and in test`,
        )
      }
      sides.set(speakerId, part)
      if (part === 'test') tested.set(speakerId, tested.get(speakerId)! + 1)
    }
    for (const speakerId of speakers) {
      if (!sides.has(speakerId)) fail(`fold ${fold} lacks speaker ${speakerId}`)
    }
    for (const part of ['train', 'test']) {
      if (!rows.some((row) => row.part === part)) {
        fail(part === 'train' ? `fold ${fold} has nobody to train on` : `fold ${fold} tests nobody`)
      }
    }
  }
  for (const [speakerId, times] of tested) {
    if (times !== 1) fail(`speaker ${speakerId} is tested in ${times} folds, expected 1`)
  }
}

function fail(what: string): never {
  throw new InputError(
    `folds: ${what}; each speaker must be tested once, and never trained on then`,
  )
}
