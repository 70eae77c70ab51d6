import type { PartsByFold, UsedUtterance } from './leak-check.js'
import type { PlacedTraining } from './training-check.js'
import { counted, listed } from './wording.js'

/**
 * Folds that have no recording of a class to train on: whatever they test of it is bound to be wrong. Of a fold whose
 * training tells what it was trained on that counts, else the fold's training part.
 *
 * @param classes in the order of the class index; those that no recording has are left to other warnings
 */
export function untrainedWarnings(
  utterances: readonly UsedUtterance[],
  parts: PartsByFold,
  trainings: readonly PlacedTraining[],
  classes: readonly string[],
): string[] {
  const trainedOn = new Map<number, Set<string>>()
  for (const { fold, record } of trainings) {
    const ids = trainedOn.get(fold) ?? new Set()
    record.trainedOn.forEach((id) => ids.add(id))
    trainedOn.set(fold, ids)
  }
  return classes.flatMap((name) => {
    const own = utterances.filter(({ emotion }) => emotion === name)
    if (own.length === 0) return []
    const lacking = [...parts].filter(
      ([fold, partOf]) =>
        !own.some((one) => trainedOn.get(fold)?.has(one.utteranceId) ?? partOf(one) === 'train'),
    )
    if (lacking.length === 0) return []
    const tested = lacking.flatMap(([, partOf]) => own.filter((one) => partOf(one) === 'test'))
    const folds = listed(lacking.map(([fold]) => `fold ${fold}`))
    return [
      `No recording of ${name} is trained on in ${folds}: ` +
        (tested.length === 0
          ? 'none is tested there either.'
          : `the ${counted(tested.length, 'recording')} of it tested there cannot be recognised.`),
    ]
  })
}
