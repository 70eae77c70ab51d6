import type { ManifestRow, PredictionRow } from '@serflow/core'
import { confusionOf, truthCounts } from './confusion.js'
import { seedsOf, type UsedUtterance } from './leak-check.js'
import { accuracyOf } from './metrics.js'
import { grouped, pooled } from './model-scores.js'
import type { Scores } from './schema.js'

export type Gender = UsedUtterance['gender']

/**
 * The gender of each speaker; unknown where the corpus says it in two ways, and then the speaker is in `unclear`.
 */
export function gendersOf(utterances: readonly UsedUtterance[]): {
  genders: ReadonlyMap<string, Gender>
  unclear: readonly string[]
} {
  const genders = new Map<string, Gender>()
  const unclear = new Set<string>()
  for (const { speakerId, gender } of utterances) {
    if ((genders.get(speakerId) ?? gender) !== gender) unclear.add(speakerId)
    genders.set(speakerId, unclear.has(speakerId) ? 'unknown' : gender)
  }
  return { genders, unclear: [...unclear].sort() }
}

/** Scores of all speakers of a gender together; genders without a speaker are left out. */
export function perGender(
  rows: readonly PredictionRow[],
  classes: readonly string[],
  genders: ReadonlyMap<string, Gender>,
): Scores['perGender'] {
  return grouped(rows, (row) => genders.get(row.speakerId) ?? 'unknown').map(([gender, own]) => ({
    gender,
    speakers: new Set(own.map((row) => row.speakerId)).size,
    ...pooled(own, classes),
  }))
}

/** What is used of each corpus, in the order of their names. */
export function perCorpus(
  manifest: readonly ManifestRow[],
  classes: readonly string[],
): Scores['perCorpus'] {
  const used = manifest.filter(({ status }) => status === 'used')
  const names = [...new Set(used.map(({ corpus }) => corpus ?? ''))].sort()
  return names.map((name) => {
    const own = used.filter(({ corpus }) => (corpus ?? '') === name)
    const count = (label: string) => own.filter(({ emotion }) => emotion === label).length
    return {
      corpus: name,
      speakers: new Set(own.map(({ speakerId }) => speakerId)).size,
      utterances: own.length,
      byClass: Object.fromEntries(classes.map((label) => [label, count(label)])),
    }
  })
}

/** Scores of the test part of each fold, over the classes that occur in it. */
export function perFold(
  rows: readonly PredictionRow[],
  classes: readonly string[],
): Scores['perFold'] {
  return grouped(rows, (row) => row.fold).map(([fold, own]) => {
    const confusion = confusionOf(classes, own)
    return {
      fold,
      speakerIds: [...new Set(own.map((row) => row.speakerId))].sort(),
      ...pooled(own, classes),
      accuracy: accuracyOf(confusion),
      absentClasses: absentFrom(classes, truthCounts(confusion)),
      uarBySeed: seedsOf(own).map((seed) => {
        const ofSeed = own.filter((row) => row.seed === seed)
        return { seed, uar: pooled(ofSeed, classes).uar }
      }),
    }
  })
}

/** Classes of which there is no utterance. */
export function absentFrom(classes: readonly string[], counts: readonly number[]): string[] {
  return classes.filter((_, index) => counts[index] === 0)
}
