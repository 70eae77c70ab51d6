/** Settings of the stages, apart from them: whoever reads settings loads no more than this. */
import { z } from 'zod'

export const scoresConfig = z.strictObject({
  /** How sure the intervals are. */
  confidence: z.number().gt(0).lt(1).default(0.95),
  /** What the report calls the baseline. */
  baselineName: z.string().min(1).default('ridge'),
})
export type ScoresConfig = z.infer<typeof scoresConfig>

export const reportConfig = z.strictObject({})
export type ReportConfig = z.infer<typeof reportConfig>
