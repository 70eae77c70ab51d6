import type { TrainingRecord } from '@serflow/core'
import { testedUtterances, type PartsByFold, type UsedUtterance } from './leak-check.js'
import { listed } from './wording.js'

/** What a training says of itself, and the fold it was for. */
export interface PlacedTraining {
  readonly fold: number
  readonly record: TrainingRecord
}

/**
 * Holds what was really trained on against what the fold tests: each utterance trained on is in the fold's training
 * part, each that chose the epoch in its validation part; no sound that is tested was trained on or chose, under
 * whatever name, and no speaker, unless the folds themselves have speakers on both sides.
 *
 * @throws Error naming the first rule broken and the ids that break it
 */
export function checkTrainings(
  trainings: readonly PlacedTraining[],
  utterances: readonly UsedUtterance[],
  parts: PartsByFold,
): void {
  const known = new Map(utterances.map((utterance) => [utterance.utteranceId, utterance]))
  for (const { fold, record } of trainings) {
    const partOf = parts.get(fold)
    if (!partOf) throw new Error(`training of fold ${fold}: there is no such fold`)
    const tested = testedUtterances(utterances, new Map([[fold, partOf]]))
    const refuse = (
      ids: readonly string[],
      broken: (utterance: UsedUtterance) => boolean,
      rule: string,
    ) => {
      const found = ids.filter((id) => {
        const utterance = known.get(id)
        return !utterance || broken(utterance)
      })
      if (found.length > 0) throw new Error(`training of fold ${fold}: ${rule}: ${listed(found)}`)
    }
    const { trainedOn, validatedOn } = record
    refuse(
      trainedOn,
      (utterance) => partOf(utterance) !== 'train',
      'utterances are trained on that are not in the training part',
    )
    refuse(
      validatedOn,
      (utterance) => partOf(utterance) !== 'validation',
      'utterances choose the epoch that are not in the validation part',
    )
    const sounds = new Set(tested.map(({ sound }) => sound))
    refuse(
      [...trainedOn, ...validatedOn],
      ({ sound }) => sounds.has(sound),
      'the same sounds are tested under other names',
    )
    if (!speakersApart(utterances, new Map([[fold, partOf]]))) continue
    const speakers = new Set(tested.map(({ speakerId }) => speakerId))
    refuse(
      [...trainedOn, ...validatedOn],
      ({ speakerId }) => speakers.has(speakerId),
      'the speakers are tested as well',
    )
  }
}

/** Whether no speaker of the utterances is in two parts of a fold. */
export function speakersApart(utterances: readonly UsedUtterance[], parts: PartsByFold): boolean {
  return [...parts.values()].every((partOf) => {
    const partOfSpeaker = new Map<string, string>()
    return utterances.every((utterance) => {
      const part = partOf(utterance)
      if (part === undefined) return true
      const other = partOfSpeaker.get(utterance.speakerId) ?? part
      partOfSpeaker.set(utterance.speakerId, part)
      return other === part
    })
  })
}
