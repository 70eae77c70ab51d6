import { join } from 'node:path'
import { InputError } from '@serflow/core'
import PQueue from 'p-queue'
import { systemFault } from '../system-fault.js'
import { JobError, type Executor, type Job, type JobInput } from './executor.js'
import { inOrder, sources, upstream, type Node, type NodeInput } from './graph.js'
import { ingredientsOf, type Ingredients } from './key.js'
import { acquireLock } from './lock.js'
import { standingOf, whyRun, type PlanContext, type Standing } from './plan.js'
import type { NodeRecord } from './store.js'

/** What happens during a run, for whoever shows it. */
export interface RunEvents {
  /** A node was found in the store. */
  cached?(node: Node): void
  started?(node: Node, reasons: readonly string[]): void
  progress?(node: Node, fraction: number): void
  done?(node: Node, seconds: number): void
  failed?(node: Node, error: JobError): void
  /** A node that cannot run because another failed. */
  blocked?(node: Node, by: Node): void
  warning?(message: string): void
}

export interface RunContext extends PlanContext {
  readonly executor: Executor
  /** Where a stage's module lies. */
  moduleOf(stage: string): string
  /** Nodes that run although they are cached. */
  readonly force?: (node: Node) => boolean
}

export interface RunResult {
  readonly executed: readonly Node[]
  readonly cached: readonly Node[]
  readonly failed: readonly Node[]
  /** The targets that are done, their artefacts whole. */
  readonly records: ReadonlyMap<Node, NodeRecord>
  /** Records of all nodes that are done, upstream ones too; an artefact that nobody needed may be missing. */
  readonly known: ReadonlyMap<Node, NodeRecord>
}

/** How often a node is run again because an input of it was found damaged. */
const repairs = 3

/**
 * Brings the targets about: each node is taken from the store or run, up to `executor.slots` at once. A node
 * that fails stops only those that need it.
 */
