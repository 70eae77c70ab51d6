import type { FoundUtterance, OtherFile } from './corpus.js'
import type { CorpusFolder } from './folder.js'
import { listByName, rejected, secondCopy, skipped, type NameReading } from './named-files.js'

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

/** The emotions that are sung, in the same order. */
export const sungEmotions: readonly string[] = ravdessEmotions.slice(0, 6)

/** RAVDESS vocal channels 01 and 02. */
export type RavdessChannel = 'speech' | 'song'

/**
 * Files named in the RAVDESS scheme, modality-channel-emotion-intensity-statement-repetition-actor, to utterances.
 *
 * Audio-only files (03-…) of the wanted channels are used; the other channel, the sound track of the videos, videos
 * and other files are skipped, names outside the scheme are rejected, each with a note. The speaker is in the name,
 * odd ones are men; a file in another actor's folder is used with a note.
 *
 * @see Livingstone & Russo 2018, doi 10.1371/journal.pone.0196391, "File naming"
 */
export function listRavdess(
  folder: CorpusFolder,
  channels: readonly RavdessChannel[] = ['speech'],
): { utterances: FoundUtterance[]; others: OtherFile[] } {
  return listByName(folder, (stem, path) => readName(stem, path, channels))
}

/** A file's path, for messages. */
export const ravdessExample = 'Actor_12/03-01-05-01-02-01-12.wav'

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

function readName(stem: string, path: string, channels: readonly RavdessChannel[]): NameReading {
  const copy = secondCopy(stem, example)
  if (copy) return copy
  const parts = stem.split('-')
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
  const [modality, channelCode, emotionCode, intensityCode, sentence, repetition, speaker] = parts
  if (modality !== '03') return skipped(modality === '01' ? 'audio-video' : 'video')
  const channel = channelCode === '01' ? 'speech' : 'song'
  if (!channels.includes(channel)) return skipped(channel)

  const emotion = ravdessEmotions[Number(emotionCode) - 1]!
  const intensity = intensityCode === '01' ? 'normal' : 'strong'
  if (emotion === 'neutral' && intensity === 'strong') {
    return rejected('neutral is never of strong intensity (02)')
  }
  if (channel === 'song' && !sungEmotions.includes(emotion)) {
    return rejected(`${emotion} is never sung`)
  }
  const note = folderNote(path, speaker!)
  return {
    speakerId: speaker!,
    gender: Number(speaker) % 2 === 1 ? 'male' : 'female',
    emotion,
    sentence: sentence!,
    intensity,
    attributes: { channel, repetition: repetition! },
    ...(note === undefined ? {} : { note }),
  }
}

function folderNote(path: string, speakerId: string): string | undefined {
  const folder = /(?:^|\/)Actor_(\d\d)\/[^/]*$/i.exec(path)?.[1]
  if (folder === undefined || folder === speakerId) return undefined
  return `lies in the folder of actor ${folder}, but its name says actor ${speakerId}`
}

function twoDigits(code: number): string {
  return String(code).padStart(2, '0')
}
