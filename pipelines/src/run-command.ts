import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { InputError } from '@serflow/core'
import type { Report } from '@serflow/evaluate'
import { parseFoldTable, writeSampleCorpus, type FoldList } from '@serflow/ingest'
import { withBackends } from './backends.js'
import {
  checkThere,
  defaultCorpus,
  isOffline,
  type DefaultCorpusOptions,
} from './default-corpus.js'
import { fullPipeline, stagesOf, type Pipeline } from './full.js'
import { nearestWord } from './nearest-word.js'
import { kernelsHere } from './kernels.js'
import { duration, showProgress } from './progress.js'
import { publish } from './publish.js'
import { listRecordings, type Recordings } from './recordings.js'
import { openFileDigests, type FileDigests } from './runner/file-digests.js'
import type { Node } from './runner/graph.js'
import { localExecutor } from './runner/local-executor.js'
import { plan, type PlanContext } from './runner/plan.js'
import { run, type RunResult } from './runner/run.js'
import { openStore, type Store } from './runner/store.js'
import {
  applyOverride,
  checkSettings,
  corporaOf,
  readSettingsFile,
  type Settings,
} from './settings.js'
import {
  checkJobs,
  dataFolder,
  defaultJobs,
  readStageCode,
  recordingsFolder,
  runName,
  stageModule,
  stageOf,
  workerModule,
  type DataFolder,
  type StageCode,
} from './workspace.js'

/** What the command line says. */
export interface RunOptions {
  readonly stage?: string | undefined
  readonly config?: string | undefined
  readonly set?: readonly string[] | undefined
  readonly data?: string | undefined
  readonly jobs?: number | undefined
  readonly json?: boolean | undefined
  readonly force?: boolean | undefined
  /** Asks nothing of any network. */
  readonly offline?: boolean | undefined
}

