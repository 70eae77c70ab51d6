import type { ManifestRow } from '@serflow/core'
import { leastOverlapSeconds } from './connected-spans.js'
import { groupBy } from './groups.js'
import type { Likeness } from './same-recordings.js'

/** Two utterances that have a stretch of one file in common. */
export interface Overlap extends Likeness {
  readonly seconds: number
  /** Of the shorter one; `share` is of the longer one. */
  readonly shareOfShorter: number
}

/**
 * Utterances that overlap in their file, or in a copy of it that is the same byte for byte, by their places.
 *
 * @param used rows with their durations
 */
export function overlaps(used: readonly ManifestRow[]): Overlap[] {
  const found: Overlap[] = []
  const places = groupBy([...used.keys()], (place) => used[place]!.fileDigest)
  for (const [digest, group] of places) {
    if (digest === null || group.length < 2) continue
    const spans = group
      .map((place) => spanOf(used[place]!, place))
      .sort((left, right) => left.start - right.start || left.place - right.place)
    for (const [index, span] of spans.entries()) {
      for (const later of spans.slice(index + 1)) {
        if (later.start >= span.end) break
        const seconds = Math.min(span.end, later.end) - later.start
        if (seconds < leastOverlapSeconds) continue
        const lengths = [span.end - span.start, later.end - later.start]
        const [first, second] = [span.place, later.place].sort((left, right) => left - right)
        found.push({
          first: first!,
          second: second!,
          seconds,
          share: seconds / Math.max(...lengths),
          shareOfShorter: seconds / Math.min(...lengths),
        })
      }
    }
  }
  return found.sort((left, right) => left.first - right.first || left.second - right.second)
}

function spanOf({ startSeconds, durationSeconds }: ManifestRow, place: number) {
  const start = startSeconds ?? 0
  return { place, start, end: start + (durationSeconds ?? 0) }
}
