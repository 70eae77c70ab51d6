import { comparePaths } from '../path-order.js'
import {
  isLitter,
  unsaid,
  type CorpusEntry,
  type CorpusListing,
  type ListedFile,
  type OtherFile,
} from './corpus.js'

/** RAVDESS emotion codes 01 to 08 in order. */
export const ravdessEmotions = [
  'neutral',
  'calm',
  'happy',
  'sad',
  'angry',
  'fearful',
  'disgust',
  'surprised',
] as const

/**
 * Files named in the RAVDESS scheme, modality-channel-emotion-intensity-statement-repetition-actor, to utterances.
 *
 * Speech in audio-only files (03-01-…) is used; song, the sound track of the videos, videos and other files are
 * skipped, names outside the scheme are rejected, each with a note. The speaker is in the name, odd ones are men; a file in another
 * actor's folder is used with a note. A name that occurs in two folders gives two entries of one utterance.
 *
 * @see Livingstone & Russo 2018, doi 10.1371/journal.pone.0196391, "File naming"
 */
export function listRavdess(corpus: string, files: readonly ListedFile[]): CorpusListing {
  const entries: CorpusEntry[] = []
  const others: OtherFile[] = []
  const sorted = files
    .filter(({ path }) => !isLitter(path))
    .sort((left, right) => comparePaths(left.path, right.path))
  for (const { path, digest } of sorted) {
    const found = readName(path)
    if ('status' in found) others.push({ file: path, ...found })
    else entries.push({ ...unsaid, ...found, corpus, file: path, fileDigest: digest })
  }
  return { entries, others }
}

const example = '03-01-05-01-02-01-12.wav'
const fields = [
  'modality',
  'vocal channel',
  'emotion',
  'intensity',
  'statement',
  'repetition',
  'actor',
]
const highest = [3, 2, ravdessEmotions.length, 2, 2, 2, 24]

type Finding =
  | Omit<OtherFile, 'file'>
  | (Omit<CorpusEntry, 'corpus' | 'file' | 'fileDigest' | keyof typeof unsaid> &
      Pick<CorpusEntry, 'sentence' | 'intensity' | 'note'>)

function readName(path: string): Finding {
  const [, stem = '', ending = ''] = /([^/]*?)(\.[^./]*)?$/.exec(path) ?? []
  if (/^\.(mp4|avi|mov|m4v)$/i.test(ending)) return skipped('video')
  if (!/^\.wav$/i.test(ending)) return skipped('not a WAV file')

  const parts = stem.split('-')
  if (/\(\d+\)|copy/i.test(stem)) {
    return rejected(`the name looks like a second copy of a file, expected one like ${example}`)
  }
  if (parts.length !== fields.length) {
    return rejected(
      `the name has ${parts.length} fields, expected ${fields.length} as in ${example}`,
    )
  }
  for (const [index, part] of parts.entries()) {
    const code = /^\d\d$/.test(part) ? Number(part) : 0
    if (code < 1 || code > highest[index]!) {
      return rejected(`${fields[index]} is "${part}", expected 01 to ${twoDigits(highest[index]!)}`)
    }
  }
  const [modality, channel, emotionCode, intensityCode, sentence, , speakerId] = parts
  if (modality !== '03') return skipped(modality === '01' ? 'audio-video' : 'video')
  if (channel !== '01') return skipped('song')

  const emotion = ravdessEmotions[Number(emotionCode) - 1]!
  const intensity = intensityCode === '01' ? 'normal' : 'strong'
  if (emotion === 'neutral' && intensity === 'strong') {
    return rejected('neutral is never of strong intensity (02)')
  }
  return {
    utteranceId: stem,
    speakerId: speakerId!,
    gender: Number(speakerId) % 2 === 1 ? 'male' : 'female',
    emotion,
    sentence: sentence!,
    intensity,
    note: folderNote(path, speakerId!),
  }
}

function skipped(note: string): Finding {
  return { status: 'skipped', note }
}

function rejected(note: string): Finding {
  return { status: 'rejected', note }
}

function folderNote(path: string, speakerId: string): string | null {
  const folder = /(?:^|\/)Actor_(\d\d)\/[^/]*$/i.exec(path)?.[1]
  if (folder === undefined || folder === speakerId) return null
  return `lies in the folder of actor ${folder}, but its name says actor ${speakerId}`
}

function twoDigits(code: number): string {
  return String(code).padStart(2, '0')
}
