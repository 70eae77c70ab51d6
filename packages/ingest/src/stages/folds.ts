import { foldsTable, value, type FoldRow, type Stage } from '@serflow/core'
import { foldsConfig, type FoldsConfig } from '../config.js'
import { divideSpeakers } from '../folds.js'
import type { FoldList } from '../folds-by-speaker.js'
import type { Speaker } from '../folds-speakers.js'

/**
 * Speakers to folds. Who speaks is known from the names of the files, so folds do not depend on what is in them.
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
  run: ({ speakers, lists }, config) => divideSpeakers(speakers, lists, config),
}
