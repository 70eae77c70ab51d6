import { z } from 'zod'
import { many, predictionsTable, type PredictionRow, type Stage } from '@serflow/core'

/** The predictions of all folds and seeds as one table, in the order of seeds, folds and utterances. */
export const stage: Stage<
  { predictions: readonly (readonly PredictionRow[])[] },
  readonly PredictionRow[],
  Record<string, never>
> = {
  name: 'all-predictions',
  inputs: { predictions: many(predictionsTable) },
  output: predictionsTable,
  config: z.strictObject({}),
  run: ({ predictions }) => predictions.flat(),
}
