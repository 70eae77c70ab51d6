import { InputError } from '@serflow/core'
import { z } from 'zod'
import type { FoundCorpus, FoundUtterance, OtherFile } from './corpus.js'
import { plainName } from './names.js'

const scalar = z.union([z.string(), z.number(), z.boolean()])

export const whereSchema = z
  .record(
    z.string(),
    z.union(
      [
        scalar,
        z.array(scalar).min(1),
        z
          .strictObject({ min: z.number().optional(), max: z.number().optional() })
          .refine(({ min, max }) => min !== undefined || max !== undefined, { abort: true }),
      ],
      { error: 'expected a value, a list of values or a range such as {min: 18, max: 60}' },
    ),
  )
  .describe(
    'only utterances of which this holds, by column or attribute: a value, a list of values, or {min, max}; labels as the corpus has them',
  )
export type Where = z.output<typeof whereSchema>
type Condition = Where[string]

/**
 * Keeps the utterances for which all conditions hold; the others are skipped with the condition that they fail. A
 * condition on the emotion drops the classes it does not name.
 *
 * @param corpusName for messages
 * Columns are known whatever their case.
 *
 * @throws InputError for a column that no utterance has, a condition that none fulfils, or a value of a list that none has,
 *   with what there is
 */
export function filterUtterances(
  corpusName: string,
  found: FoundCorpus,
  where: Where,
): FoundCorpus {
  const utterances: FoundUtterance[] = []
  const left: OtherFile[] = []
  const conditions = Object.entries(where)
  for (const [name, condition] of conditions) checkCondition(corpusName, found, name, condition)
  for (const utterance of found.utterances) {
    const failed = conditions.find(([name, condition]) => !fits(cellOf(utterance, name), condition))
    if (failed === undefined) utterances.push(utterance)
    else {
      const [name, condition] = failed
      const note = `left out by corpus.where: ${name} is not ${inWords(condition)}`
      left.push({ file: utterance.file, status: 'skipped', note })
    }
  }
  const ofEmotion = conditions.find(([name]) => isEmotion(name))?.[1]
  const classes =
    ofEmotion === undefined
      ? found.classes
      : found.classes.filter((label) => fits(label, ofEmotion))
  return { ...found, classes, utterances, others: [...found.others, ...left] }
}

type Cell = string | number | boolean | undefined

/** What columns are called in settings and tables. */
const columnNames: ReadonlyMap<string, string> = new Map([
  ['utteranceId', 'id'],
  ['speakerId', 'speaker'],
  ['startSeconds', 'start'],
  ['endSeconds', 'end'],
])
const columns = [
  'file',
  'utteranceId',
  'speakerId',
  'gender',
  'emotion',
  'sentence',
  'intensity',
  'session',
  'split',
  'startSeconds',
  'endSeconds',
] as const

const isEmotion = (name: string) => /^(emotion|label)$/i.test(name)

function cellOf(utterance: FoundUtterance, name: string): Cell {
  const form = name.toLowerCase()
  const wanted = form === 'label' ? 'emotion' : form
  const column = columns.find(
    (each) => each.toLowerCase() === wanted || columnNames.get(each) === wanted,
  )
  if (column !== undefined) return utterance[column] ?? undefined
  const attributes = utterance.attributes ?? {}
  if (Object.hasOwn(attributes, name)) return attributes[name]
  const written = Object.keys(attributes).find((each) => each.toLowerCase() === form)
  return written === undefined ? undefined : attributes[written]
}

function checkCondition(
  corpusName: string,
  { utterances, classes }: FoundCorpus,
  name: string,
  condition: Condition,
): void {
  const cells = utterances.map((utterance) => cellOf(utterance, name))
  const known = [...new Set(cells)].filter((cell) => cell !== undefined)
  if (known.length === 0) {
    const named = columns
      .filter((column) => utterances.some((each) => each[column] != null))
      .map((column) => columnNames.get(column) ?? column)
    const attributes = new Set(utterances.flatMap((each) => Object.keys(each.attributes ?? {})))
    throw new InputError(
      `corpus.where.${name}: no utterance of ${corpusName} has this; there are ${[...named, ...attributes].join(', ')}`,
    )
  }
  // A class may have no utterance in a part of a corpus.
  const possible = isEmotion(name) && Array.isArray(condition) ? [...known, ...classes] : known
  const parts = Array.isArray(condition) ? condition : [condition]
  const unfound = parts.find((part) => !possible.some((cell) => fits(cell, part)))
  if (unfound !== undefined) {
    const shown = known.slice(0, 10).join(', ')
    throw new InputError(
      `corpus.where.${name}: no utterance of ${corpusName} has ${JSON.stringify(unfound)}; ` +
        `found ${shown}${known.length > 10 ? ` and ${known.length - 10} more` : ''}`,
    )
  }
}

function fits(cell: Cell, condition: Condition): boolean {
  if (cell === undefined) return false
  if (isRange(condition)) {
    const value = Number(cell)
    return value >= (condition.min ?? -Infinity) && value <= (condition.max ?? Infinity)
  }
  const values = Array.isArray(condition) ? condition : [condition]
  return values.some((value) => {
    // YAML reads 01 as the number 1: a number is compared as one.
    if (typeof value === 'number') return cell !== '' && Number(cell) === value
    const [left, right] = [cell, value].map((each) => plainName(String(each)))
    // And it reads True as true, which pandas writes as True and R as TRUE.
    return typeof value === 'boolean' ? left!.toLowerCase() === right : left === right
  })
}

/** The same for all utterances that fail it, so that they can be counted. */
function inWords(condition: Condition): string {
  if (!isRange(condition)) {
    const values = Array.isArray(condition) ? condition : [condition]
    const shown = values.slice(0, 5).join(' or ')
    return values.length > 5 ? `${shown} or ${values.length - 5} more` : shown
  }
  const { min, max } = condition
  if (min === undefined) return `at most ${max}`
  return max === undefined ? `at least ${min}` : `${min} to ${max}`
}

function isRange(condition: Condition): condition is { min?: number; max?: number } {
  return typeof condition === 'object' && !Array.isArray(condition)
}
