import { foldsTable, InputError, value, type FoldRow, type Stage } from '@serflow/core'
import { z } from 'zod'
import {
  foldsOf,
  kSpeakers,
  leaveOneSpeakerOut,
  listedFolds,
  type FoldList,
  type Speaker,
} from '../folds.js'

export const foldsConfig = z.strictObject({
  scheme: z
    .enum(['leave-one-speaker-out', 'emobox-6', 'luna-5', 'k-speakers', 'list'])
    .default('leave-one-speaker-out')
    .describe('how speakers are divided; emobox-6 and luna-5 are published divisions of RAVDESS'),
  folds: z.int().min(2).default(6).describe('number of folds of k-speakers'),
  list: z
    .array(z.array(z.string()).min(1))
    .default([])
    .describe('test speakers of each fold, for the scheme list'),
})
export type FoldsConfig = z.infer<typeof foldsConfig>

/**
 * Speakers to speaker-disjoint folds: a row a fold and speaker. Each speaker is tested in exactly one fold. Who
 * speaks is known from the names of the files, so folds do not depend on what is in them.
 *
 * @throws InputError for fewer than two speakers, a scheme that does not fit the corpus, or folds that leak
 */
export const foldsStage: Stage<
  { speakers: readonly Speaker[]; lists: Readonly<Record<string, FoldList>> },
  readonly FoldRow[],
  FoldsConfig
> = {
  name: 'folds',
  inputs: { speakers: value(), lists: value() },
  output: foldsTable,
  config: foldsConfig,
  run: ({ speakers, lists }, config) => foldsOf(divideSpeakers(speakers, lists, config), speakers),
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
