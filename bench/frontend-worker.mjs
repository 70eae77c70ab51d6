/**
 * Our side of the front end's bench, one measurement a process, as JSON:
 *
 *   frontend-worker.mjs frames SETTINGS KERNEL [new]  us a frame, one thread; with `new`, each clip's segments in new memory
 *   frontend-worker.mjs threads COUNT [new]       seconds for the same clips, many times over
 *   frontend-worker.mjs files COUNT               seconds for all WAV files below SERFLOW_RAVDESS
 *   frontend-worker.mjs limit                     what this machine could do at best
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import asc from 'assemblyscript/asc'
import { frameCount, framedLogMels, logMelConfig } from '@serflow/features'
import { decodeWav } from '@serflow/ingest'

const settings = {
  paper: { trimDb: null },
  trimmed: {},
  librosa: { preset: 'librosa' },
  torchaudio: {
    preEmphasis: 0,
    padding: 'reflect',
    window: 'hann',
    lowHz: 0,
    floor: 1e-6,
    trimDb: null,
  },
}

let room

if (!isMainThread) {
  parentPort.on('message', (share) => parentPort.postMessage(works[workerData](share)))
} else {
  const [what, ...rest] = process.argv.slice(2)
  const measures = { frames, threads, files, limit }
  process.stdout.write(JSON.stringify(await measures[what](...rest)))
  process.exit()
}

/** What a worker thread does with its share. */
const works = { made, recorded }

function frames(name, kernel, memory) {
  const clips = madeClips()
  const config = logMelConfig.parse(settings[name])
  const count = clips.reduce((sum, { samples }) => sum + frameCount(samples.length, config), 0)
  const pass = () => {
    for (const clip of clips) framedLogMels(clip, config, {}, { kernel, into: target(memory) })
  }
  const start = performance.now()
  while (performance.now() - start < 700) pass()
  const times = Array.from({ length: 7 }, () => {
    const begin = performance.now()
    pass()
    return performance.now() - begin
  })
  return { us: (times.sort((a, b) => a - b)[3] * 1000) / count }
}

/** Room for 22 segments, used again and again, or none. */
function target(memory) {
  if (memory === 'new') return undefined
  return (room ??= new Float32Array(22 * 64 * 64 * 3))
}

async function threads(count, memory) {
  return { seconds: await shared('made', Number(count), (index) => [index, Number(count), memory]) }
}

/** Sixty times the 80 clips, of which this thread takes every count-th; they are made when it is warmed up. */
let ready

function made([index, count, memory]) {
  ready ??= madeClips()
  const clips = ready.filter((_, clip) => clip % count === index)
  for (let time = 0; time < 60; time++) {
    for (const clip of clips) framedLogMels(clip, settings.paper, {}, { into: target(memory) })
  }
  return 0
}

async function files(count) {
  const root = process.env.SERFLOW_RAVDESS
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const paths = names.filter((name) => name.endsWith('.wav')).map((name) => join(root, name))
  const found = { samples: 0, kept: 0 }
  const share = (index) => paths.filter((_, i) => i % Number(count) === index)
  const seconds = await shared('recorded', Number(count), share, ({ samples, kept }) => {
    found.samples += samples
    found.kept += kept
  })
  return {
    seconds,
    clips: paths.length,
    soundSeconds: found.samples / 16000,
    framesKept: found.kept,
  }
}

function recorded(paths) {
  const found = { samples: 0, kept: 0 }
  for (const path of paths) {
    const { audio } = decodeWav(readFileSync(path), path)
    const segments = framedLogMels(audio, {}, {}, { into: target() })
    found.samples += audio.samples.length
    found.kept += 32 * (segments.shape[0] + 1)
  }
  return found
}

/** Seconds until every thread has done its share, once they run and their code is warm. */
async function shared(work, count, shareOf, take = () => undefined) {
  const workers = Array.from({ length: count }, () => {
    return new Worker(new URL(import.meta.url), { workerData: work })
  })
  const answer = (worker, share) =>
    new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.postMessage(share)
    })
  const warm = work === 'made' ? [0, 2] : shareOf(0).slice(0, 40)
  await Promise.all(workers.map((worker) => answer(worker, warm)))
  const start = performance.now()
  const answers = await Promise.all(workers.map((worker, index) => answer(worker, shareOf(index))))
  const seconds = (performance.now() - start) / 1000
  answers.forEach(take)
  return seconds
}

/**
 * Operations and bytes a frame at the least, and how long they take at the rates this core has for vectors of four and
 * for copies: a real FFT of 512 as a complex one of 256, window, power, bands and logarithms; samples in, rows and
 * segments out.
 */
async function limit() {
  const flops = 5 * 256 * 8 + 256 * 10 + 400 * 3 + 64 * 2 * 8 + 64 * 30 + 64 * 2 * 8
  const bytes = 4 * (160 + 2 * 160) + 4 * 64 * 3 * 4
  const flopsPerSecond = await vectorRate()
  const bytesPerSecond = copyRate()
  return {
    flopsPerFrame: flops,
    gigaflops: flopsPerSecond / 1e9,
    bytesPerFrame: bytes,
    gigabytesPerSecond: bytesPerSecond / 1e9,
    us: (flops / flopsPerSecond + bytes / bytesPerSecond) * 1e6,
  }
}

function copyRate() {
  const [from, to] = [new Float32Array(16e6), new Float32Array(16e6)]
  to.set(from)
  const start = performance.now()
  for (let time = 0; time < 5; time++) to.set(from)
  // read and written
  return (5 * 2 * from.byteLength) / ((performance.now() - start) / 1000)
}

/** Multiplications and additions a second of a WebAssembly loop over ten independent vectors. */
async function vectorRate() {
  const lanes = Array.from({ length: 10 }, (_, lane) => lane)
  const source = `export function run(count: i32): f32 {
    const m = f32x4.splat(0.999)
    const a = f32x4.splat(0.001)
    ${lanes.map((lane) => `let v${lane} = f32x4.splat(${lane})`).join('\n')}
    for (let i = 0; i < count; i++) {
      ${lanes.map((lane) => `v${lane} = f32x4.add(f32x4.mul(v${lane}, m), a)`).join('\n')}
    }
    let sum = v0
    ${lanes.map((lane) => `sum = f32x4.add(sum, v${lane})`).join('\n')}
    return f32x4.extract_lane(sum, 0)
  }`
  let wasm
  await asc.main(
    ['run.ts', '-o', 'run.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
    {
      readFile: (name) => (name === 'run.ts' ? source : null),
      writeFile: (name, content) => {
        if (name === 'run.wasm') wasm = content
      },
      listFiles: () => [],
    },
  )
  const { instance } = await globalThis.WebAssembly.instantiate(wasm, {
    env: { abort: () => undefined },
  })
  instance.exports.run(1e6)
  const start = performance.now()
  instance.exports.run(2e7)
  return (2e7 * 10 * 4 * 2) / ((performance.now() - start) / 1000)
}

/** 80 clips of 3.7 s: noise that swells and fades. */
function madeClips() {
  let state = 1
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647
  return Array.from({ length: 80 }, (_, clip) => ({
    samples: Float32Array.from({ length: 59200 }, (_, n) => {
      return 0.3 * Math.sin((Math.PI * n) / 59200) * (uniform() - 0.5 + Math.sin(n / (5 + clip)))
    }),
    sampleRateHz: 16000,
  }))
}
