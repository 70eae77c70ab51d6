import { InputError } from '@serflow/core'
import { z } from 'zod'
import { defineCorpus, type Attributes, type FoundUtterance } from './corpus.js'
import { folderOf, type CorpusFolder } from './folder.js'
import { findPath, listedSounds, withIds } from './listed-sounds.js'
import { plainName } from './names.js'
import { columnsOf, fields, isVoteColumn, type Columns, type Field } from './table-columns.js'
import { readTable, type Table, type TableRow } from './table-rows.js'
import { clockSeconds } from './times.js'
import { readVotes } from './votes.js'

const options = z.object({
  table: z
    .string()
    .optional()
    .describe('CSV, TSV or Parquet file, relative to the directory; by default the only one there'),
  columns: z
    .partialRecord(z.enum(fields), z.string())
    .default({})
    .describe('what columns are called in the table, such as {speaker: actor}'),
})

/**
 * Recordings of one's own, written down in a table: CSV, TSV or Parquet with a row an utterance. `file` and one of
 * `emotion` (or `label`), `votes` and `vote_<label>` must be there; speaker, start, end (seconds), split, gender,
 * session, sentence, intensity and id may be. Every other column becomes an attribute. A file may hold many
 * utterances, which may overlap.
 */
export const table = defineCorpus({
  name: 'table',
  own: true,
  title: 'recordings of a table',
  example: 'labels.csv with the columns file, emotion and speaker',
  licence: 'not stated',
  citation: 'not stated',
  options,
  async list(folder, given) {
    const path =
      given.table === undefined ? onlyTable(folder) : (findPath(folder, given.table) ?? given.table)
    const read = await readTable(folder, path)
    const columns = columnsOf(read, given.columns, path)
    const sounds = listedSounds(folder, folderOf(path))
    const found = read.rows.map((row) => utteranceOf(row, read, columns, sounds.find))
    checkRepeats(found, read.rows)
    const utterances = withIds(found)
    const labels = utterances.flatMap(({ emotion, votes }) => [
      ...(emotion === null ? [] : [emotion]),
      ...Object.keys(votes ?? {}),
    ])
    return {
      classes: [...new Set(labels)].sort(),
      utterances,
      others: sounds
        .unnamed()
        .map((file) => ({ file, status: 'skipped' as const, note: 'not in the table' })),
    }
  },
})

function onlyTable(folder: CorpusFolder): string {
  const tables = folder.paths.filter((path) => /\.(csv|tsv|tab|parquet|pq)$/i.test(path))
  if (tables.length === 1) return tables[0]!
  throw new InputError(
    tables.length === 0
      ? `${folder.root}: there is no table (.csv, .tsv or .parquet); write one with the columns file, emotion and speaker`
      : `${folder.root}: there are ${tables.length} tables (${tables.slice(0, 3).join(', ')}); say which with corpus.table`,
  )
}

function utteranceOf(
  { where, cells }: TableRow,
  { titles }: Table,
  columns: Columns,
  find: (name: string, where: string) => string,
): Omit<FoundUtterance, 'utteranceId'> & { utteranceId?: string } {
  const cell = (field: Field) => cells[columns[field] ?? '']
  const named = (field: Field) => nameIn(cell(field), field, where)
  const name = cell('file')
  if (name === undefined)
    throw new InputError(`${where}: the file is empty; name it or remove the row`)
  const votes = readVotes(
    cell('votes'),
    titles
      .filter(isVoteColumn)
      .map((title) => [title.slice(5), cells[title.toLowerCase()]] as const),
    where,
  )
  const emotion = named('emotion') ?? null
  if (emotion === null && votes === undefined) {
    throw new InputError(
      `${where}: "${name}" has no label; give it one or remove the row (NA, NaN and None are no labels)`,
    )
  }
  const id = named('id')
  const attributes = attributesOf(cells, columns)
  return {
    file: find(name, where),
    speakerId: named('speaker') ?? null,
    emotion,
    gender: genderOf(named('gender')),
    ...(id === undefined ? {} : { utteranceId: id }),
    ...(votes === undefined ? {} : { votes }),
    ...span(cell('start'), cell('end'), cells[columns.duration ?? ''], where),
    ...said('sentence', named('sentence')),
    ...said('intensity', named('intensity')),
    ...said('session', named('session')),
    ...said('split', named('split')),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  }
}

