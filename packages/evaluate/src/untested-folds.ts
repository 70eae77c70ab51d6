import type { FoldRow } from '@serflow/core'
import type { PartsByFold, UsedUtterance } from './leak-check.js'
import { listed } from './wording.js'

/** Folds that test nothing, since no recording of those whom they were to test can be used. */
export function untestedWarnings(
  utterances: readonly UsedUtterance[],
  parts: PartsByFold,
  folds: readonly FoldRow[],
): string[] {
  return [...parts].flatMap(([fold, partOf]) => {
    if (utterances.some((one) => partOf(one) === 'test')) return []
    const rows = folds.filter((row) => row.fold === fold && row.part === 'test')
    const speakers = [...new Set(rows.map(({ speakerId }) => speakerId))].sort()
    return [`Fold ${fold} tests nothing: no recording of ${listed(speakers)} could be used.`]
  })
}
