import { InputError, type ManifestRow } from '@serflow/core'
import { parseFingerprint } from './fingerprint.js'
import { equalPairs, firstLinked } from './linked.js'
import { overlaps } from './overlaps.js'
import { leastSameShare, sameRecordings } from './same-recordings.js'

/** What is done about two utterances that are one recording, or most of it. */
export type LikenessRule = 'stop' | 'note'

/**
 * Finds utterances that are one recording under two names: equal samples; the same stretch of one file, or most of it;
 * the same recording at another level, rate or coding (see `sameRecordings`). Rows that are one get `sameSoundAs`, by
 * which folds are checked. Those that are not equal are noted, and so are those of two speakers that overlap.
 *
 * Fingerprints are taken off, since they have done their work.
 *
 * @param rows the whole corpus
 * @param rule `note`: what is not equal is noted and nothing more
 * @throws InputError naming both files where equal samples are under two speakers, or where one recording of a speaker has
 *   two labels
 */
export function markSameSounds(rows: readonly ManifestRow[], rule: LikenessRule): ManifestRow[] {
  const used = rows.filter(({ status }) => status === 'used')
  const links: (readonly [number, number])[] = []
  const notes = new Map<ManifestRow, string[]>()
  const note = (row: ManifestRow, text: string) => {
    notes.set(row, [...(notes.get(row) ?? []), text])
  }

  for (const [left, right] of equalPairs(used.map(({ samplesDigest }) => samplesDigest))) {
    const [first, second] = [used[left]!, used[right]!]
    if (first.speakerId !== second.speakerId) throw underTwoSpeakers(first, second)
    links.push([left, right])
  }
  const link = (left: number, right: number) => {
    const [first, second] = [used[left]!, used[right]!]
    note(first, `the same recording as ${placeOf(second)}`)
    note(second, `the same recording as ${placeOf(first)}`)
    if (rule === 'note') return
    const areOneVoice = first.speakerId === second.speakerId
    if (areOneVoice && first.emotion !== second.emotion) throw withTwoLabels(first, second)
    links.push([left, right])
  }

  const isEqual = (first: ManifestRow, second: ManifestRow) =>
    first.samplesDigest !== null && first.samplesDigest === second.samplesDigest
  for (const { first: left, second: right, share, shareOfShorter, seconds } of overlaps(used)) {
    const [first, second] = [used[left]!, used[right]!]
    if (isEqual(first, second)) continue
    // Within a corpus a short turn may lie within a long one of somebody else's; two corpora are two readings of one file.
    const common = first.corpus === second.corpus ? share : shareOfShorter
    if (common >= leastSameShare) link(left, right)
    else if (first.speakerId !== second.speakerId) {
      const length = `${Number(seconds.toFixed(3))} s`
      note(first, `${length} of it are in ${placeOf(second)} as well`)
      note(second, `${length} of it are in ${placeOf(first)} as well`)
    }
  }
  const words = used.map((row) =>
    row.fingerprint === null ? null : parseFingerprint(row.fingerprint),
  )
  for (const { first: left, second: right, share } of sameRecordings(words)) {
    const [first, second] = [used[left]!, used[right]!]
    // Of one file the times have told it.
    if (isEqual(first, second) || first.fileDigest === second.fileDigest) continue
    if (share >= leastSameShare) link(left, right)
    else {
      note(first, `a part of it sounds as ${placeOf(second)}`)
      note(second, `a part of it sounds as ${placeOf(first)}`)
    }
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

/** A file, and where in it. */
export function placeOf({ file, startSeconds }: ManifestRow): string {
  return startSeconds === null ? file : `${file} from ${startSeconds} s`
}

const quoted = (row: ManifestRow) => `"${placeOf(row)}"`

function underTwoSpeakers(first: ManifestRow, second: ManifestRow): InputError {
  return new InputError(
    `${quoted(first)} (speaker ${first.speakerId}) and ${quoted(second)} (speaker ${second.speakerId}) are the same ` +
      'sound; a speaker would be trained and tested on: keep one of them',
  )
}

function withTwoLabels(first: ManifestRow, second: ManifestRow): InputError {
  return new InputError(
    `${quoted(first)} (${first.emotion}) and ${quoted(second)} (${second.emotion}) are the same recording, or most of it, ` +
      `with two labels; find out which is right and leave the other out, ${unlessTwo}`,
  )
}

/** The way on where likeness misleads. */
export const unlessTwo =
  'or, if they are two recordings after all, set ingest.corpus.sameRecording to note'
