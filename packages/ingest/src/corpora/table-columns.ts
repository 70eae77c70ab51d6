/** Which column of a table of one's own says what. */
import { InputError } from '@serflow/core'
import { plainName } from './names.js'
import type { Table } from './table-rows.js'

/** What a column may be called, whatever stands between its words: `Speaker ID` is `speakerid`. */
const names = {
  file: ['file', 'path', 'filename', 'filepath', 'audiofile', 'audiopath', 'audiofilepath', 'wav'],
  emotion: ['label', 'emotion'],
  speaker: ['speaker', 'speakerid', 'spk', 'spkid'],
  start: ['start', 'starttime', 'begin', 'begintime', 'onset'],
  end: ['end', 'endtime', 'stop', 'stoptime'],
  split: ['split', 'part'],
  gender: ['gender', 'sex'],
  session: ['session'],
  sentence: ['sentence'],
  intensity: ['intensity'],
  id: ['id', 'utteranceid'],
  votes: ['votes'],
} as const
export type Field = keyof typeof names
export const fields = Object.keys(names) as Field[]

/** The column of each field, by its name in small letters; `duration` only where it says where a part ends. */
export type Columns = Readonly<Partial<Record<Field | 'duration', string>>>

/**
 * The columns of a table by what they say: `given` by the settings, or by their names.
 *
 * A part of a file may also be written as `start` and `duration`, `offset` and `duration`, or `onset` and `offset`.
 *
 * @param path of the table, for messages
 * @throws InputError for a column that is given and not there, two columns for one field, times in another unit than
 *   seconds, and where file or label are missing
 */
export function columnsOf(
  { columns }: Pick<Table, 'columns'>,
  given: Readonly<Partial<Record<Field, string>>>,
  path: string,
): Columns {
  const found: Partial<Record<Field | 'duration', string>> = {}
  for (const field of fields) {
    const there = candidates(columns, field, given[field], path)
    if (there.length > 1) {
      throw new InputError(
        `"${path}" has the columns ${there.map((each) => `"${each}"`).join(' and ')}, expected one for ${field}; ` +
          `say which by corpus.columns: {${field}: ${there[0]}}`,
      )
    }
    if (there[0] !== undefined) found[field] = there[0]
  }
  const has = (field: Field) => found[field] !== undefined
  const isLabelled = has('emotion') || has('votes') || columns.some(isVoteColumn)
  if (!has('file') || !isLabelled) {
    throw new InputError(
      `"${path}" has no column ${has('file') ? '"emotion"' : '"file"'}; it has ${columns.join(', ')}; expected ` +
        'file, emotion and speaker: rename the column, or name it with corpus.columns',
    )
  }
  const all = { ...found, ...pairedTimes(columns, found) }
  checkTimes(columns, all, path)
  return all
}

/** `vote_happy` holds the votes for happy. */
export function isVoteColumn(name: string): boolean {
  return /^vote_./i.test(name)
}

function candidates(
  columns: readonly string[],
  field: Field,
  given: string | undefined,
  path: string,
): readonly string[] {
  if (given === undefined) {
    const known: readonly string[] = names[field]
    return known.flatMap((name) => columns.filter((column) => bare(column) === name))
  }
  const wanted = plainName(given).toLowerCase()
  if (columns.includes(wanted)) return [wanted]
  throw new InputError(
    `corpus.columns.${field}: "${path}" has no column "${given}"; it has ${columns.join(', ')}`,
  )
}

/** Letters and digits alone, and of times without the unit that they are in anyway. */
function bare(column: string): string {
  const letters = column.replace(/[^\p{L}\p{N}]/gu, '')
  return letters.replace(/^((?:start|begin|end|stop)(?:time)?|onset)(?:s|sec|secs|seconds)$/, '$1')
}

/** Where parts are written otherwise than by start and end. */
function pairedTimes(columns: readonly string[], found: Columns): Columns {
  if (found.end !== undefined) return {}
  const named = (pattern: RegExp) => columns.find((column) => pattern.test(bare(column)))
  const offset = named(/^offset(s|sec|secs|seconds)?$/)
  const duration = named(/^(duration|dur)(s|sec|secs|seconds)?$/)
  if (offset !== undefined && found.start !== undefined && bare(found.start) === 'onset') {
    return { end: offset }
  }
  const start = found.start ?? offset
  return start === undefined || duration === undefined ? {} : { start, duration }
}

/** A part in other units would silently become the whole file. */
function checkTimes(columns: readonly string[], { start, end }: Columns, path: string): void {
  const inUnits =
    /^(start|begin|onset|end|stop)(time)?(ms|msec|milliseconds|us|ns|frames?|samples?)$/
  const odd = columns.find((column) => inUnits.test(bare(column)))
  if (odd === undefined || start !== undefined || end !== undefined) return
  throw new InputError(
    `"${path}" has the column "${odd}", expected times in seconds; write columns "start" and "end" in seconds, or rename ` +
      'it where it is no part of the file',
  )
}
