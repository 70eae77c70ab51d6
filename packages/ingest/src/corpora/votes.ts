import { InputError } from '@serflow/core'
import { plainName } from './names.js'

export type Votes = Readonly<Record<string, number>>

/**
 * Votes of annotators by label, from one cell such as `happy:3;neutral:1` or `{"happy":3}`, and from columns
 * `vote_<label>`. A list such as `happy;happy;sad` or `["happy","happy","sad"]` is a vote each. Single quotes will do.
 *
 * @param where for messages
 * @returns undefined where nobody voted
 * @throws InputError for a count that is none
 */
export function readVotes(
  cell: string | undefined,
  columns: readonly (readonly [label: string, cell: string | undefined])[],
  where: string,
): Votes | undefined {
  const votes: Record<string, number> = {}
  const add = (given: string, text: string) => {
    const label = plainName(given)
    const count = Number(text)
    if (label === '' || text.trim() === '' || !Number.isFinite(count) || count < 0) {
      throw new InputError(
        `${where}: found "${label}:${text}" among the votes, expected such as happy:3;neutral:1`,
      )
    }
    if (count > 0) votes[label] = (votes[label] ?? 0) + count
  }
  for (const [label, count] of pairs(cell, where)) add(label, count)
  for (const [label, count] of columns) if (count !== undefined) add(label, count)
  return Object.keys(votes).length === 0 ? undefined : votes
}

function pairs(cell: string | undefined, where: string): [string, string][] {
  if (cell === undefined) return []
  if (/^[[{]/.test(cell)) return jsonPairs(cell, where)
  return cell
    .split(/[;|,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [, label = part, count = '1'] = /^(.*?)\s*[:=]\s*([^:=]*)$/.exec(part) ?? []
      return [label.trim(), count.trim()]
    })
}

/** `null` is nobody's vote, as Parquet has it for labels that got none. */
function jsonPairs(cell: string, where: string): [string, string][] {
  let read: unknown
  try {
    // Lists and dictionaries of Python, which pandas writes into a CSV as they are, have single quotes.
    read = JSON.parse(cell.includes('"') ? cell : cell.replaceAll("'", '"'))
  } catch {
    throw new InputError(
      `${where}: the votes are no JSON: ${cell.slice(0, 60)}; expected such as {"happy": 3} or ["happy", "happy"]`,
    )
  }
  if (!Array.isArray(read)) {
    return Object.entries(read as object)
      .filter(([, count]) => count !== null)
      .map(([label, count]) => [
        label,
        typeof count === 'object' ? JSON.stringify(count) : String(count),
      ])
  }
  const labels = read.filter((label) => label !== null)
  const odd: unknown = labels.find((label) => typeof label !== 'string')
  if (odd === undefined) return labels.map((label) => [String(label), '1'])
  throw new InputError(
    `${where}: found ${JSON.stringify(odd).slice(0, 60)} among the votes, expected a list of labels such as ["happy", "happy"]`,
  )
}

/**
 * The label with more votes than any other.
 *
 * @returns undefined where the most are shared
 */
export function plurality(votes: Votes): string | undefined {
  const most = Math.max(...Object.values(votes))
  const first = Object.keys(votes).filter((label) => votes[label] === most)
  return first.length === 1 ? first[0] : undefined
}

/** Votes to shares that add up to 1, as JSON in the order of the classes. */
export function sharesOf(votes: Votes, classes: readonly string[]): string {
  const named = classes.filter((label) => (votes[label] ?? 0) > 0)
  const total = named.reduce((sum, label) => sum + votes[label]!, 0)
  return JSON.stringify(Object.fromEntries(named.map((label) => [label, votes[label]! / total])))
}