/** @throws InputError for a list or a record, as Parquet may hold */
function nameIn(cell: string | undefined, field: Field, where: string): string | undefined {
  if (cell === undefined) return undefined
  if (isNested(cell)) {
    throw new InputError(
      `${where}: ${field} is ${cell.slice(0, 60)}, expected one word` +
        (field === 'emotion' ? '; annotators may disagree in the column votes' : ''),
    )
  }
  return plainName(cell) || undefined
}

function isNested(cell: string): boolean {
  if (!/^[[{]/.test(cell)) return false
  try {
    return typeof JSON.parse(cell) === 'object'
  } catch {
    return false
  }
}

function said<Name extends string>(name: Name, value: string | undefined) {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: string })
}

function genderOf(cell: string | undefined): 'female' | 'male' | 'unknown' {
  if (/^(f|female|w|woman|weiblich|frau)$/i.test(cell ?? '')) return 'female'
  return /^(m|male|man|männlich|mann)$/i.test(cell ?? '') ? 'male' : 'unknown'
}

function span(
  start: string | undefined,
  end: string | undefined,
  duration: string | undefined,
  where: string,
) {
  const from = seconds(start, 'start', where)
  const length = seconds(duration, 'duration', where)
  const startSeconds = from ?? 0
  const to = length === undefined ? seconds(end, 'end', where) : startSeconds + length
  if (from === undefined && to === undefined) return {}
  if (to !== undefined && to <= startSeconds) {
    throw new InputError(
      `${where}: the end, ${to} s, is not behind the start, ${startSeconds} s; mend the row`,
    )
  }
  return to === undefined ? { startSeconds } : { startSeconds, endSeconds: to }
}

/** Beyond lies no recording, but a time in milliseconds or nanoseconds. */
const mostSeconds = 1e6

function seconds(cell: string | undefined, name: string, where: string): number | undefined {
  if (cell === undefined || cell === 'NaT') return undefined
  const isNumber = /^\d*\.?\d+(e[+-]?\d+)?$|^\d+\.$/i.test(cell)
  const read = isNumber ? Number(cell) : clockSeconds(cell)
  if (read !== undefined && read > mostSeconds) {
    throw new InputError(
      `${where}: ${name} is ${cell}, which would be ${Math.round(read / 86400)} days; write it in seconds, such as 1.25`,
    )
  }
  if (read !== undefined) return read
  const expected = /^\d+,\d+$/.test(cell)
    ? `seconds such as 1.25; write ${cell.replace(',', '.')}`
    : 'seconds such as 1.25, or hours, minutes and seconds such as 0:01:02.5'
  throw new InputError(`${where}: ${name} is "${cell}", expected ${expected}`)
}

/** Numbers as numbers where the cell is written as one would write the number, so that `01` stays a text. */
function attributesOf(cells: TableRow['cells'], columns: Columns): Attributes {
  const taken = new Set(Object.values(columns))
  const rest = Object.entries(cells).filter(([name]) => !taken.has(name) && !isVoteColumn(name))
  return Object.fromEntries(
    rest.map(([name, cell = '']) => [name, String(Number(cell)) === cell ? Number(cell) : cell]),
  )
}

function checkRepeats(
  found: readonly (Omit<FoundUtterance, 'utteranceId'> & { utteranceId?: string })[],
  rows: readonly TableRow[],
): void {
  const places = new Map<string, string>()
  const ids = new Map<string, string>()
  for (const [index, { file, startSeconds, endSeconds, utteranceId }] of found.entries()) {
    const { where } = rows[index]!
    const place = `${startSeconds ?? 0} ${endSeconds ?? 'end'} ${file}`
    const other = places.get(place)
    if (other !== undefined) {
      throw new InputError(
        `${where}: the same part of "${file}" as in ${other}; remove one row, or where annotators disagree, put what ` +
          'they say into the column votes of one row',
      )
    }
    places.set(place, where)
    if (utteranceId === undefined) continue
    const same = ids.get(utteranceId)
    if (same !== undefined) {
      throw new InputError(
        `${where}: the id "${utteranceId}" stands in ${same} already; ids must differ`,
      )
    }
    ids.set(utteranceId, where)
  }
}