export async function run(
  targets: readonly Node[],
  context: RunContext,
  events: RunEvents = {},
): Promise<RunResult> {
  const { store, digests, executor } = context
  const queue = new PQueue({ concurrency: executor.slots })
  const order = new Map(inOrder(targets).map((node, index) => [node, index]))
  const known = new Map<Node, Promise<NodeRecord>>()
  const whole = new Map<Node, Promise<NodeRecord>>()
  const standings = new Map<Node, Promise<Standing>>()
  const executed = new Set<Node>()
  const cached = new Set<Node>()
  const failed = new Set<Node>()

  /** How the store stands to a node before anything of it runs; looked up once for both questions below. */
  const standing = (node: Node): Promise<Standing> => {
    const asked =
      standings.get(node) ?? ingredients(node).then((found) => standingOf(found, context))
    standings.set(node, asked)
    return asked
  }

  /** The node's record; its artefact may be missing. */
  const know = (node: Node): Promise<NodeRecord> =>
    once(known, node, async () => {
      const { record } = await standing(node)
      return record && !context.force?.(node) ? record : have(node)
    })

  /** The node's record, with its artefact whole. */
  const have = (node: Node): Promise<NodeRecord> =>
    once(whole, node, async () => {
      const before = await standing(node)
      const forced = context.force?.(node) ?? false
      if (before.record && before.artefact === 'whole' && !forced) {
        cached.add(node)
        events.cached?.(node)
        return before.record
      }
      if (before.artefact === 'damaged') {
        events.warning?.(`the stored result of ${node.name} is damaged; it is made again`)
      }
      return make(node, forced ? ['asked for'] : await whyRun(node, before, context))
    })

  const ingredients = async (node: Node): Promise<Ingredients> => {
    const found = new Map<Node, string>()
    await all(upstream(node), async (source) => {
      found.set(source, (await know(source)).output.digest)
    })
    const result = ingredientsOf(node, context.codeOf(node.stage), (source) => found.get(source))
    if ('waitsFor' in result) throw new Error(`${node.name} has inputs without a digest`)
    return result
  }

  const make = async (node: Node, reasons: readonly string[]): Promise<NodeRecord> => {
    for (let attempt = 0; ; attempt++) {
      await all(upstream(node), async (source) => {
        // A source that was made again may differ from its old record.
        known.set(source, have(source))
        await have(source)
      })
      // The key is asked for again, since a source may have been made again meanwhile.
      const now = await standingOf(await ingredients(node), context)
      try {
        return await compute(node, now, reasons)
      } catch (error) {
        const damaged = error instanceof JobError ? error.damagedDigest : undefined
        const source = damaged && (await sourceOf(node, damaged))
        if (!source || attempt >= repairs) throw error
        events.warning?.(`the stored result of ${source.name} is damaged; it is made again`)
        const record = await know(source)
        await store.removeRecord(record.key)
        for (const memory of [standings, known, whole]) memory.delete(source)
      }
    }
  }

  const sourceOf = async (node: Node, digest: string): Promise<Node | undefined> => {
    for (const source of upstream(node)) {
      if ((await know(source)).output.digest === digest) return source
    }
    return undefined
  }

  const compute = (node: Node, now: Standing, reasons: readonly string[]) =>
    queue.add(
      async () => {
        const { key } = now
        const isDone = async () =>
          !context.force?.(node) &&
          (await standingOf(now.ingredients, context)).artefact === 'whole'
        const lock = await acquireLock(join(store.root, 'locks', `${key}.lock`), node.name, isDone)
        if (!lock) {
          const record = await store.record(key)
          if (!record) throw new JobError(`${node.name}: its record went away; run again`)
          cached.add(node)
          events.cached?.(node)
          return record
        }
        try {
          const job: Job = {
            node: node.name,
            key,
            ingredients: now.ingredients,
            module: context.moduleOf(node.stage),
            storeRoot: store.root,
            inputs: await jobInputs(node),
          }
          events.started?.(node, reasons)
          const start = performance.now()
          const record = await executor.execute(job, (fraction) =>
            events.progress?.(node, fraction),
          )
          await digests.remember(store.objectPath(record.output), record.output.digest)
          if (now.record && now.record.output.digest !== record.output.digest) {
            events.warning?.(`${node.name} gave another result than before from the same inputs`)
          }
          executed.add(node)
          // It was there until its artefact turned out to be damaged.
          cached.delete(node)
          events.done?.(node, (performance.now() - start) / 1000)
          return record
        } finally {
          await lock.release()
        }
      },
      { priority: -(order.get(node) ?? 0) },
    )

  const jobInputs = async (node: Node): Promise<Job['inputs']> => {
    const inputs: Record<string, JobInput> = {}
    for (const [name, input] of Object.entries(node.inputs)) inputs[name] = await jobInput(input)
    return inputs
  }

  const jobInput = async (input: NodeInput): Promise<JobInput> => {
    if (input.kind === 'files' || input.kind === 'value') return input
    const outputs = await Promise.all(sources(input).map(async (node) => (await have(node)).output))
    return input.kind === 'artefact'
      ? { kind: 'artefact', output: outputs[0]! }
      : { kind: 'artefacts', outputs }
  }

  const records = new Map<Node, NodeRecord>()
  const blocked = new Set<Node>()
  const attempts = targets.map(async (node) => {
    try {
      records.set(node, await have(node))
    } catch (error) {
      const cause = error instanceof Blocked ? error : new Blocked(node, asJobError(error))
      report(node, cause)
    }
  })
  await Promise.all(attempts)
  return {
    executed: [...executed],
    cached: [...cached],
    failed: [...failed],
    records,
    known: new Map([...(await settled(known)), ...(await settled(whole))]),
  }

  function report(node: Node, { culprit, error }: Blocked): void {
    if (!failed.has(culprit)) {
      failed.add(culprit)
      events.failed?.(culprit, error)
    }
    if (node !== culprit && !blocked.has(node)) {
      blocked.add(node)
      events.blocked?.(node, culprit)
    }
  }

  function once(
    memory: Map<Node, Promise<NodeRecord>>,
    node: Node,
    work: () => Promise<NodeRecord>,
  ): Promise<NodeRecord> {
    const running = memory.get(node)
    if (running) return running
    const started = work().catch((error: unknown) => {
      throw error instanceof Blocked ? error : new Blocked(node, asJobError(error))
    })
    // A failure is reported where it is awaited; without this a second waiter would come too late.
    started.catch(() => undefined)
    memory.set(node, started)
    return started
  }
}

/** Carries the first failure through all that depends on it. */
class Blocked extends Error {
  readonly culprit: Node
  readonly error: JobError

  constructor(culprit: Node, error: JobError) {
    super(`${culprit.name} failed`)
    this.culprit = culprit
    this.error = error
  }
}

async function settled(
  running: ReadonlyMap<Node, Promise<NodeRecord>>,
): Promise<ReadonlyMap<Node, NodeRecord>> {
  const done = new Map<Node, NodeRecord>()
  for (const [node, record] of running) {
    const found = await record.catch(() => undefined)
    if (found) done.set(node, found)
  }
  return done
}

function asJobError(error: unknown): JobError {
  if (error instanceof JobError) return error
  const fault = error instanceof InputError ? error.message : systemFault(error)
  if (fault !== undefined) return new JobError(fault, { isInput: true })
  return new JobError(error instanceof Error ? (error.stack ?? error.message) : String(error))
}

/** All at once, but one failure is thrown only when the rest has settled. */
async function all<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(items.map(work))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
