import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { stagesOf, type Pipeline } from './full.js'
import { nearestWord } from './nearest-word.js'
import { prepareRun, type RunOptions } from './prepared-run.js'
import { showProgress } from './progress.js'
import { publish } from './publish.js'
import { tellOutcome } from './run-outcome.js'
import type { Node } from './runner/graph.js'
import { localExecutor } from './runner/local-executor.js'
import { plan, type PlanContext } from './runner/plan.js'
import { run, type RunResult } from './runner/run.js'
import type { Store } from './runner/store.js'
import { checkJobs, defaultJobs, runName, stageModule, workerModule } from './workspace.js'

/** Runs the pipeline or one stage of it. @returns the exit status */
export async function runCommand(options: RunOptions): Promise<number> {
  const start = performance.now()
  const startedAt = new Date().toISOString()
  const jobs = checkJobs(options.jobs ?? defaultJobs())
  const prepared = await prepareRun(options, { mayFetch: true })
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
  return tellOutcome(options, recordings, settings, result, report, seconds, store)
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
  const { pipeline, context, digests } = await prepareRun(options, { mayFetch: false })
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
