import { InputError } from '@serflow/core'
import type { CorpusFolder } from './folder.js'
import { plainName } from './names.js'
import { parquetLines } from './parquet-rows.js'

/** A table's rows; cells by the column's name in small letters, trimmed. Cells that say nothing are left out. */
export interface Table {
  /** In the order of the file, in small letters. */
  readonly columns: readonly string[]
  /** The same as they are written. */
  readonly titles: readonly string[]
  readonly rows: readonly TableRow[]
}

export interface TableRow {
  /** Where it stands, for messages: `"labels.csv", line 3`. */
  readonly where: string
  readonly cells: Readonly<Record<string, string | undefined>>
}

/**
 * A table of a corpus folder: Parquet by its ending, else text. Text is separated by what its first line says in the
 * way of spreadsheets (`sep=;`); by tabs in .tsv and .tab, if there are any in the header; else by whichever of comma,
 * semicolon, tab and bar the header has most of. Cells may be quoted. Between tabs a quote within a cell is text, so that
 * JSON may stand there as it is. Rows without any cell are passed over, comments (lines that begin with # and have
 * not the cells of a row), and columns without a name, as pandas writes one for its index. What pandas and R write where
 * there is nothing, such as NA, NaN and None, is an empty cell.
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
  const titles = header.cells.map(plainName)
  const columns = titles.map((name) => name.toLowerCase())
  const repeated = columns.find((name, i) => name !== '' && columns.indexOf(name) !== i)
  if (repeated !== undefined) {
    throw new InputError(`"${path}" has the column "${repeated}" twice; rename one of them`)
  }
  const rows = body.map(({ where, cells }) => {
    const named = columns.map((name, i) => [name, cells[i]!.trim()] as const)
    return {
      where,
      cells: Object.fromEntries(named.filter(([name, cell]) => name !== '' && !saysNothing(cell))),
    }
  })
  if (rows.length === 0) throw new InputError(`"${path}" has a header, but no row`)
  const isNamed = (name: string) => name !== ''
  return { columns: columns.filter(isNamed), titles: titles.filter(isNamed), rows }
}

/** Also what a missing value becomes where it is turned into text, as by `astype(str)`. */
function saysNothing(cell: string): boolean {
  return cell === '' || nothing.has(cell)
}

const nothing: ReadonlySet<string> = new Set(
  'NA N/A n/a #N/A #NA <NA> NaN nan -nan NULL null None NaT'.split(' '),
)

/** A row before its cells are known by their columns. */
export interface Line {
  readonly where: string
  readonly cells: readonly string[]
}

async function textLines(text: string, path: string): Promise<Line[]> {
  const { CsvError, parse } = await import('csv-parse/sync')
  const [, said, rest] = /^\ufeff?sep=([^\r\n])\r?\n([^]*)$/i.exec(text) ?? []
  const table = rest ?? text
  const delimiter = said ?? delimiterOf(table, path)
  const found: { cells: readonly string[]; lines: number }[] = []
  try {
    parse(table, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: delimiter === '\t',
      skip_empty_lines: true,
      on_record: (cells: readonly string[], { lines }) => {
        found.push({ cells, lines })
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new InputError(`"${path}": ${error.message}; mend the table`)
  }
  let before = 0
  const lines = found.map(({ cells, lines }) => {
    // The library counts the lines up to the end of the row; a cell in quotes may hold some.
    const inside = cells.reduce((count, cell) => count + (cell.split('\n').length - 1), 0)
    const line = Math.max(before + 1, lines - inside)
    before = line + inside
    return { where: `"${path}", line ${line + (rest === undefined ? 0 : 1)}`, cells }
  })
  return wholeRows(lines)
}

/** @throws InputError for a row that has not as many cells as the header */
function wholeRows(lines: readonly Line[]): Line[] {
  const isComment = ({ cells }: Line) => cells[0]!.startsWith('#')
  const told = lines.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  const width = (told.find((line) => !isComment(line)) ?? told[0])?.cells.length
  return told.filter((line) => {
    if (line.cells.length === width) return true
    if (isComment(line)) return false
    const count = line.cells.length
    throw new InputError(
      `${line.where}: found ${count} ${count === 1 ? 'cell' : 'cells'}, expected ${width} as in the header; mend the row, ` +
        'and put cells that hold the separator in quotes',
    )
  })
}

function delimiterOf(text: string, path: string): string {
  const header = /^\ufeff?(?:#.*\r?\n|\s*\n)*(.*)/.exec(text)![1]!
  const count = (delimiter: string) => header.split(delimiter).length
  if (/\.(tsv|tab)$/i.test(path) && count('\t') > 1) return '\t'
  return [',', ';', '\t', '|'].reduce((best, each) => (count(each) > count(best) ? each : best))
}
