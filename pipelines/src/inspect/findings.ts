import {
  equalPairs,
  firstLinked,
  groupBy,
  leastSameShare,
  parseFingerprint,
  sameRecordings,
  type FoundUtterance,
} from '@serflow/ingest'
import type { Measured } from './measure.js'
import type { FolderInspection } from './schema.js'
import type { SoundFacts } from './sound-facts.js'

/** Above this share, silence of exactly 0 is worth a note. */
const muchSilence = 0.5
/** About -40 dB of full scale. */
const largeOffset = 0.01
const quietDb = -60

/** What is odd about a file beyond what its reader says. */
export function oddities(facts: SoundFacts): readonly string[] {
  const { channels, channelsAlike, silentChannels, zeroShare, offset, rmsDb } = facts
  const notes: string[] = []
  if (channels > 1) {
    const how = channelsAlike
      ? ', all alike'
      : silentChannels > 0 && silentChannels < channels
        ? ', of which some are silent: their mean is quieter'
        : ': their mean is used'
    notes.push(`${channels} channels${how}`)
  }
  if (rmsDb === null) return notes
  if (zeroShare >= muchSilence) {
    notes.push(`digital silence: ${Math.round(100 * zeroShare)} % of its samples are exactly 0`)
  }
  if (Math.abs(offset) >= largeOffset) {
    notes.push(`offset: its mean is ${offset.toPrecision(2)} of full scale, expected about 0`)
  }
  if (rmsDb < quietDb) notes.push(`very quiet: ${(-rmsDb).toFixed(1)} dB below full scale`)
  return notes
}

/**
 * Groups files by what is said of them. Two texts are one kind where only numbers and the file's own name differ; the
 * text of the group then has them all, or their range. Largest group first, files in the order given.
 */
export function groupsOf(
  found: readonly { readonly file: string; readonly text: string }[],
): FolderInspection['notes'] {
  const groups = new Map<string, { texts: Set<string>; files: string[] }>()
  for (const { file, text } of found) {
    const bare = withoutName(text, file)
    const kind = bare.replace(number, '#')
    const group = groups.get(kind) ?? { texts: new Set(), files: [] }
    group.texts.add(bare)
    group.files.push(file)
    groups.set(kind, group)
  }
  return [...groups.values()]
    .map(({ texts, files }) => ({ text: withRanges([...texts]), files }))
    .sort((left, right) => right.files.length - left.files.length || compare(left.text, right.text))
}

const number = /-?\d+(?:\.\d+)?/g

/** More values than this are told as a range. */
const mostValues = 3

/** The first of texts that differ in numbers alone, with all values, or their range, of each number that differs. */
function withRanges(texts: readonly string[]): string {
  const numbers = texts.map((text) => text.match(number) ?? [])
  let place = 0
  return texts[0]!.replace(number, (first, offset: number, text: string) => {
    const isQuoted = text[offset - 1] === '"' && text[offset + first.length] === '"'
    const [or, to] = isQuoted ? ['" or "', '" to "'] : [' or ', ' to ']
    const values = [...new Set(numbers.map((own) => own[place]!))].sort(
      (left, right) => Number(left) - Number(right),
    )
    place++
    return values.length > mostValues ? `${values[0]}${to}${values.at(-1)}` : values.join(or)
  })
}

/** `"a/b.wav" is empty` to `is empty`; elsewhere, such as in a command, the name becomes FILE. */
function withoutName(text: string, file: string): string {
  const stem = file.replace(/\.[^./]*$/, '')
  const begin = `"${file}" `
  return (text.startsWith(begin) ? text.slice(begin.length) : text)
    .replaceAll(`"${file}"`, '"FILE"')
    .replaceAll(`"${stem}-pcm.wav"`, '"FILE-pcm.wav"')
    .replaceAll(`"${stem}.wav"`, '"FILE.wav"')
}

/** What is equal in a group of duplicates. */
export const howSame = {
  bytes: 'byte for byte',
  samples: 'the same samples',
  recording: 'the same recording at another level, rate or coding',
} as const

/**
 * Files with the same bytes, files whose samples are the same although their bytes are not, and files that are one
 * recording at another level, rate or coding.
 */
export function duplicatesOf(
  measured: readonly Measured[],
  utterances: readonly FoundUtterance[],
): FolderInspection['duplicates'] {
  const sounds = measured.flatMap((each) =>
    'facts' in each ? [{ file: each.file, ...each.facts }] : [],
  )
  const saidIn = groupBy(utterances, ({ file }) => file)
  const words = (files: readonly string[], key: 'emotion' | 'speakerId') => {
    const found = files.flatMap((file) => (saidIn.get(file) ?? []).map((each) => each[key]))
    return [...new Set(found.filter((word) => word !== null))].sort()
  }
  const firsts = firstLinked(sounds.length, [
    ...equalPairs(sounds.map(({ samplesDigest }) => samplesDigest)),
    ...sameRecordings(
      sounds.map(({ fingerprint: text }) => (text === null ? null : parseFingerprint(text))),
    ).flatMap(({ first, second, share }) =>
      share >= leastSameShare ? [[first, second] as const] : [],
    ),
  ])
  return [...groupBy([...sounds.keys()], (place) => firsts[place]!).values()]
    .filter((places) => places.length > 1)
    .map((places) => {
      const group = places.map((place) => sounds[place]!)
      const files = group.map(({ file }) => file)
      const areAll = (key: 'digest' | 'samplesDigest') =>
        group.every((sound) => sound[key] === group[0]![key])
      const same = areAll('digest') ? 'bytes' : areAll('samplesDigest') ? 'samples' : 'recording'
      return {
        same,
        files,
        labels: words(files, 'emotion'),
        speakers: words(files, 'speakerId'),
      }
    })
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
