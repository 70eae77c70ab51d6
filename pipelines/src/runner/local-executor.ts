import { fork, type ChildProcess } from 'node:child_process'
import { JobError, type Executor, type Job } from './executor.js'
import type { NodeRecord } from './store.js'
import type { WorkerReply } from './worker.js'

/** Worker processes on this machine, one job each at a time; a worker that dies takes only its job along. */
export function localExecutor(workerModule: string, slots: number): Executor {
  const idle: ChildProcess[] = []
  const alive = new Set<ChildProcess>()

  const start = (): ChildProcess => {
    const worker = fork(workerModule, [], {
      // Standard output is for results; whatever a library prints goes to standard error.
      stdio: ['ignore', 2, 2, 'ipc'],
      // One thread a worker: the workers are the parallelism, and BLAS threads would fight over the cores.
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    })
    alive.add(worker)
    // Whoever talks to it is told; without a listener the whole run would end.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      alive.delete(worker)
      const place = idle.indexOf(worker)
      if (place >= 0) idle.splice(place, 1)
    })
    return worker
  }

  return {
    slots,
    async execute(job, onProgress) {
      const worker = idle.pop() ?? start()
      try {
        return await converse(worker, job, onProgress)
      } finally {
        if (alive.has(worker)) idle.push(worker)
      }
    },
    async close() {
      for (const worker of alive) worker.kill('SIGKILL')
      alive.clear()
    },
  }

  async function converse(
    worker: ChildProcess,
    job: Job,
    onProgress: (fraction: number) => void,
  ): Promise<NodeRecord> {
    return new Promise((resolve, reject) => {
      const onMessage = (reply: WorkerReply) => {
        if (reply.kind === 'progress') return onProgress(reply.fraction)
        end()
        if (reply.kind === 'done') resolve(reply.record)
        else reject(new JobError(reply.message, reply))
      }
      const onExit = (code: number | null, signal: string | null) => {
        end()
        const how = signal
          ? `was ended by ${signal}${signal === 'SIGKILL' ? ' (out of memory? try --jobs 1)' : ''}`
          : `ended with status ${code}`
        reject(new JobError(`the worker process ${how}; run again to go on`, { isInput: true }))
      }
      // It cannot be started, or ended just before it was asked.
      const onError = (error: Error) => {
        end()
        reject(new JobError(`the worker process: ${error.message}; run again to go on`))
      }
      const end = () => {
        worker.off('message', onMessage)
        worker.off('exit', onExit)
        worker.off('error', onError)
      }
      worker.on('message', onMessage)
      worker.on('exit', onExit)
      worker.on('error', onError)
      worker.send(job, (error) => {
        if (error) onError(error)
      })
    })
  }
}
