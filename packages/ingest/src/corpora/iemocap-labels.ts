import { InputError } from '@serflow/core'
import type { CorpusFolder } from './folder.js'

/** One turn of a dialogue, as its EmoEvaluation summary has it. */
export interface Turn {
  /** Such as `Ses05M_script01_1b_F000`. */
  readonly name: string
  /** Such as `Ses05M_script01_1b`. */
  readonly dialogue: string
  readonly session: number
  readonly scenario: 'improvised' | 'scripted'
  /** F or M: who speaks. */
  readonly letter: string
  /** The majority label, such as `neu`. */
  readonly code: string
  /** 1 to 5, mean over the evaluators. */
  readonly valence: number
  readonly activation: number
  readonly dominance: number
  /** The evaluators' votes by code; who names two labels gives half a vote to each. */
  readonly votes: Readonly<Record<string, number>>
}

/**
 * All turns of the summary files SessionN/dialog/EmoEvaluation/*.txt, in the order of the files. Files in folders
 * below it (Categorical, Attribute, Self-evaluation) are single opinions and are not read.
 *
 * A summary that lies there twice counts once.
 *
 * @throws InputError naming the file and line of a turn that is none, or both files of one with two labels
 */
export async function readTurns(folder: CorpusFolder): Promise<readonly Turn[]> {
  const paths = folder.paths.filter((path) =>
    /(^|\/)Session\d\/dialog\/EmoEvaluation\/[^/]+\.txt$/i.test(path),
  )
  const turns: Turn[] = []
  const seen = new Map<string, { path: string; turn: Turn }>()
  for (const path of paths) {
    // What is not ASCII stands in the evaluators' remarks, in whatever coding.
    const text = new TextDecoder().decode(await folder.readBytes(path))
    for (const turn of turnsOf(text, path)) {
      const other = seen.get(turn.name)
      if (other === undefined) turns.push(turn)
      else if (other.turn.code !== turn.code) {
        throw new InputError(
          `"${other.path}" and "${path}" label the turn ${turn.name} as ${other.turn.code} and ${turn.code}; ` +
            'keep the right one, move the other out of the corpus folder',
        )
      }
      seen.set(turn.name, other ?? { path, turn })
    }
  }
  return turns
}

function turnsOf(text: string, path: string): Turn[] {
  const turns: (Turn & { votes: Record<string, number> })[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.startsWith('[')) turns.push(turnOf(line, `"${path}", line ${index + 1}`))
    const vote = /^C-E\d+:\s*([^(]*)/.exec(line)
    const turn = turns.at(-1)
    if (vote && turn) count(turn.votes, vote[1]!)
  }
  return turns
}

function turnOf(line: string, where: string) {
  const match =
    /^\[[\d.]+ *- *[\d.]+\]\s+(\S+)\s+(\w+)\s+\[([\d.]+), *([\d.]+), *([\d.]+)\]\s*$/.exec(line)
  const name = match?.[1] ?? ''
  const parts = /^(Ses0?(\d)[FM]_(impro|script)\w*)_([FM])\w*$/.exec(name)
  if (!match || !parts) {
    throw new InputError(
      `${where}: found "${line.slice(0, 80)}", expected a turn such as ` +
        '"[6.2901 - 8.2357]<tab>Ses01F_impro01_F000<tab>neu<tab>[2.5000, 2.5000, 2.5000]"; mend the file',
    )
  }
  return {
    name,
    dialogue: parts[1]!,
    session: Number(parts[2]),
    scenario: parts[3] === 'impro' ? ('improvised' as const) : ('scripted' as const),
    letter: parts[4]!,
    code: match[2]!,
    valence: Number(match[3]),
    activation: Number(match[4]),
    dominance: Number(match[5]),
    votes: {},
  }
}

const codes: Readonly<Record<string, string>> = {
  neutral: 'neu',
  happiness: 'hap',
  sadness: 'sad',
  anger: 'ang',
  excited: 'exc',
  frustration: 'fru',
  fear: 'fea',
  surprise: 'sur',
  disgust: 'dis',
  other: 'oth',
}

/** One evaluator's answer, such as `Excited; Happiness;`. */
function count(votes: Record<string, number>, answer: string): void {
  const named = answer
    .split(';')
    .map((label) => codes[label.trim().split(' ')[0]!.toLowerCase()])
    .filter((code) => code !== undefined)
  for (const code of named) votes[code] = (votes[code] ?? 0) + 1 / named.length
}
