import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { missingFile } from '../missing-file.js'
import { soundFacts, type MeasuredSound } from './sound-facts.js'

/** A file that was read, or why it could not be. */
export type Measured =
  | { readonly file: string; readonly facts: MeasuredSound }
  | { readonly file: string; readonly fault: string }

/** What a worker answers. */
export type MeasureReply = { readonly facts: MeasuredSound } | { readonly fault: string }

export interface MeasureOptions {
  /** Threads; one reads here, without any. */
  readonly jobs: number
  /** The module that a thread runs. */
  readonly workerModule: string
  /** With less to read there are no threads. */
  readonly threadsFromBytes?: number
  readonly onProgress?: (done: number) => void
}

/** Some seconds of reading; with less, starting threads and their readers costs more than it brings. */
const usualThreadsFromBytes = 500e6

/**
 * Reads all files once, in threads where there is much to read. The order of the result is that of the paths, however
 * many threads there are; each holds one block of one file.
 */
export async function measureAll(
  root: string,
  paths: readonly string[],
  options: MeasureOptions,
): Promise<readonly Measured[]> {
  const { jobs, workerModule, onProgress } = options
  const threadsFromBytes = options.threadsFromBytes ?? usualThreadsFromBytes
  const measured: Measured[] = []
  let next = 0
  let done = 0
  const work = async (measure: (file: string) => Promise<MeasureReply>) => {
    while (next < paths.length) {
      const index = next++
      const file = paths[index]!
      measured[index] = { file, ...(await measure(file)) }
      onProgress?.(++done)
    }
  }
  const threads = Math.min(jobs, paths.length)
  if (threads <= 1 || (await totalBytes(root, paths)) < threadsFromBytes) {
    await work((file) => measureFile(root, file))
    return measured
  }
  const workers = Array.from({ length: threads }, () => new Worker(workerModule))
  try {
    await Promise.all(workers.map((worker) => work((file) => ask(worker, root, file))))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return measured
}

/** @returns facts, or the fault of a file that a user can mend */
export async function measureFile(root: string, file: string): Promise<MeasureReply> {
  const path = join(root, file)
  try {
    return { facts: await soundFacts(path, file) }
  } catch (error) {
    if (!existsSync(path)) return { fault: missingFile(file) }
    // Code that is bundled twice has its errors twice, so the name decides. A file that cannot be opened is named by its path.
    if (error instanceof Error && error.name === 'InputError') {
      return { fault: error.message.replaceAll(path, file) }
    }
    throw error
  }
}

async function ask(worker: Worker, root: string, file: string): Promise<MeasureReply> {
  return new Promise((resolve, reject) => {
    const end = () => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
    }
    const onMessage = (reply: MeasureReply) => {
      end()
      resolve(reply)
    }
    const onError = (error: unknown) => {
      end()
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    const onExit = (code: number) =>
      onError(new Error(`a reading thread ended with status ${code}`))
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.postMessage({ root, file })
  })
}

async function totalBytes(root: string, paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(join(root, path)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
