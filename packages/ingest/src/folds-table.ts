import { InputError } from '@serflow/core'
import { corpusFolder } from './corpora/folder.js'
import { plainName } from './corpora/names.js'
import { readTable, type Table } from './corpora/table-rows.js'
import type { FoldList } from './folds-by-speaker.js'
import { comparePaths } from './path-order.js'

/** A speaker of a fold, and where that stands. */
interface Placed {
  readonly speakerId: string
  readonly fold: string
  readonly where: string
}

/**
 * The user's own division: a table as corpora have (CSV, TSV or Parquet) with the columns `speaker` and `fold`, a row a
 * speaker or a row a recording; or JSON, a list of the test speakers of each fold, or such lists by the fold's name.
 * Folds are in the order of their names, numbers by size and before words; 1, 01 and 1.0 are one fold.
 *
 * @param fileName for messages, and by its ending for the kind of table
 * @throws InputError naming the file and the line where a speaker is in two folds, a value is missing, or it is neither
 */
export async function readFoldTable(bytes: Uint8Array, fileName: string): Promise<FoldList> {
  const folder = { ...corpusFolder('', [], async () => bytes), paths: [fileName] }
  const isParquet = /\.(parquet|pq)$/i.test(fileName)
  const text = isParquet ? '' : (await folder.readText(fileName)).trim()
  const placed = /^[[{]/.test(text)
    ? fromJson(text, fileName)
    : fromTable(await readTable(folder, fileName), fileName)
  const foldOf = new Map<string, Placed>()
  const folds = new Map<string, string[]>()
  for (const each of placed) {
    const { speakerId, fold, where } = each
    const other = foldOf.get(speakerId)
    if (other && other.fold !== fold) {
      throw new InputError(
        `${where}: speaker ${speakerId} is in fold ${fold} and in fold ${other.fold} (${other.where}), expected in one; ` +
          'remove one of the two',
      )
    }
    if (other) continue
    foldOf.set(speakerId, each)
    folds.set(fold, [...(folds.get(fold) ?? []), speakerId])
  }
  return [...folds].sort(([left], [right]) => compareFolds(left, right)).map(([, own]) => own)
}

function compareFolds(left: string, right: string): number {
  const [first, second] = [Number(left), Number(right)]
  if (Number.isNaN(first) || Number.isNaN(second)) {
    return Number(Number.isNaN(first)) - Number(Number.isNaN(second)) || comparePaths(left, right)
  }
  return first - second
}

/** Tables that were joined have whole numbers as 1.0. */
function foldName(cell: string): string {
  const name = plainName(cell)
  return /^\d+(\.\d+)?$/.test(name) ? String(Number(name)) : name
}

function fromJson(text: string, fileName: string): Placed[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new InputError(`"${fileName}" is no JSON: ${error instanceof Error ? error.message : ''}`)
  }
  const folds = Object.entries(parsed as object)
  if (folds.length > 0 && folds.every(([, list]) => isListOfNames(list))) {
    return folds.flatMap(([name, list]) =>
      (list as readonly (string | number)[]).map((speaker) => ({
        speakerId: plainName(String(speaker)),
        fold: foldName(name),
        where: `"${fileName}"`,
      })),
    )
  }
  throw new InputError(
    `"${fileName}" is not the test speakers of each fold, expected such as [["01", "02"], ["03"]]`,
  )
}

function isListOfNames(item: unknown): boolean {
  return (
    Array.isArray(item) &&
    item.length > 0 &&
    item.every((one) => typeof one === 'string' || typeof one === 'number')
  )
}

function fromTable({ columns, rows }: Table, fileName: string): Placed[] {
  const columnOf = (...accepted: readonly string[]) => {
    const column = accepted.find((name) => columns.includes(name))
    if (column !== undefined) return column
    throw new InputError(
      `"${fileName}" has no column "${accepted[0]}" (it has: ${columns.join(', ')}); ` +
        'expected the columns speaker and fold',
    )
  }
  const speakerColumn = columnOf('speaker', 'speakerid', 'speaker_id')
  const foldColumn = columnOf('fold')
  return rows.map(({ where, cells }) => {
    const speakerId = plainName(cells[speakerColumn] ?? '')
    const fold = foldName(cells[foldColumn] ?? '')
    if (!speakerId || !fold) {
      throw new InputError(
        `${where}: the ${speakerId ? 'fold' : 'speaker'} is missing; expected both`,
      )
    }
    return { speakerId, fold, where }
  })
}
