/** Trains a head on noise and prints the time of a step; the first epoch, which opens the sessions, is not counted. */
import { trainConfig, trainHead } from '@serflow/model'

const dimension = 6144
const classes = Array.from({ length: 8 }, (_, i) => `c${i}`)
const perLength = 64
let state = 1
const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647
const examples = [5, 6, 7, 8, 9].flatMap((segments) =>
  Array.from({ length: perLength }, (_, i) => ({
    utteranceId: `${segments}-${i}`,
    label: i % 8,
    variants: [Float32Array.from({ length: segments * dimension }, uniform)],
  })),
)
const standardiser = {
  mean: new Float32Array(dimension).fill(0.5),
  deviation: new Float32Array(dimension).fill(0.29),
}
const config = trainConfig.parse({ epochs: 9 })
let start = 0
await trainHead(
  { examples, dimension, classes, classWeights: classes.map(() => 1), standardiser },
  config,
  0,
  (share) => {
    if (Math.round(share * config.epochs) === 1) start = performance.now()
  },
)
const steps = (examples.length / config.batch) * (config.epochs - 1)
process.stdout.write(JSON.stringify({ msPerStep: (performance.now() - start) / steps }))
