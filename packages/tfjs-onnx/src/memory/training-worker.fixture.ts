// Trains without end, or for a number of steps; says when each has begun.
import * as tf from '@tensorflow/tfjs-core'
import { parentPort, workerData } from 'node:worker_threads'
import { createTrainer } from '../trainer.js'

const side = 384
const data = Float32Array.from({ length: side * side }, (_, i) => Math.sin(i) / side)
const x = { data: new Float32Array(64 * side).fill(1), shape: [64, side] }
const trainer = await createTrainer(
  ({ w }, { x }) => {
    let y: tf.Tensor = x!
    for (let layer = 0; layer < 6; layer++) y = tf.tanh(tf.matMul(y, w!))
    return tf.mean(tf.square(y))
  },
  { w: { data, shape: [side, side] } },
  { learningRate: 1e-3 },
)
const steps: number = workerData ?? Infinity
for (let step = 0; step < steps; step++) {
  parentPort?.postMessage(step)
  await trainer.step({ x })
}
await trainer.dispose()