/** Runs the pipeline or one stage of it. @returns the exit status */
export async function runCommand(options: RunOptions): Promise<number> {
  const start = performance.now()
  const startedAt = new Date().toISOString()
  const jobs = checkJobs(options.jobs ?? defaultJobs())
  const prepared = await prepare(options, { mayFetch: true })
  const { pipeline, settings, data, store, digests, context, recordings, code } = prepared
  const targets = targetsOf(pipeline, options.stage)
  const forced = new Set(options.force ? targets : [])
  const progress = showProgress(await touchedNodes(targets, context, options.stage))
  const executor = localExecutor(workerModule, jobs)
  const stop = (signal: NodeJS.Signals) => {
    progress.end()
    process.stderr.write('stopped; what is done is kept, so the same command goes on from here\n')
    void executor.close().then(() => process.exit(signal === 'SIGINT' ? 130 : 143))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  let result: RunResult
  try {
    result = await run(
      targets,
      {
        ...context,
        executor,
        moduleOf: (stage) => stageModule(code, stage),
        force: (node) => forced.has(node),
      },
      progress.events,
    )
  } finally {
    progress.end()
    await executor.close()
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
  await rememberKeys(store, runName(settings), pipeline, context.latest, result)
  const seconds = (performance.now() - start) / 1000
  const report = await publish(
    pipeline,
    result.records,
    store,
    digests,
    join(data.runs, runName(settings)),
    {
      startedAt,
      seconds,
      jobs,
      commandLine: process.argv.slice(2),
      secondsByStage: progress.secondsByStage,
      executed: result.executed.length,
      cached: result.cached.length,
    },
  )
  await digests.save()
  return tell(options, recordings, settings, result, report, seconds)
}

/** The nodes a run will come by: all of a whole run; of a stage's, what it needs too. */
async function touchedNodes(
  targets: readonly Node[],
  context: PlanContext,
  stage: string | undefined,
): Promise<readonly Node[]> {
  if (stage === undefined) return targets
  const planned = await plan(targets, context)
  return planned.filter(({ status }) => status !== 'not needed').map(({ node }) => node)
}

/** Shows what a run would do, and why. @returns the exit status */
export async function planCommand(options: RunOptions): Promise<number> {
  const { pipeline, context, digests } = await prepare(options, { mayFetch: false })
  const planned = await plan(targetsOf(pipeline, options.stage), context)
  await digests.save()
  const shown = planned.filter(({ status }) => status !== 'not needed')
  if (options.json) {
    const rows = shown.map(({ node, status, reasons }) => ({ node: node.name, status, reasons }))
    process.stdout.write(JSON.stringify(rows) + '\n')
    return 0
  }
  for (const { node, status, reasons } of shown) {
    const text =
      status === 'cached'
        ? 'cached'
        : `${status === 'waits' ? 'waits for' : 'run:'} ${reasons.join('; ')}`
    process.stdout.write(`${node.name.padEnd(28)} ${text}\n`)
  }
  const count = (status: string) => shown.filter((row) => row.status === status).length
  process.stdout.write(
    `${count('cached')} cached, ${count('run')} to run, ${count('waits')} wait for these\n`,
  )
  return 0
}

async function prepare(
  options: RunOptions,
  { mayFetch }: { readonly mayFetch: boolean },
): Promise<{
  settings: Settings
  data: DataFolder
  store: Store
  digests: FileDigests
  recordings: Recordings
  code: StageCode
  pipeline: Pipeline
  context: PlanContext
}> {
  const data = dataFolder(options.data)
  const { settings: given, why } =
    options.config === undefined
      ? await defaultCorpus(data, {
          set: options.set ?? [],
          mayFetch,
          offline: options.offline ?? isOffline(process.env),
          fetch: fetchOnce(data),
        })
      : { settings: await readSettingsFile(options.config) }
  const settings = await withBackends(
    checkSettings((options.set ?? []).reduce(applyOverride, given)),
  )
  const store = openStore(data.cache)
  const digests = await openFileDigests(join(data.cache, 'file-digests.json'))
  const sources = corporaOf(settings).map((corpus) => ({
    settings: corpus,
    root: recordingsFolder(corpus, data),
  }))
  for (const { settings: corpus, root } of sources) {
    await checkThere(corpus, root)
    if (corpus.kind !== 'sample') continue
    process.stderr.write(
      `note: ${why === undefined ? '' : `${why}; so `}this run uses the built-in sample corpus: ` +
        'SYNTHETIC speech. Its numbers say nothing of real recordings.\n',
    )
    await writeSampleCorpus(root)
  }
  const recordings = await listRecordings(sources, digests)
  // A run that is stopped has at least read the recordings for the next one.
  await digests.save()
  const code = await readStageCode()
  const foldTable = await readFoldTable(settings, data)
  const pipeline = fullPipeline(recordings, settings, code.packages, kernelsHere(), foldTable)
  const latest = await store.latest(runName(settings))
  const codeOf = (stage: string) => stageOf(code, stage).digest
  return {
    settings,
    data,
    store,
    digests,
    recordings,
    code,
    pipeline,
    context: { store, digests, codeOf, latest },
  }
}

/** Fetches an archive for a run: a server that cannot be reached is asked once. */
function fetchOnce(data: DataFolder): DefaultCorpusOptions['fetch'] {
  return async (archive, answerSeconds) => {
    const { fetchInto } = await import('./fetch-command.js')
    return fetchInto(data, archive, { answerSeconds, reachAttempts: 1 })
  }
}

/** The user's own division, where the settings name one. */
async function readFoldTable({ ingest }: Settings, data: DataFolder): Promise<FoldList> {
  const { scheme, table } = ingest.folds
  if (scheme !== 'table') return []
  if (table === undefined) {
    throw new InputError('ingest.folds.table: expected a CSV or JSON file for the scheme table')
  }
  const path = resolve(data.root, table)
  const text = await readFile(path, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new InputError(
      `${path}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`,
    )
  })
  return parseFoldTable(text, path)
}

/** All nodes, or those of a package or of one stage. */
function targetsOf(pipeline: Pipeline, stage: string | undefined): readonly Node[] {
  if (stage === undefined || stage === 'full') return pipeline.nodes
  const groups: Readonly<Record<string, readonly string[]>> = stagesOf
  const stages = groups[stage] ?? [stage]
  const targets = pipeline.nodes.filter((node) => stages.includes(node.stage))
  if (targets.length > 0) return targets
  const known = [...Object.keys(groups), ...Object.values(groups).flat()]
  const near = nearestWord(stage, known)
  throw new InputError(
    `there is no stage "${stage}"; ${near ? `did you mean "${near}"?` : `expected one of ${known.join(', ')}`}`,
  )
}

/** The keys of all nodes of the pipeline: as they are now, or for those that this run did not come to, as they were. */
async function rememberKeys(
  store: Store,
  name: string,
  pipeline: Pipeline,
  before: ReadonlyMap<string, string>,
  result: RunResult,
): Promise<void> {
  const keys = new Map<string, string>()
  for (const node of pipeline.nodes) {
    const key = result.known.get(node)?.key ?? before.get(node.name)
    if (key !== undefined) keys.set(node.name, key)
  }
  await store.setLatest(name, keys)
}

async function tell(
  options: RunOptions,
  recordings: Recordings,
  settings: Settings,
  result: RunResult,
  report: string | undefined,
  seconds: number,
): Promise<number> {
  const { executed, cached, failed } = result
  const say = (text: string) => process.stderr.write(`${text}\n`)
  let unreadable = 0
  if (report !== undefined && failed.length === 0) {
    const told = JSON.parse(await readFile(report, 'utf8')) as Report
    unreadable = unallowed(told, settings)
    for (const warning of told.warnings) say(`warning: ${warning}`)
    say(headline(told))
    say(`report: ${report.replace(/json$/, 'html')}`)
  }
  say(
    `${executed.length} executed, ${cached.length} cached, ${failed.length} failed in ${duration(seconds)}`,
  )
  if (options.json) {
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
      `error: ${unreadable} of ${recordings.entries.length} files could not be read and are left out (the report lists them); ` +
        `mend or remove them, or set ${settings.corpora ? 'allowUnreadable: true for the corpus' : 'corpus.allowUnreadable=true'}`,
    )
    return 1
  }
  return failed.length > 0 ? 1 : 0
}

/** How many files could not be read, of corpora that do not allow for it. */
function unallowed({ skipped }: Report, settings: Settings): number {
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
  const people = speakers === 0 ? 'unknown speakers' : `${speakers} speakers`
  return (
    `${corpus}${synthetic ? ' (SYNTHETIC speech)' : ''}: ${utterances} utterances of ${people}, ` +
    (protocol.speakersIndependent
      ? 'each tested by a model that never heard that speaker'
      : 'NOT speaker-independent: a speaker may be heard in training and in test') +
    `\nUAR ${percent(uar.value)} %${range}${beside}`
  )
}
