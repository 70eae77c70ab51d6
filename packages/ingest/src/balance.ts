import type { BalanceRow } from '@serflow/core'
import type { BalanceConfig } from './config.js'

/**
 * What each class counts in a training part of `total` utterances, of which `present` classes have some:
 *
 *   weights       weight = total / (present · utterances), whose mean over the utterances is 1; draws = utterances
 *   draws         weight = 1; draws = total / present, rounded, at least 1
 *   oversampling  weight = 1; draws = utterances of the largest class
 *   none          weight = 1; draws = utterances
 *
 * A class without utterances has weight 0 and draws 0.
 *
 * @param emotions of the training utterances, each one of `classes`
 * @returns a row a class, in the order of the classes
 */
export function balance(
  fold: number | null,
  emotions: readonly string[],
  classes: readonly string[],
  kind: BalanceConfig['kind'],
): BalanceRow[] {
  const counts = new Map(classes.map((emotion) => [emotion, 0]))
  for (const emotion of emotions) counts.set(emotion, (counts.get(emotion) ?? 0) + 1)
  const present = [...counts.values()].filter((count) => count > 0).length
  const largest = Math.max(...counts.values())
  return classes.map((emotion) => {
    const utterances = counts.get(emotion) ?? 0
    if (utterances === 0) return { fold, emotion, utterances, weight: 0, draws: 0 }
    const weight = kind === 'weights' ? emotions.length / (present * utterances) : 1
    const draws =
      kind === 'draws'
        ? Math.max(1, Math.round(emotions.length / present))
        : kind === 'oversampling'
          ? largest
          : utterances
    return { fold, emotion, utterances, weight, draws }
  })
}
