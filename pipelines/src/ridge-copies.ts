import { InputError } from '@serflow/core'
import { effectsOf, formatEffects, parseEffects, type AugmentationConfig } from '@serflow/ingest'
import { usualRidgeCopies } from '@serflow/model'

/**
 * The clips that ridge regression trains on, in the one way of writing that clips have: `original`, then the copies in
 * the order of the augmentation. Where nothing is asked for, the usual ones, those of them that the augmentation makes.
 * Effects in another order are another sound, so another copy.
 *
 * @param asked as in `model.ridge.copies`, in any way of writing that the augmentation takes
 * @throws InputError naming each entry that no clip has, and the clips there are
 */
export function ridgeCopies(
  asked: readonly string[] | undefined,
  augmentation: AugmentationConfig,
): string[] {
  const made = ['original', ...effectsOf(augmentation)]
  const wanted = new Map((asked ?? []).map((entry) => [writtenAlike(entry), entry]))
  const unmade = [...wanted].flatMap(([copy, entry]) => (made.includes(copy) ? [] : [entry]))
  if (unmade.length > 0) {
    const entries = unmade.map((entry) => `"${entry}"`).join(', ')
    throw new InputError(
      `model.ridge.copies: no clip is ${entries}, expected some of ${made.join(', ')}; ` +
        'name one of these, or let ingest.augmentation make it',
    )
  }
  return made.filter((copy) => (asked ? wanted.has(copy) : usualRidgeCopies.includes(copy)))
}

function writtenAlike(entry: string): string {
  if (entry.trim() === 'original') return 'original'
  try {
    return formatEffects(parseEffects(entry))
  } catch (error) {
    // What is no effect is no clip either.
    if (error instanceof InputError) return entry
    throw error
  }
}
