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
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // One thread a worker: the workers are the parallelism, and BLAS threads would fight over the cores.
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    })
    alive.add(worker)
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
      const record = await converse(worker, job, onProgress)
      if (worker.connected) idle.push(worker)
      return record
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
        if (reply.kind === 'done') return resolve(reply.record)
        if (worker.connected) idle.push(worker)
        reject(new JobError(reply.message, reply))
      }
      const onExit = (code: number | null, signal: string | null) => {
        end()
        const how = signal
          ? `was ended by ${signal}${signal === 'SIGKILL' ? ' (out of memory? try --jobs 1)' : ''}`
          : `ended with status ${code}`
        reject(new JobError(`the worker process ${how}; run again to go on`, { isInput: true }))
      }
      const end = () => {
        worker.off('message', onMessage)
        worker.off('exit', onExit)
      }
      worker.on('message', onMessage)
      worker.on('exit', onExit)
      worker.send(job)
    })
  }
}
