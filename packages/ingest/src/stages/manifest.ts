import {
  durationSeconds,
  files,
  InputError,
  manifestTable,
  value,
  type Audio,
  type ManifestRow,
  type RawFile,
  type Stage,
} from '@serflow/core'
import { z } from 'zod'
import type { CorpusEntry } from '../corpora/corpus.js'
import { stemOf } from '../corpora/folder.js'
import { groupBy } from '../groups.js'
import { fingerprint, fingerprintText, parseFingerprint } from '../fingerprint.js'
import type { Kernel } from '../kernels/reader-kernel.js'
import { comparePaths } from '../path-order.js'
import { leastSameShare, sameRecordings } from '../same-recordings.js'
import { soundDigest } from '../sound-digest.js'
import { openUtterances, type UtteranceReader } from '../utterance-sound.js'

export const manifestConfig = z.strictObject({})
export type ManifestConfig = z.infer<typeof manifestConfig>

/**
 * The utterances of one speaker to manifest rows, in the order of paths and starts. Each file is read once, however
 * many utterances are in it, for rate, channels, duration and digest of each. An utterance that is not a usable sound
 * becomes a row that says why.
 *
 * The same id or file name and the same samples again is a duplicate, and so is the same id and the same recording in
 * another form, such as a FLAC beside its MP3; the first path is kept. The same samples under another id and file name
 * and the same label are kept, and both are noted.
 *
 * @throws InputError naming both files: one id with two sounds, or one sound with two labels
 */
export const manifestStage: Stage<
  {
    entries: readonly CorpusEntry[]
    files: readonly RawFile[]
    /** What computes fingerprints: their last bits depend on it. */
    reader: Kernel
  },
  readonly ManifestRow[],
  ManifestConfig
> = {
  name: 'manifest',
  inputs: { entries: value(), files, reader: value() },
  output: manifestTable,
  config: manifestConfig,
  async run({ entries, files, reader: kernel }, _config, { part, progress }) {
    const fileOf = new Map(files.map((file) => [file.path, file]))
    const byFile = groupBy(entries, ({ file }) => file)
    const rows: ManifestRow[] = []
    for (const path of [...byFile.keys()].sort(comparePaths)) {
      const file = fileOf.get(path)
      if (!file) throw new Error(`${path} is an entry, but not among the files`)
      const opened = await file.open()
      const reader = openUtterances(opened, path)
      try {
        const firstRow = rows.length
        for (const entry of inOrder(byFile.get(path)!)) {
          if (part.speaker !== undefined && entry.speakerId !== part.speaker) {
            throw new Error(`${path} is of speaker ${entry.speakerId}, not ${part.speaker}`)
          }
          rows.push(await describe(entry, file, reader, kernel))
          progress(rows.length / entries.length)
        }
        const told = rows[firstRow]!
        rows[firstRow] = { ...told, note: join([told.note, ...reader.notes()]) }
      } finally {
        reader.close()
        opened.close()
      }
    }
    return markRepeats(rows)
  },
}

function inOrder(entries: readonly CorpusEntry[]): CorpusEntry[] {
  return [...entries].sort(
    (left, right) =>
      (left.startSeconds ?? 0) - (right.startSeconds ?? 0) ||
      comparePaths(left.utteranceId, right.utteranceId),
  )
}

async function describe(
  entry: CorpusEntry,
  file: RawFile,
  reader: UtteranceReader,
  kernel: Kernel,
): Promise<ManifestRow> {
  const unread: ManifestRow = {
    corpus: entry.corpus,
    utteranceId: entry.utteranceId,
    file: entry.file,
    fileDigest: file.digest,
    startSeconds: entry.startSeconds,
    endSeconds: entry.endSeconds,
    speakerId: entry.speakerId,
    gender: entry.gender,
    emotion: entry.emotion,
    labelShares: entry.labelShares,
    sentence: entry.sentence,
    intensity: entry.intensity,
    session: entry.session,
    split: entry.split,
    attributes: entry.attributes,
    sampleRateHz: null,
    channels: null,
    durationSeconds: null,
    samplesDigest: null,
    fingerprint: null,
    sameSoundAs: null,
    status: 'unreadable',
    note: entry.note,
  }
  try {
    const { audio, channels, notes } = await reader.read(entry.startSeconds, entry.endSeconds)
    if (Math.round(durationSeconds(audio) * 16000) === 0) {
      throw new InputError(
        `"${entry.file}" is shorter than a sample at 16 kHz; record it again or remove it`,
      )
    }
    return {
      ...unread,
      sampleRateHz: audio.sampleRateHz,
      channels,
      durationSeconds: durationSeconds(audio),
      samplesDigest: soundDigest(audio),
      fingerprint: fingerprintOf(audio, kernel),
      status: 'used',
      note: join([entry.note, ...notes]),
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { ...unread, note: join([entry.note, error.message]) }
  }
}

function markRepeats(rows: readonly ManifestRow[]): ManifestRow[] {
  const firstOfId = new Map<string, ManifestRow>()
  const firstOfSound = new Map<string, ManifestRow>()
  const marked = rows.map((row) => {
    if (row.status !== 'used') return row
    // Of parts of a file the name tells nothing.
    const name = row.startSeconds === null ? stemOf(row.file) : row.utteranceId
    const sound = `${row.samplesDigest} ${row.emotion} ${name}`
    const first = firstOfId.get(row.utteranceId!) ?? firstOfSound.get(sound)
    if (!first) {
      firstOfId.set(row.utteranceId!, row)
      firstOfSound.set(sound, row)
      return row
    }
    if (first.samplesDigest !== row.samplesDigest && !isSameRecording(first, row)) {
      throw new InputError(
        `"${first.file}" and "${row.file}" have the same name but different sound; keep the right one, move the other ` +
          'out of the corpus folder',
      )
    }
    return {
      ...row,
      status: 'duplicate' as const,
      note: join([row.note, `a copy of ${first.file}`]),
    }
  })

  const bySamples = groupBy([...firstOfId.values()], (row) => row.samplesDigest)
  return marked.map((row) => {
    const isKept = row.status === 'used' && row.samplesDigest !== null
    const same = isKept ? (bySamples.get(row.samplesDigest) ?? []) : []
    const twins = same.filter((other) => other.utteranceId !== row.utteranceId)
    const contrary = twins.find((other) => other.emotion !== row.emotion)
    if (contrary) {
      throw new InputError(
        `${placeOf(row)} (${row.emotion}) and ${placeOf(contrary)} (${contrary.emotion}) are the same sound with two ` +
          'labels; find out which is right and move the other out of the corpus folder',
      )
    }
    return {
      ...row,
      note: join([row.note, ...twins.map((twin) => `same samples as ${twin.file}`)]),
    }
  })
}

function fingerprintOf(audio: Audio, kernel: Kernel): string | null {
  const words = fingerprint(audio, kernel)
  return words && fingerprintText(words)
}

/** Such as a file beside its own copy in another format. */
function isSameRecording(first: ManifestRow, second: ManifestRow): boolean {
  if (first.fingerprint === null || second.fingerprint === null) return false
  const words = [first, second].map((row) => parseFingerprint(row.fingerprint!))
  return sameRecordings(words).some(({ share }) => share >= leastSameShare)
}

function placeOf({ file, startSeconds }: ManifestRow): string {
  return startSeconds === null ? `"${file}"` : `"${file}" from ${startSeconds} s`
}

function join(notes: readonly (string | null)[]): string | null {
  return notes.filter((note) => note !== null).join('; ') || null
}
