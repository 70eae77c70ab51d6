import { groupBy } from './groups.js'

/** A part of a file. */
export interface FileSpan {
  /** Equal for files with the same bytes. */
  readonly digest: string
  readonly startSeconds: number | null
  readonly endSeconds: number | null
}

/** Shorter than this two utterances do not overlap: times are often rounded. */
export const leastOverlapSeconds = 0.1

/**
 * Names for spans, equal for those that overlap, directly or by way of others: windows that slide over a file are one
 * sound, of which a part in training and a part in test would be known.
 *
 * @returns one name a span, in their order
 */
export function connectedSpans(spans: readonly FileSpan[]): string[] {
  const names = new Array<string>(spans.length)
  const starts = spans.map(({ startSeconds }) => startSeconds ?? 0)
  const ends = spans.map(({ endSeconds }) => endSeconds ?? Infinity)
  for (const [digest, places] of groupBy([...spans.keys()], (place) => spans[place]!.digest)) {
    const ordered = [...places].sort(
      (left, right) => starts[left]! - starts[right]! || ends[left]! - ends[right]!,
    )
    let group = { start: 0, end: -Infinity }
    for (const place of ordered) {
      const [start, end] = [starts[place]!, ends[place]!]
      const isWithin = end <= group.end
      const overlaps = group.end - start >= leastOverlapSeconds
      group = isWithin || overlaps ? { ...group, end: Math.max(end, group.end) } : { start, end }
      names[place] = `${digest} ${group.start}`
    }
  }
  return names
}
