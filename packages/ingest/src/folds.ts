import { InputError, type FoldRow } from '@serflow/core'
import type { FoldsConfig } from './config.js'
import { checkFolds } from './folds-check.js'
import {
  kSpeakers,
  leaveOneSessionOut,
  leaveOneSpeakerOut,
  listedFolds,
  ownFolds,
  ownSplit,
  type FoldList,
  type SpeakerFold,
} from './folds-by-speaker.js'
import { bySentence, crossCorpus, randomClips } from './folds-by-utterance.js'
import type { Speaker } from './folds-speakers.js'
import { holdOutValidation } from './folds-validation.js'
import { comparePaths } from './path-order.js'

/**
 * The folds of a corpus, from what its names say: which speakers, or which of their utterances, each fold trains on,
 * chooses the epoch by, and tests on. The order of the speakers does not matter.
 *
 * Each speaker (or utterance, where a scheme divides these) is tested once; cross-corpus and split test some alone.
 * No speaker is on two sides of a fold, but by random-clips.
 *
 * @param speakers from `speakersOf`
 * @param lists divisions by name: test speakers of each fold. Those the corpus comes with, and `table`, the user's own
 * @returns rows by fold and speaker
 * @throws InputError for fewer than two speakers, or a scheme that does not fit the corpus
 */
export function divideSpeakers(
  speakers: readonly Speaker[],
  lists: Readonly<Record<string, FoldList>>,
  config: FoldsConfig,
): FoldRow[] {
  const sorted = [...speakers].sort((left, right) => comparePaths(left.speakerId, right.speakerId))
  if (sorted.length < 2 && config.scheme !== 'random-clips') throw new InputError(tooFew(sorted))
  return holdOutValidation(divide(sorted, lists, config), sorted, config.validation)
}

function divide(
  speakers: readonly Speaker[],
  lists: Readonly<Record<string, FoldList>>,
  config: FoldsConfig,
): FoldRow[] {
  switch (config.scheme) {
    case 'leave-one-speaker-out':
      return foldsOf(leaveOneSpeakerOut(speakers), speakers)
    case 'leave-one-session-out':
      return foldsOf(leaveOneSessionOut(speakers), speakers)
    case 'k-speakers':
      return foldsOf(kSpeakers(speakers, config.folds), speakers)
    case 'list':
      return foldsOf(ownFolds(config.list, speakers, 'folds.list'), speakers)
    case 'table':
      return foldsOf(ownFolds(namedList(lists, 'table'), speakers, 'folds.table'), speakers)
    case 'split':
      return speakerRows([ownSplit(speakers)], speakers, { testsAll: false })
    case 'by-sentence':
      return bySentence(speakers, config)
    case 'cross-corpus':
      return crossCorpus(speakers, config)
    case 'random-clips':
      return randomClips(speakers, config)
    default:
      return foldsOf(
        listedFolds(namedList(lists, config.scheme), speakers, config.scheme),
        speakers,
      )
  }
}

/**
 * Each fold's rows from its test speakers; all others are trained on. One row a fold and speaker, speakers in order.
 *
 * @param lists test speakers of each fold
 * @throws InputError as `checkFolds`
 */
export function foldsOf(lists: FoldList, speakers: readonly Speaker[]): FoldRow[] {
  return speakerRows(
    lists.map((test) => ({ test })),
    speakers,
    { testsAll: true },
  )
}

function speakerRows(
  division: readonly SpeakerFold[],
  speakers: readonly Speaker[],
  { testsAll }: { testsAll: boolean },
): FoldRow[] {
  const ids = speakers.map(({ speakerId }) => speakerId).sort(comparePaths)
  const rows = division.flatMap(({ test, validation = [] }, fold) =>
    ids.map((speakerId): FoldRow => {
      const isTested = test.includes(speakerId)
      const part = isTested ? 'test' : validation.includes(speakerId) ? 'validation' : 'train'
      return { fold, speakerId, utteranceId: null, part }
    }),
  )
  checkFolds(rows, ids, { testsAll })
  return rows
}

function namedList(lists: Readonly<Record<string, FoldList>>, scheme: string): FoldList {
  const named = lists[scheme]
  if (named) return named
  if (scheme === 'table') {
    throw new InputError(
      'folds: the scheme "table" needs a file: set folds.table to a CSV file with the columns speaker and fold',
    )
  }
  const known = Object.keys(lists).join(', ') || 'none'
  throw new InputError(
    `folds: this corpus has no division "${scheme}" (it has: ${known}); set folds.scheme to leave-one-speaker-out`,
  )
}

function tooFew(speakers: readonly Speaker[]): string {
  return (
    `folds: the corpus has ${speakers.length} speaker, expected at least 2: one to test on, one to train on; ` +
    'add recordings of other speakers, or set folds.scheme to random-clips, whose result says nothing of other speakers'
  )
}
