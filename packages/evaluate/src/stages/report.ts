import { canonicalJson, one, sha256, value, type Stage } from '@serflow/core'
import { reportConfig, type ReportConfig } from '../config.js'
import { reportRecord, scoresRecord } from '../records.js'
import {
  reportSchema,
  type CorpusInfo,
  type Provenance,
  type Report,
  type Scores,
} from '../schema.js'
import { counted } from '../wording.js'

export interface ReportInputs {
  scores: Scores
  corpusInfo: CorpusInfo
  provenance: Provenance
}

/**
 * Scores, what is known of the corpus, and what made them, to report.json. Its digest is the SHA-256 of the canonical
 * JSON of all other fields: two runs that agree have the same.
 *
 * @throws z.ZodError if a field is not what reportSchema says, such as a rate outside 0..1
 */
export const reportStage: Stage<ReportInputs, Report, ReportConfig> = {
  name: 'report',
  inputs: {
    scores: one(scoresRecord),
    corpusInfo: value<CorpusInfo>(),
    provenance: value<Provenance>(),
  },
  output: reportRecord,
  config: reportConfig,
  run({ scores, corpusInfo, provenance }) {
    const { name, synthetic, recipeOrigin, title, licence, citation, corpora } = corpusInfo
    const { protocol: told = {}, ...made } = provenance
    const report = {
      ...scores,
      corpus: name,
      synthetic,
      recipeOrigin,
      protocol: {
        ...scores.protocol,
        selection: scores.protocol.selection ?? told.selection ?? 'none: fixed schedule',
        augmentation: told.augmentation ?? 'not stated',
        voting: told.voting ?? 'not stated',
      },
      warnings: [
        ...(synthetic ? [syntheticWarning] : []),
        ...labelWarnings(corpora),
        ...scores.warnings,
      ],
      provenance: { ...made, corpus: { title, licence, citation }, corpora },
    }
    return reportSchema.parse({ ...report, digest: reportDigest(report) })
  },
}

/** Labels that a reader merges or leaves out by itself: nobody has asked for it. */
function labelWarnings(corpora: CorpusInfo['corpora']): string[] {
  return corpora.flatMap(({ name, labelChanges }) => {
    const told = (wanted: 'merged' | 'left out') =>
      labelChanges
        .filter(
          ({ byDefault, countsAs }) => byDefault && (countsAs === null) === (wanted === 'left out'),
        )
        .map(({ label, countsAs, utterances }) => {
          const what = countsAs === null ? label : `${label} counts as ${countsAs}`
          return `${what} (${counted(utterances, 'utterance')})`
        })
    return (['merged', 'left out'] as const).flatMap((what) => {
      const labels = told(what)
      return labels.length === 0
        ? []
        : [`Labels of ${name} are ${what} by default: ${labels.join(', ')}.`]
    })
  })
}

const syntheticWarning = 'Synthetic speech: the numbers say nothing of real recordings.'

/** SHA-256 of the canonical JSON of a report without its field `digest`. */
export function reportDigest(report: object): string {
  const { digest: _, ...rest } = report as { digest?: unknown }
  return sha256(canonicalJson(rest))
}
