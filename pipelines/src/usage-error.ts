import { InputError } from '@serflow/core'
import { nearestWord } from './nearest-word.js'

/** What yargs has to say, in one line and with the word that was probably meant. */
export function usageError(message: string, args: readonly string[]): string {
  const [command = ''] = args
  const text = /^Not enough non-option arguments/.test(message)
    ? `expected ${argumentOf[command] ?? 'more arguments'}`
    : message.charAt(0).toLowerCase() + message.slice(1)
  const [, word = ''] = /^Unknown (?:argument|command): (\S+)$/.exec(message) ?? []
  // Another command's option is no misspelling.
  if (words.includes(word) && args.some((arg) => arg.split('=')[0] === `--${word}`)) {
    return `serflow ${command} has no option --${word} (see serflow ${command} --help)`
  }
  const near = nearestWord(word, words)
  return `${text}${near ? `; did you mean "${near}"?` : ''} (see serflow --help)`
}

/** An option that is given twice would be a list where a value is expected. */
export function checkGivenOnce(given: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(given)) {
    if (!lists.includes(name) && Array.isArray(value)) {
      throw new InputError(`--${name} is given twice, expected once`)
    }
  }
  return true
}

/** yargs leaves a hyphen out, so that a command would do nothing, or something else. */
export function expectNames(args: readonly string[]): true {
  if (args.includes('-')) {
    throw new InputError('-: standard input is not read, expected the name of a file')
  }
  return true
}

/** What may be given several times. */
const lists = ['_', 'set', 'files']

const words =
  'run plan predict show fetch doctor backend cache list gc config set data json jobs force offline model dry-run out preset start end from timeout kind html help'.split(
    ' ',
  )

/** What a command cannot do without. */
const argumentOf: Readonly<Record<string, string>> = {
  predict: 'at least one sound file, such as serflow predict voice.wav',
  show: 'a sound file, such as serflow show voice.wav',
  fetch: 'the name of a corpus, such as serflow fetch ravdess',
  inspect: 'a folder or a file, such as serflow inspect data/raw/ravdess',
}
