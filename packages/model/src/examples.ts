import { InputError } from '@serflow/core'
import type { Example } from './batches.js'
import type { PlacedClip } from './fold-clips.js'
import type { TrainConfig } from './train-config.js'

/**
 * An example for each utterance, in the order of the clips: the original first, then its copies.
 *
 * With shares, an utterance whose manifest row has them teaches these: of the classes that are trained, divided by
 * their sum. One without teaches its emotion.
 *
 * @throws InputError naming the file, for an emotion that is no class or shares that cannot be read
 */
export function examplesOf(
  clips: readonly PlacedClip[],
  classes: readonly string[],
  labels: TrainConfig['labels'],
): readonly Example[] {
  const byUtterance = new Map<string, PlacedClip[]>()
  for (const placed of clips) {
    const own = byUtterance.get(placed.clip.utteranceId)
    if (own) own.push(placed)
    else byUtterance.set(placed.clip.utteranceId, [placed])
  }
  return [...byUtterance].map(([utteranceId, own]) => {
    const { emotion, labelShares, file } = own[0]!.utterance
    const label = classes.indexOf(emotion ?? '')
    if (label < 0) {
      throw new InputError(
        `"${file}" has the emotion "${emotion}", expected one of ${classes.join(', ')}; ` +
          'mend its label or leave the file out of the corpus',
      )
    }
    const shares =
      labels === 'shares' && labelShares !== null ? sharesOf(labelShares, classes, file) : undefined
    return {
      utteranceId,
      label,
      ...(shares ? { shares } : {}),
      variants: own.map(({ clip }) => clip.tensor.data),
    }
  })
}

/** Shares by class, which sum to 1; undefined where none of them is of a class. */
function sharesOf(
  text: string,
  classes: readonly string[],
  file: string,
): readonly number[] | undefined {
  const found = readShares(text)
  const shares = classes.map((name) => Number(found?.[name] ?? 0))
  if (!found || shares.some((share) => !(share >= 0 && share < Infinity))) {
    throw new InputError(
      `"${file}" has the shares ${text}, expected such as {"happy":0.75,"neutral":0.25}; mend its votes`,
    )
  }
  const total = shares.reduce((a, b) => a + b, 0)
  return total > 0 ? shares.map((share) => share / total) : undefined
}

function readShares(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? { ...parsed }
      : undefined
  } catch {
    return undefined
  }
}
