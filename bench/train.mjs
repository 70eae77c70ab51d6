/**
 * A training step of the default recipe's head (6144 values a segment, batch 32, 5 to 9 segments), whole: drawing,
 * mixing, dropout, forward, backward, clipping, AdamW. One thread each side; the peer is PyTorch (train.py), alone and as
 * two processes at once against two of ours, which is how folds are trained.
 */
import { spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const python = process.env.PYTHON ?? 'python3'
const ours = [process.execPath, fileURLToPath(new URL('train-worker.mjs', import.meta.url))]
const peer = [python, fileURLToPath(new URL('train.py', import.meta.url))]

/** Milliseconds a step, medians over the rounds. */
export async function benchTrain(rounds) {
  const samples = { ours: [], torch: [], oursTwo: [], torchTwo: [] }
  let torch
  for (let round = 0; round < rounds; round++) {
    samples.ours.push((await run(ours)).msPerStep)
    const alone = await run(peer)
    torch = alone.version
    samples.torch.push(alone.msPerStep)
    for (const [name, command] of [
      ['oursTwo', ours],
      ['torchTwo', peer],
    ]) {
      const both = await Promise.all([run(command), run(command)])
      samples[name].push((both[0].msPerStep + both[1].msPerStep) / 2)
    }
  }
  const ms = Object.fromEntries(Object.entries(samples).map(([name, all]) => [name, median(all)]))
  return {
    what: 'head training step, D6144 H128 B32 T5..9, ms a step, median; Two: a process when two run at once',
    processor: cpus()[0].model,
    cores: cpus().length,
    node: process.version,
    onnxruntime: versionOf('onnxruntime-node'),
    torch,
    rounds,
    ms,
    ratio: { oneProcess: ms.torch / ms.ours, twoProcesses: ms.torchTwo / ms.oursTwo },
  }
}

function run([command, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, OMP_NUM_THREADS: '1', OMP_WAIT_POLICY: 'PASSIVE' },
    })
    let text = ''
    child.stdout.on('data', (piece) => (text += piece))
    child.on('error', reject)
    child.on('close', (status) =>
      status === 0
        ? resolve(JSON.parse(text))
        : reject(new Error(`${command} ended with ${status}`)),
    )
  })
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function versionOf(name) {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(path, 'utf8')).version
}
