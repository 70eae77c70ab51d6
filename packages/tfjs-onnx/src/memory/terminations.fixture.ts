// Ends workers that are within a training step, at other moments of it each time; then lets one train to its end.
import { createWorker } from '../worker.js'

const program = new URL('./training-worker.fixture.mjs', import.meta.url)
const count = 12
let ended = 0
for (let round = 0; round < count; round++) {
  const worker = createWorker(program)
  await new Promise<void>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('message', (step) => {
      // The first step traces, later ones only run.
      if (step === round % 3) setTimeout(resolve, (round * 7) % 20)
    })
  })
  await worker.terminate()
  ended++
}
let stepsInTheEnd = 0
const last = createWorker(program, { workerData: 5 })
last.on('message', () => stepsInTheEnd++)
await new Promise((resolve) => last.once('exit', resolve))
process.stdout.write(JSON.stringify({ ended, stepsInTheEnd }))
