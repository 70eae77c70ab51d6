import type { FileRef } from './graph.js'
import type { Ingredients } from './key.js'
import type { NodeRecord } from './store.js'

/** One node to run: all that a worker needs, as plain JSON, so that it can cross a process or a machine. */
export interface Job {
  readonly node: string
  readonly key: string
  readonly ingredients: Ingredients
  /** The module that exports the stage as `stage`. */
  readonly module: string
  readonly storeRoot: string
  readonly inputs: Readonly<Record<string, JobInput>>
}

export type JobInput =
  | { readonly kind: 'artefact'; readonly output: NodeRecord['output'] }
  | { readonly kind: 'artefacts'; readonly outputs: readonly NodeRecord['output'][] }
  | {
      readonly kind: 'files'
      readonly root: string
      readonly files: readonly FileRef[]
    }
  | { readonly kind: 'value'; readonly value: unknown }

/** Why a job has no result. */
export class JobError extends Error {
  override readonly name = 'JobError'
  /** True where the user can mend it, and the message says how. */
  readonly isInput: boolean
  /** Digest of an input artefact that is not what its name says. */
  readonly damagedDigest: string | undefined

  constructor(message: string, options: { isInput?: boolean; damagedDigest?: string } = {}) {
    super(message)
    this.isInput = options.isInput ?? false
    this.damagedDigest = options.damagedDigest
  }
}

/** Runs jobs somewhere; the result is a record in the store. */
export interface Executor {
  /** How many jobs run at once. */
  readonly slots: number
  /** @throws JobError */
  execute(job: Job, onProgress: (fraction: number) => void): Promise<NodeRecord>
  close(): Promise<void>
}
