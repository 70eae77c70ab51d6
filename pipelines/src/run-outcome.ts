import { readFile } from 'node:fs/promises'
import { counted, type Report } from '@serflow/evaluate'
import type { RunOptions } from './prepared-run.js'
import { unreadableOf } from './left-out.js'
import { duration } from './progress.js'
import type { Recordings } from './recordings.js'
import type { RunResult } from './runner/run.js'
import type { Store } from './runner/store.js'
import { corporaOf, type Settings } from './settings.js'

/** Tells the user what came out, on the console and for programs. @returns the exit status */
export async function tellOutcome(
  { json }: Pick<RunOptions, 'json'>,
  recordings: Recordings,
  settings: Settings,
  result: RunResult,
  report: string | undefined,
  seconds: number,
  store: Store,
): Promise<number> {
  const { executed, cached, failed } = result
  const say = (text: string) => process.stderr.write(`${text}\n`)
  let unreadable = 0
  if (report !== undefined && failed.length === 0) {
    const told = JSON.parse(await readFile(report, 'utf8')) as Report
    unreadable = unallowed(told.skipped, settings)
    for (const warning of told.warnings) say(`warning: ${warning}`)
    say(headline(told))
    say(`report: ${report.replace(/json$/, 'html')}`)
  }
  if (report === undefined && failed.length === 0) {
    const rows = await unreadableOf(result, recordings, store)
    for (const { note } of rows.slice(0, mostNamed)) say(`warning: ${note}`)
    if (rows.length > mostNamed) say(`warning: and ${rows.length - mostNamed} more`)
    unreadable = unallowed(
      rows.map((row) => ({ ...row, status: 'unreadable' })),
      settings,
    )
  }
  say(
    `${executed.length} executed, ${cached.length} cached, ${failed.length} failed in ${duration(seconds)}`,
  )
  if (json) {
    const summary = {
      executed: executed.length,
      cached: cached.length,
      failed: failed.length,
      report: report ?? null,
    }
    process.stdout.write(`${JSON.stringify(summary)}\n`)
  }
  if (unreadable > 0) {
    say(
      `error: ${unreadable} of ${counted(filesOf(recordings), 'file')} could not be read and ${unreadable === 1 ? 'is' : 'are'} left out` +
        `${report === undefined ? '' : ' (the report lists them)'}; ` +
        `mend or remove them, or set ${settings.corpora ? 'allowUnreadable: true for the corpus' : 'corpus.allowUnreadable=true'}`,
    )
    return 1
  }
  return failed.length > 0 ? 1 : 0
}

/** Files that could be recordings. */
function filesOf({ entries, others }: Recordings): number {
  const unopened = others.filter(({ status }) => status === 'unreadable').length
  return new Set(entries.map(({ file }) => file)).size + unopened
}

/** Files that are named on the console, where no report lists them. */
const mostNamed = 10

/** How many files could not be read, of corpora that do not allow for it. */
function unallowed(
  skipped: readonly { readonly file: string; readonly status: string }[],
  settings: Settings,
): number {
  const unreadable = skipped.filter(({ status }) => status === 'unreadable')
  const strict = corporaOf(settings).filter(({ allowUnreadable }) => !allowUnreadable)
  if (!settings.corpora || settings.corpora.length === 1)
    return strict.length > 0 ? unreadable.length : 0
  const names = strict.map(({ name, kind }) => `${name ?? kind}/`)
  return unreadable.filter(({ file }) => names.some((name) => file.startsWith(name))).length
}

function headline(report: Report): string {
  const { corpus, synthetic, utterances, speakers, protocol, uar, baselines } = report
  const percent = (value: number) => (100 * value).toFixed(1)
  const range =
    uar.low === null || uar.high === null
      ? ''
      : ` (95 % interval ${percent(uar.low)} to ${percent(uar.high)})`
  const beside = baselines.map(({ name, uar }) => `, ${name} ${percent(uar.value)} %`).join('')
  const people = speakers === 0 ? 'unknown speakers' : counted(speakers, 'speaker')
  return (
    `${corpus}${synthetic ? ' (SYNTHETIC speech)' : ''}: ${counted(utterances, 'utterance')} of ${people}, ` +
    (protocol.speakersIndependent
      ? 'each tested by a model that never heard that speaker'
      : 'NOT speaker-independent: a speaker may be heard in training and in test') +
    `\nUAR ${percent(uar.value)} %${range}${beside}`
  )
}
