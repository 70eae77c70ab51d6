/** train-worker.mjs WORK BACKEND: one process's training, its time a step as JSON. The first steps are not counted. */
import { compile, createTrainer } from '@serflow/tfjs-onnx'
import * as tf from '@tensorflow/tfjs-core'
import { attend, attentionScores, blstm, trainConfig, trainHead } from '@serflow/model'

const [work, backend] = process.argv.slice(2)
let state = 1
const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647
const noise = (size, scale = 1) =>
  Float32Array.from({ length: size }, () => scale * (2 * uniform() - 1))

const works = { fixed, recipe, 'new-length': newLength, product }
process.stdout.write(JSON.stringify(await works[work]()))

/** Loss of embeddings [32, segments, 2048] -> BLSTM of 128 -> attention -> 8 classes. */
function loss(weights, { embeddings, targets }) {
  const hidden = blstm(weights, embeddings)
  const { context } = attend(attentionScores(hidden, weights.scoreKernel), hidden)
  const logits = tf.add(tf.matMul(context, weights.outputKernel), weights.outputBias)
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1)))
}

function initial(dimension = 2048, hidden = 128, classes = 8) {
  const of = (...shape) => {
    const size = shape.reduce((product, extent) => product * extent, 1)
    return { data: noise(size, 0.05), shape }
  }
  return {
    lstmKernel: of(dimension, 8 * hidden),
    lstmBias: of(8 * hidden),
    lstmRecurrent: of(2, hidden, 4 * hidden),
    scoreKernel: of(2 * hidden, 1),
    outputKernel: of(2 * hidden, classes),
    outputBias: of(classes),
  }
}

function batchOf(segments) {
  const targets = new Float32Array(32 * 8)
  for (let row = 0; row < 32; row++) targets[row * 8 + (row % 8)] = 1
  return {
    embeddings: { data: noise(32 * segments * 2048), shape: [32, segments, 2048] },
    targets: { data: targets, shape: [32, 8] },
  }
}

async function fixed() {
  let trainer
  try {
    trainer = await createTrainer(loss, initial(), { backend })
  } catch (error) {
    process.stdout.write(error.message.split('\n')[0])
    process.exit(3)
  }
  const batches = Array.from({ length: 8 }, () => batchOf(16))
  const isSlow = backend === 'wasm'
  for (let step = 0; step < (isSlow ? 1 : 5); step++) await trainer.step(batches[step], 1e-3)
  const steps = isSlow ? 4 : 80
  const start = performance.now()
  for (let step = 0; step < steps; step++) await trainer.step(batches[step % 8], 1e-3)
  const msPerStep = (performance.now() - start) / steps
  await trainer.dispose()
  return { msPerStep }
}

/** What the first batch of a new length costs beyond a step: tracing, the graph, the session. Median of 8 lengths. */
async function newLength() {
  const trainer = await createTrainer(loss, initial(), { backend })
  const times = []
  for (let segments = 5; segments < 14; segments++) {
    const batch = batchOf(segments)
    const start = performance.now()
    await trainer.step(batch, 1e-3)
    const first = performance.now() - start
    const again = performance.now()
    await trainer.step(batch, 1e-3)
    if (segments > 5) times.push(first - (performance.now() - again))
  }
  return { newLengthMs: times.sort((a, b) => a - b)[4] }
}

/** Rate of a bare product of the size of the `fixed` head's: the limit of what a step can reach. */
async function product() {
  const [rows, inner, columns] = [512, 2048, 1024]
  const multiply = await compile(({ a, b }) => ({ product: tf.matMul(a, b) }))
  const a = { data: noise(rows * inner), shape: [rows, inner] }
  const b = { data: noise(inner * columns), shape: [inner, columns] }
  const times = []
  for (let turn = 0; turn < 25; turn++) {
    const start = performance.now()
    await multiply({ a, b })
    if (turn >= 5) times.push(performance.now() - start)
  }
  const ms = times.sort((x, y) => x - y)[10]
  return { productGflops: (2 * rows * inner * columns) / ms / 1e6 }
}

/** The default recipe on noise, with the lengths that RAVDESS has in tenths of all its clips. */
async function recipe() {
  const dimension = 6144
  const classes = Array.from({ length: 8 }, (_, i) => `c${i}`)
  const counts = { 4: 26, 5: 62, 6: 72, 7: 58, 8: 40, 9: 25, 10: 17, 11: 10, 12: 6, 13: 3, 14: 1 }
  const examples = Object.entries(counts).flatMap(([segments, count]) =>
    Array.from({ length: count }, (_, i) => ({
      utteranceId: `${segments}-${i}`,
      label: i % 8,
      variants: [Float32Array.from({ length: segments * dimension }, uniform)],
    })),
  )
  const standardiser = {
    mean: new Float32Array(dimension).fill(0.5),
    deviation: new Float32Array(dimension).fill(0.29),
  }
  // An epoch of 320 clips is 10 steps; the first ones open the sessions.
  const config = trainConfig.parse({ epochs: 12 })
  const warm = 4
  let start = 0
  await trainHead(
    { examples, dimension, classes, classWeights: classes.map(() => 1), standardiser },
    config,
    0,
    (share) => {
      if (Math.round(share * config.epochs) === warm) start = performance.now()
    },
  )
  const steps = Math.ceil(examples.length / config.batch) * (config.epochs - warm)
  return { msPerStep: (performance.now() - start) / steps }
}
