import { InputError, type FoldPart, type FoldRow } from '@serflow/core'
import { groupBy } from './groups.js'

/** Which rules folds keep, beside those that all keep. */
export interface FoldRules {
  /** Whether each speaker is tested in some fold. */
  readonly testsAll?: boolean
  /** Whether each fold has each speaker. */
  readonly usesAll?: boolean
  /** Whether a speaker is in one part of a fold alone. */
  readonly speakersApart?: boolean
}

/**
 * Checks that folds are honest: no speaker is in two parts of a fold, nor an utterance; nothing is tested in two
 * folds; no fold is without training or test. By default each fold has each speaker, and each is tested.
 *
 * @param speakers all of the corpus
 * @throws InputError naming the fold and the speaker
 */
export function checkFolds(
  folds: readonly FoldRow[],
  speakers: readonly string[],
  { testsAll = true, usesAll = true, speakersApart = true }: FoldRules = {},
): void {
  const known = new Set(speakers)
  const tested = new Map<string, number>()
  const testedSpeakers = new Set<string>()
  for (const [fold, rows] of groupBy(folds, (row) => row.fold)) {
    const partOf = new Map<string, FoldPart>()
    const partOfSpeaker = new Map<string, FoldPart>()
    for (const row of rows) {
      const { speakerId, part } = row
      const name = nameOf(row)
      if (!known.has(speakerId)) fail(`fold ${fold} has ${name}, whom the corpus lacks`)
      const other = partOf.get(name) ?? (speakersApart ? partOfSpeaker.get(speakerId) : undefined)
      if (partOf.has(name) && other === part) fail(`fold ${fold} has ${name} twice`)
      if (other !== undefined && other !== part) {
        const [first, second] = [other, part].sort((a, b) => order(a) - order(b))
        const who = speakersApart ? `speaker ${speakerId}` : name
        fail(`fold ${fold} has ${who} in ${word(first!)} and in ${word(second!)}`)
      }
      partOf.set(name, part)
      partOfSpeaker.set(speakerId, part)
      if (part !== 'test') continue
      tested.set(name, (tested.get(name) ?? 0) + 1)
      testedSpeakers.add(speakerId)
    }
    if (usesAll) {
      const missing = speakers.find((speakerId) => !partOfSpeaker.has(speakerId))
      if (missing !== undefined) fail(`fold ${fold} lacks speaker ${missing}`)
    }
    const has = (part: FoldPart) => rows.some((row) => row.part === part)
    if (!has('train')) fail(`fold ${fold} has nobody to train on`)
    if (!has('test')) fail(`fold ${fold} tests nobody`)
  }
  for (const speakerId of testsAll ? speakers : []) {
    if (!testedSpeakers.has(speakerId)) {
      fail(`speaker ${speakerId} is tested in 0 folds, expected 1`)
    }
  }
  for (const [name, times] of tested) {
    if (times !== 1) fail(`${name} is tested in ${times} folds, expected 1`)
  }
}

const order = (part: FoldPart) => ['train', 'validation', 'test'].indexOf(part)
const word = (part: FoldPart) => (part === 'train' ? 'training' : part)

function nameOf({ speakerId, utteranceId }: FoldRow): string {
  return utteranceId === null ? `speaker ${speakerId}` : `utterance ${utteranceId}`
}

function fail(what: string): never {
  throw new InputError(
    `folds: ${what}; each speaker must be tested once, and never trained on then`,
  )
}
