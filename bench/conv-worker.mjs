/**
 * Steps of ResNet-18 for conv.mjs, here: conv-worker.mjs <last|whole>. Each line read is a time in milliseconds; for each,
 * as many steps as fit are made and the milliseconds a step written. The first line written has the first losses.
 */
import * as tf from '@tensorflow/tfjs-core'
import { createInterface } from 'node:readline'
import { createTrainer } from '@serflow/tfjs-onnx'
import { batch, classes, draw, loss, shapes, side, trained } from './resnet18.mjs'

const part = process.argv[2] ?? 'last'
const { weights, images } = draw()
const names = new Set(trained(part))
const given = Object.fromEntries(
  [...names].map((name) => [name, { data: weights.get(name), shape: shapes.get(name) }]),
)

const trainer = await createTrainer((own, { x, y }) => {
  // What is not trained is a constant of the graph.
  const frozen = [...shapes]
    .filter(([name]) => !names.has(name))
    .map(([name, shape]) => [name, tf.tensor(weights.get(name), shape)])
  return loss({ ...own, ...Object.fromEntries(frozen) }, x, y)
}, given)
const labels = new Float32Array(batch * classes)
for (let i = 0; i < batch; i++) labels[i * classes + (i % classes)] = 1
const inputs = {
  x: { data: images, shape: [batch, side, side, 3] },
  y: { data: labels, shape: [batch, classes] },
}
const step = () => trainer.step(inputs, 1e-4)

const losses = []
for (let i = 0; i < 4; i++) losses.push((await step()).loss)
process.stdout.write(`${JSON.stringify({ losses })}\n`)
for await (const line of createInterface({ input: process.stdin })) {
  const start = performance.now()
  let steps = 0
  while (performance.now() - start < Number(line)) {
    await step()
    steps++
  }
  const msPerStep = (performance.now() - start) / steps
  process.stdout.write(
    `${JSON.stringify({ msPerStep, rssMb: process.memoryUsage().rss / 2 ** 20 })}\n`,
  )
}
await trainer.dispose()
