import type { TrainingRecord } from '@serflow/core'
import type { PartsByFold, UsedUtterance } from './leak-check.js'
import type { Scores } from './schema.js'
import { speakersApart } from './training-check.js'
import { counted, level } from './wording.js'

/** What a fold has in its parts. */
interface Sides {
  readonly train: readonly UsedUtterance[]
  readonly validation: readonly UsedUtterance[]
  readonly test: readonly UsedUtterance[]
}

/**
 * How the numbers were made, in words, from what the folds have on their sides: not from what was asked for. A fold that
 * tests nothing is none.
 */
export function protocolOf(
  utterances: readonly UsedUtterance[],
  parts: PartsByFold,
  histories: readonly TrainingRecord[],
  seeds: readonly (number | null)[],
  confidence: number,
): Scores['protocol'] {
  const sides = [...parts.values()]
    .map((partOf): Sides => {
      const inPart = (part: keyof Sides) => utterances.filter((each) => partOf(each) === part)
      return { train: inPart('train'), validation: inPart('validation'), test: inPart('test') }
    })
    .filter(({ test }) => test.length > 0)
  const independent = speakersApart(utterances, parts)
  const selection = selectionOf(histories, sides)
  const meanOverSeeds = seeds.length > 1 ? `, mean over ${seeds.length} seeds` : ''
  return {
    folds: sides.length,
    foldScheme: schemeOf(sides, independent),
    speakersIndependent: independent,
    sentences: sentencesOf(sides),
    ...(selection === undefined ? {} : { selection }),
    seeds: [...seeds],
    confidence,
    headline:
      'unweighted average recall over the classes that occur, ' +
      `pooled over the test utterances of all folds${meanOverSeeds}`,
    interval: independent
      ? `Student's t over the speakers' own UARs, ${level(confidence)}`
      : 'none: speakers are on both sides of folds',
  }
}

function schemeOf(sides: readonly Sides[], independent: boolean): string {
  const folds = counted(sides.length, 'fold')
  if (!independent)
    return `${folds} by recording: speakers are on both sides, not speaker-independent`
  const validation = rangeOf(sides.map(({ validation }) => distinct(validation, speaker).length))
  const held =
    validation === '0' ? '' : `, ${validation} validation ${noun(validation)} held out in each`
  return divisionOf(sides, folds) + held
}

function divisionOf(sides: readonly Sides[], folds: string): string {
  const speakers = rangeOf(sides.map(({ test }) => distinct(test, speaker).length))
  const trained = rangeOf(sides.map(({ train }) => distinct(train, speaker).length))
  if (areApart(sides, ({ corpus }) => corpus)) {
    const names = (part: 'train' | 'test') =>
      distinct(
        sides.flatMap((each) => each[part]),
        ({ corpus }) => corpus,
      ).join(', ')
    return sides.length === 1
      ? `trained on ${names('train')}, tested on ${names('test')}`
      : `across corpora: ${folds}, each tested on a corpus that is not trained on (${names('test')})`
  }
  if (areApart(sides, sentence)) {
    return `${folds}, each tested on ${speakers} ${noun(speakers)} and on sentences it is not trained on`
  }
  const sessions = sides.map(({ test }) => distinct(test, ({ session }) => session))
  if (areApart(sides, ({ session }) => session) && sessions.every(({ length }) => length === 1)) {
    return `leave one session out: ${folds}, each tested on ${speakers} ${noun(speakers)}`
  }
  if (sides.length === 1) {
    return `one division: trained on ${trained} ${noun(trained)}, tested on ${speakers}`
  }
  return speakers === '1'
    ? `leave one speaker out: ${folds}`
    : `${folds} by speaker, each tested on ${speakers} ${noun(speakers)}`
}

/** Whether a thing is known of all utterances and never the same in training and test. */
function areApart(
  sides: readonly Sides[],
  keyOf: (utterance: UsedUtterance) => string | null,
): boolean {
  return sides.every(({ train, test }) => {
    const trained = new Set(train.map(keyOf))
    return (
      !trained.has(null) && test.every((each) => keyOf(each) !== null && !trained.has(keyOf(each)))
    )
  })
}

/** Which sentences are on both sides: what is said is heard in training, so it is no test of other texts. */
function sentencesOf(sides: readonly Sides[]): string {
  const shared = sides.map(({ train, test }) => {
    const trained = new Set(train.map(sentence))
    return distinct(test, sentence).filter((each) => trained.has(each))
  })
  const isKnown = sides.some(({ test }) => test.some((each) => each.sentence !== null))
  if (!isKnown) return 'what is said is not known'
  const most = Math.max(...shared.map(({ length }) => length))
  if (most === 0) return 'no sentence is on both sides of a fold'
  const all = new Set(shared.flat())
  const isAll = shared.every(({ length }) => length === all.size)
  const what = all.size === 1 ? 'the same sentence is' : `the same ${all.size} sentences are`
  const told = isAll
    ? `${what} on both sides of every fold`
    : `up to ${counted(most, 'sentence')} on both sides of a fold`
  return canBeApart(sides) ? `${told}; ingest.folds.scheme: by-sentence keeps them apart` : told
}

/** Whether a division by sentence could be made: it asks for the sentence of every utterance, and for two of them. */
function canBeApart(sides: readonly Sides[]): boolean {
  const all = sides.flatMap(({ train, validation, test }) => [...train, ...validation, ...test])
  return all.every((each) => sentence(each) !== null) && distinct(all, sentence).length > 1
}

/** How the epoch was chosen, where validation speakers chose it. */
function selectionOf(
  histories: readonly TrainingRecord[],
  sides: readonly Sides[],
): string | undefined {
  const chosen = histories.filter(({ validation }) => validation !== null)
  if (chosen.length === 0) return undefined
  const epochs = rangeOf(chosen.map(({ epoch }) => epoch))
  const speakers = rangeOf(sides.map(({ validation }) => distinct(validation, speaker).length))
  return (
    `the epoch, by ${speakers} validation ${noun(speakers)} of each fold, who are neither trained nor tested on in it: ` +
    `epoch ${epochs}; nothing chosen on test speakers. The model of all speakers is trained for the median`
  )
}

const speaker = ({ speakerId }: UsedUtterance) => speakerId
/** Of several corpora a manifest has the name of the published one in front: its parts share their sentences. */
const sentence = ({ sentence: code }: UsedUtterance) => code

function distinct(
  utterances: readonly UsedUtterance[],
  keyOf: (utterance: UsedUtterance) => string | null,
): string[] {
  const keys = new Set(utterances.map(keyOf))
  return [...keys].filter((key) => key !== null).sort()
}

function rangeOf(counts: readonly number[]): string {
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)]
  return fewest === most ? String(most) : `${fewest} to ${most}`
}

const noun = (count: string) => (count === '1' ? 'speaker' : 'speakers')
