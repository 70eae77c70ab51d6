import {
  getEnvironmentData,
  setEnvironmentData,
  Worker,
  type WorkerOptions,
} from 'node:worker_threads'

/** Two numbers that a worker and its parent share: how many native calls run, and whether it shall make no more. */
const [running, stopping] = [0, 1] as const
const dataKey = '@serflow/tfjs-onnx: native calls'
/** Longest wait at the end of the process, in ms: a step should have ended by then. */
const longestWait = 10_000

const gates = new Set<Int32Array>()

/**
 * A worker thread that may be ended at any time, also within a step of a trainer or a call of a compiled function.
 *
 * Node ends a thread by refusing its native code any further call, on which onnxruntime-node 1.30 aborts the whole
 * process. The `terminate` of this worker lets the native call that runs end first, and the worker begin no other; so does
 * the end of the process. Everything else is as with `new Worker`.
 *
 * @param file the worker's program
 */
export function createWorker(file: string | URL, options?: WorkerOptions): Worker {
  const gate = new Int32Array(new SharedArrayBuffer(8))
  const outer = getEnvironmentData(dataKey)
  setEnvironmentData(dataKey, gate)
  const worker = new Worker(file, options)
  setEnvironmentData(dataKey, outer)
  if (gates.size === 0) process.once('exit', waitForAll)
  gates.add(gate)
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      gates.delete(gate)
      if (gates.size === 0) process.off('exit', waitForAll)
      resolve()
    })
  })
  const terminate = worker.terminate.bind(worker)
  worker.terminate = async () => {
    Atomics.store(gate, stopping, 1)
    await Promise.race([idle(gate), ended])
    return terminate()
  }
  return worker
}

/**
 * Makes a native call, within which the thread is not ended.
 *
 * @param call is not made where the thread is about to be ended; the promise then stays open
 */
export async function nativeCall<Result>(call: () => Promise<Result>): Promise<Result> {
  const gate = ownGate()
  if (gate === undefined) return call()
  Atomics.add(gate, running, 1)
  try {
    if (Atomics.load(gate, stopping) === 0) return await call()
  } finally {
    Atomics.sub(gate, running, 1)
    Atomics.notify(gate, running)
  }
  return new Promise(() => undefined)
}

let own: Int32Array | undefined | null = null

function ownGate(): Int32Array | undefined {
  if (own === null) {
    const data: unknown = getEnvironmentData(dataKey)
    own = data instanceof Int32Array ? data : undefined
  }
  return own
}

async function idle(gate: Int32Array): Promise<void> {
  for (;;) {
    const count = Atomics.load(gate, running)
    if (count === 0) return
    await waitAsync(gate, running, count).value
  }
}

/** In the standard since 2024, and so not yet among the types in use. */
const { waitAsync } = Atomics as unknown as {
  waitAsync(array: Int32Array, index: number, value: number): { readonly value: unknown }
}

function waitForAll(): void {
  for (const gate of gates) Atomics.store(gate, stopping, 1)
  for (const gate of gates) {
    for (;;) {
      const count = Atomics.load(gate, running)
      if (count === 0 || Atomics.wait(gate, running, count, longestWait) === 'timed-out') break
    }
  }
}
