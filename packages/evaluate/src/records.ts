/** How scores and report are stored. Apart from the stages, so that a stage that reads one does not hold the code of the other. */
import { jsonType } from '@serflow/core'
import type { Report, Scores } from './schema.js'

export const scoresRecord = jsonType<Scores>('scores')

/** report.json */
export const reportRecord = jsonType<Report>('report')
