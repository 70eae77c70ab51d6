import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { files, jsonType, many, one, type RawFile, type Stage } from '@serflow/core'
import type { Executor } from './executor.js'
import { openFileDigests } from './file-digests.js'
import {
  from,
  fromEach,
  fromFiles,
  nodeName,
  type FileRef,
  type Node,
  type NodeInput,
} from './graph.js'
import { runStage } from './job.js'
import { run, type RunContext, type RunEvents } from './run.js'
import { openStore } from './store.js'

const number = jsonType<number>('number')

/** Reads numbers from files and adds them. */
const read: Stage<{ files: readonly RawFile[] }, number, { offset: number }> = {
  name: 'read',
  inputs: { files },
  output: number,
  config: z.strictObject({ offset: z.number() }),
  async run({ files }, { offset }) {
    let sum = offset
    for (const file of files) sum += Number(new TextDecoder().decode(await file.read()))
    return sum
  },
}

const double: Stage<{ input: number }, number, { factor: number }> = {
  name: 'double',
  inputs: { input: one(number) },
  output: number,
  config: z.strictObject({ factor: z.number() }),
  run({ input }, { factor }) {
    if (input > 1000) throw new Error('too large')
    return input * factor
  },
}

const sum: Stage<{ inputs: readonly number[] }, number, Record<string, never>> = {
  name: 'sum',
  inputs: { inputs: many(number) },
  output: number,
  config: z.strictObject({}),
  run: ({ inputs }) => inputs.reduce((a, b) => a + b, 0),
}

const stages: Readonly<Record<string, Parameters<typeof runStage>[0]>> = { read, double, sum }

/** A small pipeline over files of numbers: read and double each, then add. */
export async function smallPipeline() {
  const folder = await mkdtemp(join(tmpdir(), 'runner '))
  const code: Record<string, string> = { read: 'r1', double: 'd1', sum: 's1' }
  const executed: string[] = []
  const warnings: string[] = []
  const events: RunEvents = { warning: (message) => void warnings.push(message) }

  const executor = (slots = 2): Executor => ({
    slots,
    async execute(job, onProgress) {
      executed.push(job.node)
      return runStage(stages[job.ingredients.stage]!, job, onProgress)
    },
    async close() {},
  })

  const digests = () => openFileDigests(join(folder, 'store', 'file-digests.json'))

  return {
    folder,
    code,
    executed,
    warnings,
    async setNumber(name: string, value: number | string) {
      await writeFile(join(folder, name), String(value))
    },
    /** The pipeline for these parts, each reading the file of its name. */
    async nodes(parts: readonly string[], settings = { offset: 0, factor: 2 }) {
      const memory = await digests()
      const node = (
        stage: string,
        part: Record<string, string>,
        inputs: Record<string, NodeInput>,
        config: unknown,
      ): Node => ({ name: nodeName(stage, part), stage, part, settingsPath: stage, config, inputs })
      const doubles: Node[] = []
      const reads: Node[] = []
      for (const part of parts) {
        const digest = await memory.of(join(folder, part))
        const refs: FileRef[] = [{ path: part, digest: digest ?? '' }]
        const first = node(
          'read',
          { part },
          { files: fromFiles(folder, refs) },
          { offset: settings.offset },
        )
        reads.push(first)
        doubles.push(node('double', { part }, { input: from(first) }, { factor: settings.factor }))
      }
      const total = node('sum', {}, { inputs: fromEach(doubles) }, {})
      await memory.save()
      return { all: [...reads, ...doubles, total], reads, doubles, total }
    },
    async context(latest: ReadonlyMap<string, string> = new Map(), slots = 2): Promise<RunContext> {
      return {
        store: openStore(join(folder, 'store')),
        digests: await digests(),
        codeOf: (stage) => code[stage]!,
        latest,
        executor: executor(slots),
        moduleOf: (stage) => stage,
      }
    },
    /** Runs to the targets and returns what ran, in order of names, and the result. */
    async run(targets: readonly Node[], context?: RunContext) {
      executed.length = 0
      const used = context ?? (await this.context())
      const result = await run(targets, used, events)
      await used.digests.save()
      const keys = new Map([...result.records].map(([node, record]) => [node.name, record.key]))
      const valueOf = async (node: Node) => {
        const record = result.records.get(node)!
        return Number(await readFile(used.store.objectPath(record.output), 'utf8'))
      }
      return { result, keys, valueOf, executed: [...executed].sort() }
    },
  }
}
