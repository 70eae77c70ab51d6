// Ends the process while workers are within a training step.
import { createWorker } from '../worker.js'

const workers = [1, 2].map(() =>
  createWorker(new URL('./training-worker.fixture.mjs', import.meta.url)),
)
await Promise.all(
  workers.map(
    (worker) =>
      new Promise<void>((resolve) => worker.on('message', (step) => step === 2 && resolve())),
  ),
)
process.stdout.write('training')
process.exit(7)
