import type { FoldPart, FoldRow } from './artefacts.js'

/** What folds ask of an utterance. */
export interface FoldMember {
  readonly utteranceId: string | null
  readonly speakerId: string | null
}

/**
 * The part of one fold that an utterance is in: by the row of its own where there is one, else by its speaker's;
 * undefined where the fold leaves it out.
 *
 * @throws Error naming the speaker or the utterance that the fold has in two parts
 */
export function foldParts(
  folds: readonly FoldRow[],
  fold: number,
): (member: FoldMember) => FoldPart | undefined {
  const bySpeaker = new Map<string, FoldPart>()
  const byUtterance = new Map<string, FoldPart>()
  for (const row of folds) {
    if (row.fold !== fold) continue
    const { speakerId, part } = row
    // A table that was made without the column has undefined here.
    const utteranceId = row.utteranceId ?? null
    const parts = utteranceId === null ? bySpeaker : byUtterance
    const name = utteranceId ?? speakerId
    const other = parts.get(name)
    if (other !== undefined && other !== part) {
      const who = utteranceId === null ? `speaker "${name}"` : `utterance "${name}"`
      const [first, second] = partNames.filter(([each]) => each === other || each === part)
      throw new Error(`folds: ${who} is in ${first![1]} and in ${second![1]} of fold ${fold}`)
    }
    parts.set(name, part)
  }
  return ({ utteranceId, speakerId }) =>
    byUtterance.get(utteranceId ?? '') ?? bySpeaker.get(speakerId ?? '')
}

/** `foldParts` of each fold, by its number, ascending. */
export function allFoldParts(
  folds: readonly FoldRow[],
): ReadonlyMap<number, ReturnType<typeof foldParts>> {
  const rowsOf = new Map<number, FoldRow[]>(foldNumbers(folds).map((fold) => [fold, []]))
  for (const row of folds) rowsOf.get(row.fold)!.push(row)
  return new Map([...rowsOf].map(([fold, rows]) => [fold, foldParts(rows, fold)]))
}

/** The numbers of the folds, ascending. */
export function foldNumbers(folds: readonly FoldRow[]): readonly number[] {
  return [...new Set(folds.map(({ fold }) => fold))].sort((left, right) => left - right)
}

const partNames: readonly (readonly [FoldPart, string])[] = [
  ['train', 'training'],
  ['validation', 'validation'],
  ['test', 'test'],
]
