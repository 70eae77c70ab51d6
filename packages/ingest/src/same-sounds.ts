import { InputError, type ManifestRow } from '@serflow/core'
import { parseFingerprint } from './fingerprint.js'
import { equalPairs, firstLinked } from './linked.js'
import { sameRecordings } from './same-recordings.js'

/** What is done about two recordings that are one but for level, rate, coding or what lies around them. */
export type LikenessRule = 'stop' | 'note'

/**
 * Finds utterances that are one recording under two names: equal samples, or equal fingerprints (see `sameRecordings`).
 * Rows get `sameSoundAs`, and those with equal fingerprints are noted; fingerprints are taken off, since they have done
 * their work.
 *
 * @param rows the whole corpus
 * @param rule `note`: equal fingerprints are noted and nothing more
 * @throws InputError naming both files where a recording is under two speakers (a leak across folds) or has two labels
 */
export function markSameSounds(rows: readonly ManifestRow[], rule: LikenessRule): ManifestRow[] {
  const used = rows.filter(({ status }) => status === 'used')
  const notes = new Map<ManifestRow, string[]>()
  const note = (row: ManifestRow, other: ManifestRow) => {
    notes.set(row, [...(notes.get(row) ?? []), `the same recording as ${other.file}`])
  }
  const links: (readonly [number, number])[] = []
  for (const [left, right] of equalPairs(used.map(({ samplesDigest }) => samplesDigest))) {
    const [first, second] = [used[left]!, used[right]!]
    if (first.speakerId !== second.speakerId) throw underTwoSpeakers(first, second)
    links.push([left, right])
  }
  const words = used.map((row) =>
    row.fingerprint === null ? null : parseFingerprint(row.fingerprint),
  )
  for (const [left, right] of sameRecordings(words)) {
    const [first, second] = [used[left]!, used[right]!]
    if (first.samplesDigest === second.samplesDigest) continue
    if (rule === 'stop') {
      if (first.speakerId !== second.speakerId) throw alikeUnderTwoSpeakers(first, second)
      if (first.emotion !== second.emotion) throw alikeWithTwoLabels(first, second)
      links.push([left, right])
    }
    note(first, second)
    note(second, first)
  }
  const firsts = firstLinked(used.length, links)
  const firstOf = new Map(
    used.map((row, place) => [row, firsts[place] === place ? null : used[firsts[place]!]!]),
  )
  return rows.map((row) => ({
    ...row,
    fingerprint: null,
    sameSoundAs: firstOf.get(row)?.utteranceId ?? null,
    note: [row.note, ...(notes.get(row) ?? [])].filter((text) => text !== null).join('; ') || null,
  }))
}

const spoken = ({ file, speakerId }: ManifestRow) => `"${file}" (speaker ${speakerId})`
const labelled = ({ file, emotion }: ManifestRow) => `"${file}" (${emotion})`
const unlessTwo =
  'or, if they are two recordings after all, set ingest.corpus.sameRecording to note'

function underTwoSpeakers(first: ManifestRow, second: ManifestRow): InputError {
  return new InputError(
    `${spoken(first)} and ${spoken(second)} are the same sound; a speaker would be trained and tested on: keep one of them`,
  )
}

function alikeUnderTwoSpeakers(first: ManifestRow, second: ManifestRow): InputError {
  return new InputError(
    `${spoken(first)} and ${spoken(second)} are the same recording, at another level, rate or coding; ` +
      `a speaker would be trained and tested on: keep one of them, ${unlessTwo}`,
  )
}

function alikeWithTwoLabels(first: ManifestRow, second: ManifestRow): InputError {
  return new InputError(
    `${labelled(first)} and ${labelled(second)} are the same recording, at another level, rate or coding, with two ` +
      `labels; find out which is right and move the other out of the corpus folder, ${unlessTwo}`,
  )
}
