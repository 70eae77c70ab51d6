import { InputError } from '@serflow/core'
import type { Header } from './audformat-header.js'
import type { CorpusFolder } from './folder.js'
import { readTable } from './table-rows.js'
import { clockSeconds } from './times.js'

/** A row of a table, its columns as they are written. Of a misc table `file` is the first one, whatever that holds. */
export interface Span {
  readonly file: string
  readonly startSeconds?: number
  readonly endSeconds?: number
  readonly cells: Readonly<Record<string, string>>
  readonly where: string
}

/**
 * The rows of a table of a database.
 *
 * @param base folder of db.yaml
 * @throws InputError where the file is missing, or a time is none
 */
export async function readSpans(
  folder: CorpusFolder,
  header: Header,
  base: string,
  table: string,
): Promise<readonly Span[]> {
  const stem = `${base === '' ? '' : `${base}/`}db.${table}`
  const path = ['csv', 'parquet']
    .map((ending) => `${stem}.${ending}`)
    .find((each) => folder.paths.includes(each))
  if (path === undefined) {
    throw new InputError(
      `"${header.path}" names the table "${table}", but there is no ${stem}.csv or .parquet` +
        (folder.paths.includes(`${stem}.pkl`)
          ? '; save the database with storage_format="csv"'
          : '; is the download whole?'),
    )
  }
  const { columns, titles, rows } = await readTable(folder, path)
  const isMisc = header.tables[table]?.type === 'misc'
  const first = isMisc ? columns[0]! : 'file'
  return rows.map(({ where, cells }) => {
    const file = cells[first]
    if (file === undefined) throw new InputError(`${where}: ${first} is empty; mend the table`)
    const startSeconds = isMisc ? undefined : seconds(cells.start, where)
    const endSeconds = isMisc ? undefined : seconds(cells.end, where)
    const rest = columns.flatMap((name, index) => {
      const isPlace = name === first || (!isMisc && (name === 'start' || name === 'end'))
      return isPlace || cells[name] === undefined ? [] : [[titles[index]!, cells[name]] as const]
    })
    return {
      file,
      // From 0 to the end is the whole file.
      ...(startSeconds === undefined || (startSeconds === 0 && endSeconds === undefined)
        ? {}
        : { startSeconds }),
      ...(endSeconds === undefined ? {} : { startSeconds: startSeconds ?? 0, endSeconds }),
      cells: Object.fromEntries(rest),
      where,
    }
  })
}

/** As pandas reads it: a length of time, or nanoseconds. */
function seconds(cell: string | undefined, where: string): number | undefined {
  if (cell === undefined || cell === 'NaT') return undefined
  const read = /^\d+$/.test(cell) ? Number(cell) / 1e9 : clockSeconds(cell)
  if (read !== undefined) return read
  throw new InputError(`${where}: found the time "${cell}", expected one like 0 days 00:00:01.5`)
}
