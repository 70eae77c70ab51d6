/** A reading thread: takes one file at a time. */
import { parentPort } from 'node:worker_threads'
import { measureFile } from './measure.js'

parentPort?.on('message', ({ root, file }: { root: string; file: string }) => {
  measureFile(root, file).then(
    (reply) => parentPort?.postMessage(reply),
    (error: unknown) => {
      throw error
    },
  )
})
