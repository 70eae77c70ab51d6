import type { FoundUtterance } from '@serflow/ingest'
import type { FolderInspection } from './schema.js'
import type { SoundFacts } from './sound-facts.js'

type Recording = FolderInspection['recordings'][number]

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
  if (rmsDb < quietDb) notes.push(`very quiet: ${rmsDb.toFixed(1)} dB below full scale`)
  return notes
}

/**
 * Groups files by what is said of them. Two texts are one kind where only numbers and the file's own name differ; the
 * group then has a dot for them. Largest group first, files in the order given.
 */
export function groupsOf(
  found: readonly { readonly file: string; readonly text: string }[],
): FolderInspection['notes'] {
  const groups = new Map<string, { texts: Set<string>; files: string[] }>()
  for (const { file, text } of found) {
    const bare = withoutName(text, file)
    const kind = bare.replace(/-?\d+(?:\.\d+)?/g, '…')
    const group = groups.get(kind) ?? { texts: new Set(), files: [] }
    group.texts.add(bare)
    group.files.push(file)
    groups.set(kind, group)
  }
  return [...groups]
    .map(([kind, { texts, files }]) => ({ text: texts.size === 1 ? [...texts][0]! : kind, files }))
    .sort((left, right) => right.files.length - left.files.length || compare(left.text, right.text))
}

/** `"a/b.wav" is empty` to `is empty`; elsewhere, such as in a command, the name becomes FILE. */
function withoutName(text: string, file: string): string {
  const stem = file.replace(/\.[^./]*$/, '')
  return text.replace(`"${file}" `, '').replaceAll(file, 'FILE').replaceAll(stem, 'FILE')
}

/** Files with the same bytes, and files whose samples are the same although their bytes are not. */
export function duplicatesOf(
  recordings: readonly Recording[],
  utterances: readonly FoundUtterance[],
): FolderInspection['duplicates'] {
  const labels = new Map<string, Set<string>>()
  for (const { file, emotion } of utterances) {
    if (emotion === null) continue
    labels.set(file, (labels.get(file) ?? new Set()).add(emotion))
  }
  return [...bySamples(recordings).values()]
    .filter((group) => group.length > 1)
    .map((group) => ({
      same: group.every(({ digest }) => digest === group[0]!.digest)
        ? ('bytes' as const)
        : ('samples' as const),
      files: group.map(({ file }) => file),
      labels: [...new Set(group.flatMap(({ file }) => [...(labels.get(file) ?? [])]))].sort(),
    }))
}

function bySamples(recordings: readonly Recording[]): Map<string, Recording[]> {
  const groups = new Map<string, Recording[]>()
  for (const recording of recordings) {
    const group = groups.get(recording.samplesDigest)
    if (group) group.push(recording)
    else groups.set(recording.samplesDigest, [recording])
  }
  return groups
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
