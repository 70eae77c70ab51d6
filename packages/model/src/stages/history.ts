import { z } from 'zod'
import {
  headWeights,
  jsonType,
  one,
  type Stage,
  type TrainingRecord,
  type Weights,
} from '@serflow/core'

/** How a head's training went, without its weights, for the report. */
export const historyStage: Stage<{ head: Weights }, TrainingRecord, Record<string, never>> = {
  name: 'history',
  inputs: { head: one(headWeights) },
  output: jsonType<TrainingRecord>('training record'),
  config: z.strictObject({}),
  run: ({ head }) => head.settings as TrainingRecord,
}
