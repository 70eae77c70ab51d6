import { htmlPage, one, type Stage } from '@serflow/core'
import { z } from 'zod'
import { reportRecord } from '../records.js'
import { reportPage } from '../report/html.js'
import type { Report } from '../schema.js'

export const reportPageConfig = z.strictObject({})
export type ReportPageConfig = z.infer<typeof reportPageConfig>

/** report.json to report.html: one page that needs nothing else, for people. */
export const reportPageStage: Stage<{ report: Report }, Uint8Array, ReportPageConfig> = {
  name: 'report-page',
  inputs: { report: one(reportRecord) },
  output: htmlPage,
  config: reportPageConfig,
  run({ report }) {
    return new TextEncoder().encode(reportPage(report))
  },
}
