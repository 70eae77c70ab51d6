/**
 * Training on this machine: ours against PyTorch and TensorFlow, interleaved, medians over the rounds.
 *
 * `fixed`: forward, backward and optimiser of a head of 2048 values, BLSTM 128, 16 segments, batch 32.
 * `recipe`: a step of the default recipe (6144 values, the lengths RAVDESS has), whole: drawing, mixing, dropout,
 * forward, backward, clipping, AdamW; both sides sort clips by length.
 *
 * `convolutions`: the steps of `npm run bench -- conv`.
 *
 * A process is what trains one fold. PyTorch runs in three ways: as it comes, with threads that sleep when they wait,
 * and as one-thread processes, one a core.
 */
import { fileURLToPath } from 'node:url'
import { benchConv } from './conv.mjs'
import { machine, median, oneThread, python, rounded, runJson, versionOf } from './measure.mjs'

const file = (name) => fileURLToPath(new URL(name, import.meta.url))
const ours = (work, backend) => [process.execPath, file('train-worker.mjs'), work, backend]
const torch = (work) => [python, file('train.py'), work]
const tensorflow = (work) => [python, file('train-tensorflow.py'), work]

/** name, command, environment, processes at once */
const contestants = {
  fixed: [
    ['ours, 2 processes', ours('fixed', 'onnx-cpu'), oneThread, 2],
    ['PyTorch, 2 processes', torch('fixed'), oneThread, 2],
    ['ours, 1 process', ours('fixed', 'onnx-cpu'), oneThread, 1],
    ['PyTorch, 1 process of 1 thread', torch('fixed'), oneThread, 1],
    ['PyTorch, as it comes', torch('fixed'), {}, 1],
    ['PyTorch, OMP_WAIT_POLICY=PASSIVE', torch('fixed'), { OMP_WAIT_POLICY: 'PASSIVE' }, 1],
    ['TensorFlow, as it comes', tensorflow('fixed'), { TF_CPP_MIN_LOG_LEVEL: '3' }, 1],
  ],
  recipe: [
    ['ours, 2 processes', ours('recipe', 'onnx-cpu'), oneThread, 2],
    ['PyTorch, 2 processes', torch('recipe'), oneThread, 2],
    ['ours, 1 process', ours('recipe', 'onnx-cpu'), oneThread, 1],
    ['PyTorch, 1 process of 1 thread', torch('recipe'), oneThread, 1],
  ],
}
/** Slow or not always there: measured once, beside ours alone. */
const others = [
  ['tfjs wasm', ours('fixed', 'wasm'), oneThread, 1],
  ['tfjs-node (libtensorflow)', ours('fixed', 'tensorflow'), { TF_CPP_MIN_LOG_LEVEL: '3' }, 1],
]

export async function benchTrain(rounds) {
  const works = {}
  const versions = {}
  for (const [work, list] of Object.entries(contestants)) {
    const rates = new Map(list.map(([name]) => [name, []]))
    const absent = new Map()
    const measure = async ([name, command, env, processes]) => {
      const runs = await Promise.all(Array.from({ length: processes }, () => runJson(command, env)))
      const missing = runs.find((run) => run.absent)
      if (missing) return absent.set(name, missing.absent)
      Object.assign(versions, ...runs.map((run) => run.versions ?? {}))
      const rate = runs.reduce((sum, { msPerStep }) => sum + 1000 / msPerStep, 0)
      rates.set(name, [...(rates.get(name) ?? []), rate])
    }
    for (let round = 0; round < rounds; round++) {
      for (const contestant of list) await measure(contestant)
    }
    if (work === 'fixed') for (const contestant of others) await measure(contestant)
    const stepsPerSecond = {}
    for (const [name, all] of rates) if (all.length > 0) stepsPerSecond[name] = median(all)
    works[work] = {
      stepsPerSecond,
      ratios: ratiosOf(stepsPerSecond),
      absent: Object.fromEntries(absent),
    }
  }
  return rounded({
    what: 'head training: steps a second of all processes together, medians',
    ...machine(),
    onnxruntime: versionOf('onnxruntime-node'),
    ...versions,
    rounds,
    works,
    ...(await runJson(ours('new-length', 'onnx-cpu'), oneThread)),
    ...(await runJson(ours('product', 'onnx-cpu'), oneThread)),
    convolutions: await benchConv(rounds),
  })
}

function ratiosOf(rate) {
  const two = rate['ours, 2 processes']
  const single = ['PyTorch, 1 process of 1 thread', 'PyTorch, as it comes']
  single.push('PyTorch, OMP_WAIT_POLICY=PASSIVE')
  const best = Math.max(...single.map((name) => rate[name] ?? 0))
  const one = rate['ours, 1 process']
  return {
    'two processes each': two / rate['PyTorch, 2 processes'],
    'one process of one thread each': one / rate['PyTorch, 1 process of 1 thread'],
    'our two against the best single PyTorch process': two / best,
    ...(rate['TensorFlow, as it comes'] && {
      'our two against TensorFlow as it comes': two / rate['TensorFlow, as it comes'],
    }),
    ...(rate['tfjs wasm'] && { 'one against tfjs wasm': one / rate['tfjs wasm'] }),
    ...(rate['tfjs-node (libtensorflow)'] && {
      'our two against tfjs-node': two / rate['tfjs-node (libtensorflow)'],
    }),
  }
}
