import { InputError } from '@serflow/core'
import type { CorpusFolder } from './folder.js'
import { plainName } from './names.js'
import { parquetLines } from './parquet-rows.js'

/** A table's rows; cells by the column's name, trimmed and in small letters. Empty cells are left out. */
export interface Table {
  /** In the order of the file, in small letters. */
  readonly columns: readonly string[]
  readonly rows: readonly TableRow[]
}

export interface TableRow {
  /** Where it stands, for messages: `"labels.csv", line 3`. */
  readonly where: string
  readonly cells: Readonly<Record<string, string | undefined>>
}

/**
 * A table of a corpus folder: Parquet by its ending, else text. Text is separated by tabs in .tsv and .tab, else by
 * whichever of comma, semicolon and tab the first line has most of; cells may be quoted. Between tabs a quote within
 * a cell is text, so that JSON may stand there as it is. Columns without a name are
 * passed over, as pandas writes one for its index.
 *
 * @throws InputError naming file and line: no such file, no UTF-8, an odd row, a column twice, no row
 */
export async function readTable(folder: CorpusFolder, path: string): Promise<Table> {
  if (!folder.paths.includes(path)) {
    throw new InputError(
      `"${path}": there is no such table in ${folder.root || 'the corpus folder'}; check corpus.table`,
    )
  }
  const lines = /\.(parquet|pq)$/i.test(path)
    ? await parquetLines(await folder.readBytes(path), path)
    : await textLines(await folder.readText(path), path)
  const [header, ...body] = lines
  if (!header) throw new InputError(`"${path}" is empty, expected a header and rows`)
  const columns = header.cells.map((name) => plainName(name).toLowerCase())
  const repeated = columns.find((name, i) => name !== '' && columns.indexOf(name) !== i)
  if (repeated !== undefined) {
    throw new InputError(`"${path}" has the column "${repeated}" twice; rename one of them`)
  }
  const rows = body.map(({ where, cells }) => {
    const named = columns.map((name, i) => [name, cells[i]!.trim()] as const)
    return {
      where,
      cells: Object.fromEntries(named.filter(([name, cell]) => name !== '' && cell !== '')),
    }
  })
  if (rows.length === 0) throw new InputError(`"${path}" has a header, but no row`)
  return { columns: columns.filter((name) => name !== ''), rows }
}

/** A row before its cells are known by their columns. */
export interface Line {
  readonly where: string
  readonly cells: readonly string[]
}

async function textLines(text: string, path: string): Promise<Line[]> {
  const { CsvError, parse } = await import('csv-parse/sync')
  const delimiter = delimiterOf(text, path)
  try {
    const records: { cells: readonly string[]; lines: number }[] = []
    parse(text, {
      bom: true,
      delimiter,
      relax_quotes: delimiter === '\t',
      skip_empty_lines: true,
      on_record: (cells: readonly string[], { lines }) => {
        records.push({ cells, lines })
        return null
      },
    })
    let before = 0
    return records.map(({ cells, lines }) => {
      // The library counts the lines up to the end of the row; a cell in quotes may hold some.
      const inside = cells.reduce((count, cell) => count + (cell.split('\n').length - 1), 0)
      const line = Math.max(before + 1, lines - inside)
      before = line + inside
      return { where: `"${path}", line ${line}`, cells }
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new InputError(`"${path}": ${error.message}; mend the table`)
  }
}

function delimiterOf(text: string, path: string): string {
  if (/\.(tsv|tab)$/i.test(path)) return '\t'
  const header = /^[^\r\n]*/.exec(text)![0]
  const count = (delimiter: string) => header.split(delimiter).length
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best))
}
