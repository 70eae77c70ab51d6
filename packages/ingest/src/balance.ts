import type { BalanceRow } from '@serflow/core'

/**
 * Weights that make each present class count alike: weight = total / (present classes · utterances of the class);
 * 0 for a class without utterances. The weights' mean over the utterances is 1.
 *
 * @param emotions of the training utterances, each one of `classes`
 * @param kind `none` gives 1 for present classes
 * @returns a row a class, in the order of the classes
 */
export function balance(
  fold: number | null,
  emotions: readonly string[],
  classes: readonly string[],
  kind: 'weights' | 'none',
): BalanceRow[] {
  const counts = new Map(classes.map((emotion) => [emotion, 0]))
  for (const emotion of emotions) counts.set(emotion, (counts.get(emotion) ?? 0) + 1)
  const present = [...counts.values()].filter((count) => count > 0).length
  return classes.map((emotion) => {
    const utterances = counts.get(emotion) ?? 0
    const weight = kind === 'none' ? 1 : emotions.length / (present * utterances)
    return { fold, emotion, utterances, weight: utterances === 0 ? 0 : weight }
  })
}
