/** A worker process: takes jobs from its parent one at a time; ends with it. */
import { InputError } from '@serflow/core'
import { systemFault } from '../system-fault.js'
import { JobError, type Job } from './executor.js'
import { runJob } from './job.js'
import type { NodeRecord } from './store.js'

export type WorkerReply =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'done'; readonly record: NodeRecord }
  | {
      readonly kind: 'failed'
      readonly message: string
      readonly isInput: boolean
      readonly damagedDigest?: string
    }

process.on('message', (job: Job) => {
  runJob(job, (fraction) => reply({ kind: 'progress', fraction })).then(
    (record) => reply({ kind: 'done', record }),
    (error: unknown) => reply(failure(error)),
  )
})
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole process group; the parent decides what happens to its workers.
process.on('SIGINT', () => undefined)

function reply(message: WorkerReply): void {
  process.send?.(message)
}

function failure(error: unknown): WorkerReply {
  if (error instanceof JobError && error.damagedDigest) {
    return {
      kind: 'failed',
      message: error.message,
      isInput: false,
      damagedDigest: error.damagedDigest,
    }
  }
  // Bundles carry their own copy of the class, so the name decides.
  const isInput =
    error instanceof InputError || (error instanceof Error && error.name === 'InputError')
  const fault = systemFault(error)
  const message =
    error instanceof Error
      ? isInput
        ? error.message
        : (fault ?? error.stack ?? error.message)
      : String(error)
  return { kind: 'failed', message, isInput: isInput || fault !== undefined }
}
