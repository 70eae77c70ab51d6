import { allFoldParts, InputError, soundOf, type FoldRow, type ManifestRow } from '@serflow/core'
import { groupBy } from './groups.js'
import { placeOf, unlessTwo } from './same-sounds.js'

/**
 * Checks that no sound is in two parts of a fold, under whatever names.
 *
 * @param used rows of the corpus
 * @throws InputError naming both files, the parts and the fold
 */
export function checkLeaks(used: readonly ManifestRow[], folds: readonly FoldRow[]): void {
  const twins = [...groupBy(used, soundOf)].filter(([, rows]) => rows.length > 1)
  if (twins.length === 0) return
  for (const [fold, partOf] of allFoldParts(folds)) {
    for (const [, rows] of twins) {
      const placed = rows.filter((row) => partOf(row) !== undefined)
      const first = placed[0]
      const other = placed.find((row) => partOf(row) !== partOf(first!))
      if (!first || !other) continue
      const areEqual = first.samplesDigest === other.samplesDigest
      throw new InputError(
        `"${placeOf(first)}" and "${placeOf(other)}" are the same ${areEqual ? 'sound' : 'recording, or most of it'}, the one in ` +
          `${wordOf(partOf(first))}, the other in ${wordOf(partOf(other))} of fold ${fold}; ` +
          (areEqual
            ? 'move one of them out of the corpus folder'
            : `keep one of them, ${unlessTwo}`),
      )
    }
  }
}

const wordOf = (part: string | undefined) => (part === 'train' ? 'training' : part)
