import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InputError, type Stage } from '@serflow/core'
import { JobError, type Job, type JobInput } from './executor.js'
import { readFileBytes } from './file-bytes.js'
import { rawFile } from './raw-file.js'
import { openStore, type NodeRecord, type Store } from './store.js'

/** Runs one job in this process: reads its inputs, runs the stage, stores the artefact and its record. */
export async function runJob(
  job: Job,
  onProgress: (fraction: number) => void,
): Promise<NodeRecord> {
  const { stage } = (await import(pathToFileURL(job.module).href)) as { stage: AnyStage }
  return runStage(stage, job, onProgress)
}

/** Runs a job whose stage is at hand. */
export async function runStage(
  stage: AnyStage,
  job: Job,
  onProgress: (fraction: number) => void,
): Promise<NodeRecord> {
  const store = openStore(job.storeRoot)
  const inputs: Record<string, unknown> = {}
  for (const [name, input] of Object.entries(job.inputs)) {
    const type = stage.inputs[name]
    if (!type) throw new Error(`stage ${stage.name} has no input "${name}"`)
    inputs[name] = await readInput(input, type, store)
  }
  const missing = Object.keys(stage.inputs).filter((name) => !(name in inputs))
  if (missing.length > 0) throw new Error(`${job.node} lacks the inputs ${missing.join(', ')}`)

  const config = stage.config.parse(job.ingredients.config)
  const output = await stage.run(inputs, config, {
    part: job.ingredients.part,
    progress: onProgress,
  })
  // A lazy output is computed while it is written.
  const pieces = stage.output.pieces(output)
  return store.put(job.node, job.key, job.ingredients, pieces, stage.output.extension)
}

/** Some stage; its inputs and settings are checked as they are read. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a stage's own types are known to itself alone
export type AnyStage = Stage<any, any, any, any>
type AnyInput = AnyStage['inputs'][string]

async function readInput(input: JobInput, type: AnyInput, store: Store): Promise<unknown> {
  if (input.kind === 'value' && type.kind === 'value') return input.value
  if (input.kind === 'files' && type.kind === 'files') {
    return input.files.map(({ path, digest, location }) =>
      rawFile(location ?? join(input.root, path), path, digest),
    )
  }
  if (input.kind === 'artefact' && type.kind === 'artefact') {
    return type.type.decode(await readObject(store, input.output))
  }
  if (input.kind === 'artefacts' && type.kind === 'artefacts') {
    const items: unknown[] = []
    for (const output of input.outputs)
      items.push(await type.type.decode(await readObject(store, output)))
    return items
  }
  throw new Error(`an input of kind ${input.kind} was given where ${type.kind} is read`)
}

async function readObject(store: Store, output: NodeRecord['output']): Promise<Uint8Array> {
  const damagedDigest = output.digest
  const found = await readFileBytes(store.objectPath(output)).catch((error: unknown) => {
    if (error instanceof InputError) throw error
    throw new JobError(`the artefact ${output.digest} is missing`, { damagedDigest })
  })
  if (found.digest !== output.digest) {
    throw new JobError(`the artefact ${output.digest} is damaged`, { damagedDigest })
  }
  return found.bytes
}
