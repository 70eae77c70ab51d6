// Compiles, or trains, and disposes, again and again; prints how much memory the process has grown by.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { compile } from '../compile.js'
import { createTrainer } from '../trainer.js'

const cycles = 200
const side = 512
const values = Float32Array.from({ length: side * side }, (_, i) => (i % 7) / 100)
const input = { data: new Float32Array(8 * side).fill(1), shape: [8, side] }

async function compileOnce(cycle: number) {
  // The weights are a constant of the graph, each time another.
  const w = tf.tensor(
    Float32Array.from(values, (value) => value + cycle),
    [side, side],
  )
  const fn = await compile(({ x }) => ({ y: tf.matMul(x!, w) }))
  await fn({ x: input })
  await fn.dispose()
  w.dispose()
}

async function trainOnce() {
  const trainer = await createTrainer(
    ({ w }, { x }) => tf.mean(tf.square(tf.matMul(x!, w!))),
    { w: { data: values, shape: [side, side] } },
    { learningRate: 1e-3 },
  )
  await trainer.step({ x: input })
  await trainer.dispose()
}

async function run(count: number) {
  for (let cycle = 0; cycle < count; cycle++) {
    await (process.argv[2] === 'train' ? trainOnce() : compileOnce(cycle))
    if (cycle % 10 === 0) globalThis.gc?.()
  }
  globalThis.gc?.()
}

await tf.setBackend('cpu')
await run(20)
const before = process.memoryUsage().rss
await run(cycles)
process.stdout.write(JSON.stringify({ cycles, growthBytes: process.memoryUsage().rss - before }))
