import { cpus, hostname, totalmem } from 'node:os'
import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import type { Pipeline } from './full.js'
import type { FileDigests } from './runner/file-digests.js'
import type { Node } from './runner/graph.js'
import { writeWhole, type NodeRecord, type Store } from './runner/store.js'

/** What is not part of a result: when, where and how it was made. */
export interface Environment {
  readonly startedAt: string
  readonly seconds: number
  readonly jobs: number
  readonly commandLine: readonly string[]
  /** Seconds of work by stage, of the nodes that ran; they run side by side. */
  readonly secondsByStage: Readonly<Record<string, number>>
  readonly executed: number
  readonly cached: number
}

/**
 * Copies the results that are done into the run's folder; a file that is already there whole is left as it is.
 * environment.json is written when something ran or is missing.
 *
 * @returns the path of report.json, or undefined where there is no report yet
 */
export async function publish(
  pipeline: Pipeline,
  records: ReadonlyMap<Node, NodeRecord>,
  store: Store,
  digests: FileDigests,
  folder: string,
  environment: Environment,
): Promise<string | undefined> {
  for (const [name, node] of Object.entries(pipeline.results)) {
    const record = records.get(node)
    const path = join(folder, name)
    if (!record || (await digests.of(path)) === record.output.digest) continue
    await writeWhole(path, await readFile(store.objectPath(record.output)))
    await digests.remember(path, record.output.digest)
  }
  const environmentPath = join(folder, 'environment.json')
  if (environment.executed > 0 || (await digests.of(environmentPath)) === undefined) {
    await writeWhole(
      environmentPath,
      JSON.stringify({ ...environment, machine: machine() }, null, 2) + '\n',
    )
  }
  return records.has(pipeline.results['report.json']) ? join(folder, 'report.json') : undefined
}

function machine() {
  const cores = cpus()
  return {
    host: hostname(),
    processor: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  }
}
