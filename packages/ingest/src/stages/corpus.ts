import {
  InputError,
  many,
  manifestTable,
  value,
  type FileStatus,
  type ManifestRow,
  type Stage,
} from '@serflow/core'
import { corpusConfig, type CorpusConfig } from '../config.js'
import type { OtherFile } from '../corpora/index.js'
import { comparePaths } from '../path-order.js'
import { markSameSounds } from '../same-sounds.js'

/**
 * The manifests of all speakers and the files that are no utterances to one manifest, in the order of paths and starts.
 * Utterances that are one recording under two names are told (see `markSameSounds`).
 *
 * @throws InputError naming both files where one recording or one id occurs under two speakers (a leak across folds), or
 *   one recording has two labels; and where no utterance is left
 */
export const corpusStage: Stage<
  { manifests: readonly (readonly ManifestRow[])[]; others: readonly OtherFile[] },
  readonly ManifestRow[],
  CorpusConfig
> = {
  name: 'corpus',
  inputs: { manifests: many(manifestTable), others: value() },
  output: manifestTable,
  config: corpusConfig,
  run({ manifests, others }, { sameRecording }) {
    const rows = [...manifests.flat(), ...others.map(otherRow)].sort(
      (left, right) =>
        comparePaths(left.file, right.file) ||
        (left.startSeconds ?? 0) - (right.startSeconds ?? 0) ||
        comparePaths(left.utteranceId ?? '', right.utteranceId ?? ''),
    )
    const used = rows.filter(({ status }) => status === 'used')
    if (used.length === 0) throw new InputError(nothingLeft(rows))
    checkNames(used)
    return markSameSounds(rows, sameRecording)
  },
}

function otherRow({ file, status, note }: OtherFile): ManifestRow {
  return {
    corpus: null,
    utteranceId: null,
    file,
    fileDigest: null,
    startSeconds: null,
    endSeconds: null,
    speakerId: null,
    gender: null,
    emotion: null,
    labelShares: null,
    sentence: null,
    intensity: null,
    session: null,
    split: null,
    attributes: null,
    sampleRateHz: null,
    channels: null,
    durationSeconds: null,
    samplesDigest: null,
    fingerprint: null,
    sameSoundAs: null,
    status,
    note,
  }
}

function checkNames(used: readonly ManifestRow[]): void {
  const firsts = new Map<string | null, ManifestRow>()
  for (const row of used) {
    const first = firsts.get(row.utteranceId)
    if (!first) firsts.set(row.utteranceId, row)
    else if (first.speakerId !== row.speakerId) {
      throw new InputError(
        `"${first.file}" (speaker ${first.speakerId}) and "${row.file}" (speaker ${row.speakerId}) have the same name; ` +
          'a speaker would be trained and tested on: keep one of them',
      )
    }
  }
}

function nothingLeft(rows: readonly ManifestRow[]): string {
  const counts = new Map<FileStatus, number>()
  for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1)
  const tally = [...counts].map(([status, count]) => `${count} ${status}`).join(', ')
  const first = rows[0]
  return (
    `the corpus folder holds no utterance that can be used: ${rows.length} files` +
    (first ? ` (${tally}), the first is "${first.file}": ${first.note}` : '') +
    '; put the recordings there, or point --data at the folder that holds them'
  )
}
