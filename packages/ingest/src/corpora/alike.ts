import { InputError } from '@serflow/core'
import { comparePaths } from '../path-order.js'
import { plainName } from './names.js'

/** What an utterance says of itself that may be written in two ways. */
export interface Spelled {
  readonly file: string
  readonly speakerId: string | null
  readonly session?: string
}

/**
 * Stops at speakers or sessions that look like one: they differ in case, in the width of letters, in leading zeros
 * (`s1` and `s01`), in a whole number with and without decimals (`1` and `1.0`), or in what joins their parts (`spk_1`
 * and `spk-1`). Such a speaker would be trained and tested on.
 *
 * @throws InputError naming both, and a file of each
 */
export function checkAlike(corpus: string, utterances: readonly Spelled[]): void {
  const speakers = utterances.map(({ file, speakerId }) => ({ file, name: speakerId }))
  const sessions = utterances.map(({ file, session }) => ({ file, name: session ?? null }))
  checkNames(corpus, speakers, 'speakers', 'who')
  checkNames(corpus, sessions, 'sessions', 'which')
}

function checkNames(
  corpus: string,
  named: readonly { readonly file: string; readonly name: string | null }[],
  what: string,
  pronoun: string,
): void {
  const known = new Set<string>()
  const firsts = new Map<string, { readonly file: string; readonly name: string }>()
  for (const { file, name } of named) {
    if (name === null || known.has(name)) continue
    known.add(name)
    const form = nameForm(name)
    const first = firsts.get(form)
    if (!first) firsts.set(form, { file, name })
    else {
      throw new InputError(
        `${corpus}: the ${what} "${first.name}" (${first.file}) and "${name}" (${file}) look like one, ${pronoun} would be ` +
          'trained and tested on; write them alike, or give one another name',
      )
    }
  }
}

function nameForm(name: string): string {
  return folded(name)
    .replace(/^(\d+)\.0+$/, '$1')
    .replace(/[’‘`´]/g, "'")
    .replace(/[\s_\-‐‑‒–—.]+/g, ' ')
    .replace(/(?<!\d)0+(?=\d)/g, '')
    .trim()
}

/**
 * Sentences as they are to be told apart: those that differ in case, punctuation and blanks alone are said alike, and
 * get one spelling, the first in code-point order.
 */
export function sentenceSpellings(
  sentences: Iterable<string | undefined>,
): (sentence: string) => string {
  const spellings = new Map<string, string>()
  for (const sentence of sentences) {
    if (sentence === undefined) continue
    const form = sentenceForm(sentence)
    const other = spellings.get(form)
    if (other === undefined || comparePaths(sentence, other) < 0) spellings.set(form, sentence)
  }
  return (sentence) => spellings.get(sentenceForm(sentence)) ?? sentence
}

function sentenceForm(sentence: string): string {
  const words = folded(sentence)
    .replace(/[\p{P}\s]+/gu, ' ')
    .trim()
  return words || sentence
}

/** Capitals first: `ß` and `SS` are one letter then. */
function folded(text: string): string {
  return plainName(text).normalize('NFKC').toUpperCase().toLowerCase()
}
