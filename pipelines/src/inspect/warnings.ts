import { counted, listed } from '@serflow/evaluate'
import { groupBy } from '@serflow/ingest'
import type { ReadUtterance } from './folder-summary.js'
import type { FolderInspection } from './schema.js'

/** Fewer utterances than this cannot be learnt from. */
const fewUtterances = 20
const longSeconds = 15
const shortSeconds = 0.1
/** Between two speakers; louder or softer voices alone differ by less. */
const wideDb = 20

/** What a run would stop at. */
interface Stops {
  /** Files of one name with two sounds. */
  readonly clashes?: readonly (readonly [string, string])[]
  readonly stop?: string | null
}

/** What to know before training on a folder. */
export function warningsOf(
  found: Omit<FolderInspection, 'warnings'>,
  utterances: readonly ReadUtterance[],
  { clashes = [], stop = null }: Stops = {},
): string[] {
  if (utterances.length === 0) return ['there is no sound that can be used']
  const { kind, classes, speakers, files, copies, sampleRatesHz, duplicates } = found
  const names = (items: readonly { readonly file: string }[]) =>
    listed([...new Set(items.map(({ file }) => file))], 3)
  const long = utterances.filter(({ seconds }) => seconds > longSeconds)
  const short = utterances.filter(({ seconds }) => seconds < shortSeconds)
  const nameless = utterances.filter(({ speakerId }) => speakerId === null)
  const merged = mergedLabels(utterances)
  const absent = classes.filter((each) => each.utterances === 0)
  const few = classes.filter((each) => each.utterances > 0 && each.utterances < fewUtterances)
  const oneClass = speakers.filter(({ utterancesByClass: own }) => Object.keys(own).length === 1)
  const leaks = duplicates.filter((each) => each.speakers.length > 1)
  const contrary = duplicates.filter(({ labels }) => labels.length > 1)
  const levels = speakers.flatMap(({ level }) => (level.median === null ? [] : [level.median]))
  const spread = levels.length > 1 ? Math.max(...levels) - Math.min(...levels) : 0

  const warnings: (string | false)[] = [
    stop !== null && `a run stops here: ${stop}`,
    files.rejected > files.read &&
      `${counted(files.rejected, 'file')} with names that do not fit: is it the right reader?`,
    copies > 0 &&
      `${counted(copies, 'utterance')} there twice, with the same name and sound; counted once`,
    clashes.length > 0 &&
      `one name with two sounds, at which a run stops: ${listed(
        clashes.map((pair) => pair.join(' and ')),
        3,
      )}`,
    files.unreadable > 0 && `${counted(files.unreadable, 'file')} cannot be read`,
    absent.length > 0 &&
      `no utterance of ${listed(
        absent.map(({ name }) => name),
        8,
      )}`,
    few.length > 0 &&
      `fewer than ${fewUtterances} utterances of ${listed(
        few.map((each) => `${each.name} (${each.utterances})`),
        8,
      )}`,
    kind !== null &&
      nameless.length > 0 &&
      `the speaker of ${counted(nameless.length, 'utterance')} is not known: no fold can keep speakers apart${
        kind === 'folders'
          ? `; say where names have it, such as --set 'corpus.speaker=^([^_]+)_'`
          : ''
      }`,
    merged.length > 0 && `labels are merged: ${listed(merged, 8)}`,
    speakers.length === 1 && 'one speaker: nothing can be said of other voices',
    classes.length > 1 &&
      oneClass.length > 0 &&
      `${counted(oneClass.length, 'speaker')} with one class alone (${listed(
        oneClass.map(({ speakerId }) => speakerId),
        5,
      )}): the voice gives the class away`,
    long.length > 0 &&
      `${counted(long.length, 'utterance')} longer than ${longSeconds} s (${names(long)})`,
    short.length > 0 &&
      `${counted(short.length, 'utterance')} shorter than ${shortSeconds} s (${names(short)})`,
    sampleRatesHz.length > 1 &&
      `${sampleRatesHz.length} sampling rates: where they go with class or speaker, the bandwidth gives these away`,
    spread > wideDb &&
      `levels differ by ${spread.toFixed(0)} dB between speakers: the level alone tells some of them apart`,
    leaks.length > 0 &&
      `the same sound under two speakers, at which a run stops: ${listed(
        leaks.map(({ files }) => oneOfEach(utterances, files, 'speakerId')),
        3,
      )}`,
    contrary.length > 0 &&
      `the same sound under two labels: ${listed(
        contrary.map(({ files }) => oneOfEach(utterances, files, 'emotion')),
        3,
      )}`,
  ]
  return warnings.filter((warning) => warning !== false)
}

/** Of files with the same sound the first under each of two labels or speakers: `a.wav (happy) and b.wav (sad)`. */
function oneOfEach(
  utterances: readonly ReadUtterance[],
  files: readonly string[],
  key: 'emotion' | 'speakerId',
): string {
  const own = utterances.filter(({ file, [key]: word }) => word !== null && files.includes(file))
  const firsts = [...groupBy(own, ({ [key]: word }) => word)]
    .slice(0, 2)
    .map(([word, [first]]) => `${first!.file} (${word})`)
  return firsts.length > 1 ? firsts.join(' and ') : files.slice(0, 2).join(' and ')
}

/** Labels that count as another, with the number of utterances. */
function mergedLabels(utterances: readonly ReadUtterance[]): readonly string[] {
  const changed = utterances.filter(({ ownLabel }) => ownLabel !== undefined)
  const groups = groupBy(changed, ({ ownLabel, emotion }) => `${ownLabel} counts as ${emotion}`)
  return [...groups].map(([what, own]) => `${what} (${own.length})`).sort()
}
