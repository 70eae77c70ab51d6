import type { Padding } from './frames.js'

/** Some of a clip's samples. */
export interface Excerpt {
  readonly samples: Float32Array
  /** Place in the clip of the first of them. */
  readonly first: number
  /** Number of the clip's samples; undefined while more may come. */
  readonly total: number | undefined
}

/** The samples first…end − 1 of the clip that an excerpt has. */
export function endOf({ samples, first }: Excerpt): number {
  return first + samples.length
}

/**
 * The pre-emphasised sound at a place that may lie outside of the clip.
 *
 *   y[n] = x[n] − preEmphasis·x[n − 1]    with x[−1] = x[0], so that an offset makes no click
 *
 * Outside it is 0, or with padding `reflect` that of the place mirrored at the first or last sample, as often as it
 * takes.
 */
export function emphasisedAt(
  index: number,
  excerpt: Excerpt,
  { padding, preEmphasis }: { readonly padding: Padding; readonly preEmphasis: number },
): number {
  const total = excerpt.total ?? endOf(excerpt)
  let place = index
  if (index < 0 || index >= total) {
    if (padding !== 'reflect') return 0
    place = mirrored(index, total)
  }
  const { samples, first } = excerpt
  return samples[place - first]! - preEmphasis * samples[Math.max(0, place - 1) - first]!
}

/** … 2 1 | 0 1 2 … last−1 last | last−1 … as numpy.pad has it with mode `reflect`. */
function mirrored(index: number, total: number): number {
  if (total === 1) return 0
  const period = 2 * (total - 1)
  const rest = ((index % period) + period) % period
  return rest < total ? rest : period - rest
}
