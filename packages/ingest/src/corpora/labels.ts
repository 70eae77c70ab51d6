import { InputError } from '@serflow/core'
import { z } from 'zod'
import { comparePaths } from '../path-order.js'
import type { FoundCorpus, FoundUtterance, OtherFile } from './corpus.js'
import { plainName } from './names.js'
import { plurality, type Votes } from './votes.js'

/** Versions of the maps that have names: a map that maps otherwise is another version, and a test holds what each maps. */
export const labelMapVersions = { common: 1, four: 1 } as const

/** The words of RAVDESS for the words of others. */
const common: Readonly<Record<string, string>> = {
  neutrality: 'neutral',
  calmness: 'calm',
  happiness: 'happy',
  joy: 'happy',
  sadness: 'sad',
  anger: 'angry',
  fear: 'fearful',
  disgusted: 'disgust',
  surprise: 'surprised',
  'pleasant surprise': 'surprised',
  boredom: 'bored',
  frustration: 'frustrated',
  excitement: 'excited',
}
const four = ['neutral', 'happy', 'sad', 'angry']

const labelName = z.string().refine((label) => plainName(label) !== '', { abort: true })

export const labelsSchema = z
  .union([z.enum(['common', 'four']), z.record(z.string(), labelName.nullable())], {
    error: 'expected common, four or a map such as {calm: neutral, surprised: null}',
  })
  .describe(
    'what labels become: another label merges, null leaves out. common: the words of RAVDESS (anger is angry); ' +
      'four: of these neutral, happy, sad and angry, excited counting as happy, all others left out',
  )
export type LabelMap = z.output<typeof labelsSchema>

/** An utterance whose label is settled. */
export type LabelledUtterance = Omit<FoundUtterance, 'emotion'> & { readonly emotion: string }

/** What became of one of the corpus's own labels, where it is not the same. */
export interface LabelChange {
  /** As the corpus has it. */
  readonly label: string
  /** null: left out. */
  readonly countsAs: string | null
  /** Whether the reader of the corpus does so by itself, and not the settings alone. */
  readonly byDefault: boolean
  /** Utterances with this label, or where votes alone tell it, with votes for it. */
  readonly utterances: number
}

/** A corpus whose labels are settled, with all that was changed on the way. */
export type LabelledCorpus = Omit<FoundCorpus, 'utterances'> & {
  readonly utterances: readonly LabelledUtterance[]
  /** In the order of the labels' names. */
  readonly labelChanges: readonly LabelChange[]
}

/**
 * Labels by a map, and where only votes tell it, by plurality: the label with more votes than any other, after the
 * map. Utterances whose label the map leaves out, or whose most votes are shared, are skipped with the reason.
 *
 * Classes keep their order, a merged one at the place of its first label.
 *
 * @param order the classes that are expected, in their order; by default the corpus's
 * @throws InputError for a label in the map that the corpus lacks, two classes that differ only in case, a class that
 *   is not expected, or fewer than two classes
 */
export function applyLabels(
  corpusName: string,
  found: FoundCorpus,
  map: LabelMap | undefined,
  order?: readonly string[],
): LabelledCorpus {
  const labelOf = mapping(corpusName, found.classes, map)
  const mapped = found.classes.map(labelOf).filter((label) => label !== null)
  const wanted = order?.map(plainName)
  const classes = inOrder(corpusName, [...new Set(mapped)], found, labelOf, wanted)
  return { ...settled(found, labelOf), classes }
}

/** Labels by plurality where only votes tell them, and otherwise as they are; nothing is refused. */
export function settleLabels(found: FoundCorpus): LabelledCorpus {
  return settled(found, (label) => label)
}

function settled(found: FoundCorpus, labelOf: LabelOf): LabelledCorpus {
  const utterances: LabelledUtterance[] = []
  const left: OtherFile[] = []
  for (const utterance of found.utterances) {
    const votes = utterance.votes && mapVotes(utterance.votes, labelOf)
    const read =
      utterance.emotion === null ? settle(votes) : settleNamed(utterance.emotion, labelOf)
    if ('note' in read) left.push({ file: utterance.file, status: 'skipped', note: read.note })
    else {
      const { votes: _, ...rest } = utterance
      const told = votes && Object.keys(votes).length > 0 ? { votes } : {}
      const own = utterance.ownLabel ?? utterance.emotion ?? read.emotion
      const changed = own === read.emotion ? {} : { ownLabel: own }
      utterances.push({ ...rest, ...told, ...changed, emotion: read.emotion })
    }
  }
  const labelChanges = changesOf(found.utterances, labelOf)
  return { ...found, utterances, others: [...found.others, ...left], labelChanges }
}

