import {
  balanceTable,
  foldsTable,
  InputError,
  manifestTable,
  one,
  value,
  type BalanceRow,
  type FoldRow,
  type ManifestRow,
  type Stage,
} from '@serflow/core'
import { balanceConfig, type BalanceConfig } from '../config.js'
import { balance } from '../balance.js'
import { groupBy } from '../groups.js'

/**
 * Corpus and folds to class weights: for each fold from its training speakers alone, then for all speakers (fold
 * null), in the order of the classes.
 *
 * @throws InputError for a used utterance whose emotion is none of the classes
 */
export const balanceStage: Stage<
  {
    corpus: readonly ManifestRow[]
    folds: readonly FoldRow[]
    classes: readonly string[]
  },
  readonly BalanceRow[],
  BalanceConfig
> = {
  name: 'balance',
  inputs: { corpus: one(manifestTable), folds: one(foldsTable), classes: value() },
  output: balanceTable,
  config: balanceConfig,
  run({ corpus, folds, classes }, { kind }) {
    const used = corpus.filter(({ status }) => status === 'used')
    const stranger = used.find(({ emotion }) => !classes.includes(emotion!))
    if (stranger) {
      throw new InputError(
        `"${stranger.file}" has the emotion "${stranger.emotion}", expected one of ${classes.join(', ')}; ` +
          'add it to the classes or move the file out of the corpus folder',
      )
    }
    const rowsOf = (fold: number | null, speakers: ReadonlySet<string | null>) => {
      const training = used.filter(({ speakerId }) => speakers.has(speakerId))
      return balance(
        fold,
        training.map(({ emotion }) => emotion!),
        classes,
        kind,
      )
    }
    const training = folds.filter(({ part }) => part === 'train')
    const byFold = groupBy(training, ({ fold }) => fold)
    const everybody = new Set(used.map(({ speakerId }) => speakerId))
    return [
      ...[...byFold]
        .sort(([left], [right]) => left - right)
        .flatMap(([fold, rows]) => rowsOf(fold, new Set(rows.map(({ speakerId }) => speakerId)))),
      ...rowsOf(null, everybody),
    ]
  },
}
