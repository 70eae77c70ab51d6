import { InputError, type FoldRow } from '@serflow/core'
import type { FoldsConfig } from './config.js'
import type { Speaker } from './folds-speakers.js'
import { foldSides } from './folds-speakers.js'
import { checkFolds } from './folds-check.js'
import { comparePaths } from './path-order.js'

/**
 * Moves training speakers of each fold to its validation part, other ones in each fold:
 *
 *   one-of-each-gender  of the fold's n training women, in the order of their ids, the one at place fold mod n; of
 *                       the men likewise; where genders are not known, one speaker
 *   speakers: count     women and men in turn (then unknown) in the order of their ids; count of them from place
 *                       fold · count mod n on
 *
 * Their other utterances of the fold, if it tests or leaves out some, stay where they are. A fold that has a
 * validation part already, as one the corpus comes with, keeps it.
 *
 * @throws InputError where a fold has nobody left to train on, or its speakers are on both sides
 */
export function holdOutValidation(
  rows: readonly FoldRow[],
  speakers: readonly Speaker[],
  rule: FoldsConfig['validation'],
): FoldRow[] {
  if (rule === 'none') return [...rows]
  const held = new Map<number, ReadonlySet<string>>()
  for (const { fold, train, validation, test } of foldSides(rows)) {
    if (validation.length > 0) continue
    const [trained, tested] = [new Set(train), new Set(test)]
    const both = train.find((speakerId) => tested.has(speakerId))
    if (both !== undefined) {
      throw new InputError(
        `folds: speaker ${both} is trained and tested on in fold ${fold}, so no speaker can be held out to choose the ` +
          'epoch; set folds.validation to none, or folds.scheme to one by speaker',
      )
    }
    const candidates = speakers.filter(({ speakerId }) => trained.has(speakerId))
    const chosen =
      rule === 'one-of-each-gender'
        ? oneOfEach(candidates, fold)
        : some(candidates, fold, rule.speakers)
    if (chosen.length >= candidates.length) {
      throw new InputError(
        `folds: fold ${fold} has ${candidates.length} training ${candidates.length === 1 ? 'speaker' : 'speakers'}, and ` +
          `holding out ${chosen.length} leaves nobody to train on; ` +
          `set folds.validation to ${candidates.length > 1 && chosen.length > 1 ? '{speakers: 1} or ' : ''}none, or add speakers`,
      )
    }
    held.set(fold, new Set(chosen))
  }
  const divided = rows.map((row): FoldRow =>
    row.part === 'train' && held.get(row.fold)?.has(row.speakerId)
      ? { ...row, part: 'validation' }
      : row,
  )
  checkFolds(
    divided,
    speakers.map(({ speakerId }) => speakerId),
    { testsAll: false, usesAll: false },
  )
  return divided
}

function oneOfEach(candidates: readonly Speaker[], fold: number): string[] {
  const chosen = ['female', 'male'].flatMap((wanted) => {
    const own = idsOf(candidates.filter(({ gender }) => gender === wanted))
    return own.length > 0 ? [own[fold % own.length]!] : []
  })
  if (chosen.length > 0) return chosen
  const all = idsOf(candidates)
  return all.length > 0 ? [all[fold % all.length]!] : []
}

function some(candidates: readonly Speaker[], fold: number, count: number): string[] {
  const women = idsOf(candidates.filter(({ gender }) => gender === 'female'))
  const men = idsOf(candidates.filter(({ gender }) => gender === 'male'))
  const others = idsOf(candidates.filter(({ gender }) => gender !== 'female' && gender !== 'male'))
  const pairs = Array.from({ length: Math.max(women.length, men.length) }, (_, index) => [
    ...women.slice(index, index + 1),
    ...men.slice(index, index + 1),
  ])
  const all = [...pairs.flat(), ...others]
  const wanted = Math.min(count, all.length)
  return Array.from({ length: wanted }, (_, index) => all[(fold * count + index) % all.length]!)
}

function idsOf(speakers: readonly Speaker[]): string[] {
  return speakers.map(({ speakerId }) => speakerId).sort(comparePaths)
}
