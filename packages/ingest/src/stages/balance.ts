import {
  allFoldParts,
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
import { checkLeaks } from '../leaks.js'

/**
 * Corpus and folds to weights and draws of the classes: for each fold from its training part alone, then for all
 * utterances (fold null), in the order of the classes. As training waits for these, what leaks is found here.
 *
 * @throws InputError for a used utterance whose emotion is none of the classes, a fold whose training part has no
 *   used utterance, and as `checkLeaks`
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
    checkLeaks(used, folds)
    const rowsOf = (fold: number | null, training: readonly ManifestRow[]) =>
      balance(
        fold,
        training.map(({ emotion }) => emotion!),
        classes,
        kind,
      )
    const ofFolds = [...allFoldParts(folds)].flatMap(([fold, partOf]) =>
      rowsOf(
        fold,
        used.filter((row) => partOf(row) === 'train'),
      ),
    )
    return [...ofFolds, ...rowsOf(null, used)]
  },
}
