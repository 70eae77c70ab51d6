import { InputError } from '@serflow/core'
import { plainName } from './corpora/names.js'
import type { FoldList } from './folds-by-speaker.js'
import { comparePaths } from './path-order.js'

/**
 * The user's own division: as JSON a list of lists, the test speakers of each fold; else as CSV (comma, semicolon or
 * tab) with a line of titles, among them `speaker` and `fold`. Folds are in the order of their names, numbers by
 * size.
 *
 * @param fileName for messages
 * @throws InputError naming the file and the line where a speaker stands twice, a value is missing, or it is neither
 */
export function parseFoldTable(text: string, fileName: string): FoldList {
  const plain = text.replace(/^\uFEFF/, '').trim()
  const read = /^[[{]/.test(plain) ? fromJson(plain, fileName) : fromCsv(plain, fileName)
  const list = read.map((speakers) => speakers.map(plainName))
  const seen = new Set<string>()
  for (const speakerId of list.flat()) {
    if (seen.has(speakerId)) {
      throw new InputError(
        `"${fileName}": speaker ${speakerId} stands there twice, expected once; remove one of the two`,
      )
    }
    seen.add(speakerId)
  }
  return list
}

function fromJson(text: string, fileName: string): FoldList {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new InputError(`"${fileName}" is no JSON: ${error instanceof Error ? error.message : ''}`)
  }
  if (Array.isArray(parsed) && parsed.every(isListOfTexts)) return parsed
  throw new InputError(
    `"${fileName}" is not the test speakers of each fold, expected such as [["01", "02"], ["03"]]`,
  )
}

function isListOfTexts(item: unknown): item is string[] {
  return Array.isArray(item) && item.length > 0 && item.every((one) => typeof one === 'string')
}

function fromCsv(text: string, fileName: string): FoldList {
  const [titles = '', ...lines] = text.split(/\r\n|\r|\n/)
  const separator = [',', ';', '\t'].find((each) => titles.includes(each)) ?? ','
  const cellsOf = (line: string) =>
    line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const names = cellsOf(titles).map((name) => name.toLowerCase())
  const columnOf = (...accepted: readonly string[]) => {
    const column = names.findIndex((name) => accepted.includes(name))
    if (column >= 0) return column
    throw new InputError(
      `"${fileName}": its first line has no column "${accepted[0]}" (it has: ${names.join(', ')}); ` +
        'expected the columns speaker and fold',
    )
  }
  const speakerColumn = columnOf('speaker', 'speakerid', 'speaker_id')
  const foldColumn = columnOf('fold')
  const folds = new Map<string, string[]>()
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const cells = cellsOf(line)
    const [speakerId, fold] = [cells[speakerColumn], plainName(cells[foldColumn] ?? '')]
    if (!speakerId || !fold) {
      throw new InputError(
        `"${fileName}", line ${index + 2}: ${speakerId ? 'the fold' : 'the speaker'} is missing; expected both`,
      )
    }
    folds.set(fold, [...(folds.get(fold) ?? []), speakerId])
  }
  return [...folds]
    .sort(([left], [right]) => Number(left) - Number(right) || comparePaths(left, right))
    .map(([, speakers]) => speakers)
}
