/**
 * A training step of a convolutional network: ResNet-18 at 64x64, batch 32, normalisation folded, either the last stage
 * and classifier (the trunk is computed each time) or the whole net. One thread each side; the peer is PyTorch (conv.py),
 * in its layout and in channels_last, of which the faster counts.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { draw } from './resnet18.mjs'

const python = process.env.PYTHON ?? 'python3'
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const turnMs = 1500

/** Milliseconds a step, medians over the rounds; throws where the losses of the two sides differ. */
export async function benchConv(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-conv-'))
  try {
    const { weights, images } = draw()
    const file = join(folder, 'weights.f32')
    writeFileSync(
      file,
      Buffer.concat([...weights.values(), images].map((a) => Buffer.from(a.buffer))),
    )
    const parts = {}
    for (const part of ['last', 'whole']) parts[part] = await benchPart(part, file, rounds)
    return {
      what: 'ResNet-18 at 64x64, batch 32, folded: training step of the last stage and of the whole net, ms, median',
      processor: cpus()[0].model,
      cores: cpus().length,
      node: process.version,
      onnxruntime: versionOf('onnxruntime-node'),
      rounds,
      ...parts,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function benchPart(part, file, rounds) {
  const sides = {
    ours: start([process.execPath, here('conv-worker.mjs'), part]),
    torch: start([python, here('conv.py'), part, file]),
    torchChannelsLast: start([python, here('conv.py'), part, file], { LAYOUT: 'channels_last' }),
  }
  const first = {}
  for (const [name, side] of Object.entries(sides)) first[name] = await side.next()
  const lossDifference = Math.max(
    ...first.ours.losses.map((loss, i) => Math.abs(loss / first.torch.losses[i] - 1)),
  )
  if (!(lossDifference < 1e-4)) {
    throw new Error(`losses differ: ${first.ours.losses} here, ${first.torch.losses} in PyTorch`)
  }
  const samples = { ours: [], torch: [], torchChannelsLast: [] }
  const rssMb = {}
  for (let round = 0; round < rounds; round++) {
    for (const [name, side] of Object.entries(sides)) {
      const answer = await side.next(turnMs)
      samples[name].push(answer.msPerStep)
      rssMb[name] = Math.round(answer.rssMb)
    }
  }
  for (const side of Object.values(sides)) side.end()
  const ms = Object.fromEntries(Object.entries(samples).map(([name, all]) => [name, median(all)]))
  const ratio = Math.min(ms.torch, ms.torchChannelsLast) / ms.ours
  return { torch: first.torch.version, lossDifference, ms, ratio, rssMb }
}

function start([command, ...args], environment = {}) {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1', ...environment },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async next(request) {
      if (request !== undefined) child.stdin.write(`${request}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`${command} ${args[0]} ended`)
      return JSON.parse(value)
    },
    end: () => child.stdin.end(),
  }
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