function changesOf(utterances: readonly FoundUtterance[], labelOf: LabelOf): LabelChange[] {
  const changes = new Map<string, LabelChange>()
  for (const { emotion, ownLabel, votes } of utterances) {
    for (const label of emotion === null ? Object.keys(votes ?? {}) : [emotion]) {
      const [own, countsAs] = [ownLabel ?? label, labelOf(label)]
      if (own === countsAs) continue
      const counted = changes.get(own)?.utterances ?? 0
      const byDefault = ownLabel !== undefined
      changes.set(own, { label: own, countsAs, byDefault, utterances: counted + 1 })
    }
  }
  return [...changes.values()].sort((left, right) => comparePaths(left.label, right.label))
}

type LabelOf = (label: string) => string | null

function mapping(
  corpusName: string,
  classes: readonly string[],
  map: LabelMap | undefined,
): LabelOf {
  if (map === undefined) return (label) => label
  const word = (label: string) => (Object.hasOwn(common, label) ? common[label]! : label)
  if (map === 'common') return word
  if (map === 'four') {
    return (label) => {
      const name = word(label) === 'excited' ? 'happy' : word(label)
      return four.includes(name) ? name : null
    }
  }
  const named = new Map(
    Object.entries(map).map(([from, to]) => [plainName(from), to && plainName(to)]),
  )
  const unknown = [...named.keys()].find((label) => !classes.includes(label))
  if (unknown !== undefined) {
    throw new InputError(
      `corpus.labels: ${corpusName} has no label "${unknown}"; it has ${classes.join(', ')}`,
    )
  }
  return (label) => named.get(label) ?? (named.has(label) ? null : label)
}

function inOrder(
  corpusName: string,
  classes: readonly string[],
  found: FoundCorpus,
  labelOf: LabelOf,
  order: readonly string[] | undefined,
): readonly string[] {
  const first = (label: string) => {
    const carries = ({ emotion, votes }: FoundUtterance) =>
      (emotion !== null && labelOf(emotion) === label) ||
      Object.keys(votes ?? {}).some((name) => labelOf(name) === label)
    return found.utterances.find(carries)?.file ?? 'nowhere'
  }
  const form = (label: string) => plainName(label).toLowerCase()
  for (const [index, label] of classes.entries()) {
    if (label === '__proto__') {
      throw new InputError(
        `${corpusName}: "${first(label)}" has the label "__proto__", which no table of results can hold; give it ` +
          'another name by corpus.labels',
      )
    }
    const twin = classes.slice(0, index).find((other) => form(other) === form(label))
    if (twin !== undefined) {
      throw new InputError(
        `${corpusName}: the labels "${twin}" (${first(twin)}) and "${label}" (${first(label)}) differ only in ` +
          `${plainName(twin) === plainName(label) ? 'characters that are not seen' : 'case'}; ${found.classes.includes(label) ? `write them alike, or set corpus.labels: {${label}: ${twin}}` : 'mend corpus.labels'}`,
      )
    }
  }
  const unexpected = order && classes.find((label) => !order.includes(label))
  if (unexpected !== undefined) {
    throw new InputError(
      `${corpusName}: the label "${unexpected}" (${first(unexpected)}) is none of corpus.classes (${order!.join(', ')}); ` +
        'mend it, add it, or map it with corpus.labels',
    )
  }
  const wanted = order ?? classes
  if (wanted.length < 2 && found.utterances.length > 0) {
    throw new InputError(
      `${corpusName}: ${wanted.length === 0 ? 'no class is' : `one class (${wanted[0]}) is`} left, expected at least two; ` +
        'check corpus.labels and corpus.where',
    )
  }
  return wanted
}

type Settled = { readonly emotion: string } | { readonly note: string }

function settleNamed(label: string, labelOf: LabelOf): Settled {
  const emotion = labelOf(label)
  return emotion === null ? { note: `label ${label} left out by corpus.labels` } : { emotion }
}

function settle(votes: Votes | undefined): Settled {
  if (!votes || Object.keys(votes).length === 0) {
    return { note: 'votes only for labels left out by corpus.labels' }
  }
  const emotion = plurality(votes)
  return emotion === undefined ? { note: 'no majority of votes' } : { emotion }
}

function mapVotes(votes: Votes, labelOf: LabelOf): Votes {
  const mapped: Record<string, number> = {}
  for (const [name, count] of Object.entries(votes)) {
    const label = labelOf(name)
    if (label !== null) mapped[label] = (mapped[label] ?? 0) + count
  }
  return mapped
}
