/** ingest-worker.mjs FOLDER: our reading of its WAV files, as JSON. Every file is read once before the clock runs. */
import { readFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'
import { decodeWav, readerKernel, resample } from '@serflow/ingest'
import { halvingTaps, restOf } from '../packages/ingest/dist/resample-halving.js'
import { halfWidth } from '../packages/ingest/dist/resample-taps.js'
import { readFrames } from '../packages/ingest/dist/wav.js'
import { readWavHeader } from '../packages/ingest/dist/wav-header.js'
import { wavFiles } from './ingest.mjs'

const everything = wavFiles(process.argv[2]).map((path) => [path, readFileSync(path)])
// Mono alone, as the peers read.
const files = everything.filter(([, bytes]) => bytes[22] === 1)
const us = {}
us.vectors = time(read)
us.plain = time((bytes, path) => resample(decodeWav(bytes, path).audio, 16000, 'plain'))
us.readAudio = time((bytes, path) => resample(decodeWav(bytes, path).audio, 16000))
const macs = macsPerFrame()
us.limit = (macs / (await multiplyAddsPerSecond())) * 1e6
const about = { kernel: readerKernel(), clips: files.length, multiplyAddsPerFrame: macs }
process.stdout.write(JSON.stringify({ us, about }))

/** Without the notes on silence and clipping, which no peer gives. */
function read(bytes, path) {
  const source = { size: bytes.length, read: (start, end) => bytes.subarray(start, end) }
  const header = readWavHeader(source, path)
  const samples = readFrames(source, header, 0, header.frames, path)
  return resample({ samples, sampleRateHz: header.sampleRateHz }, 16000)
}

function time(work) {
  for (const [path, bytes] of files) work(bytes, path)
  let samples = 0
  const start = performance.now()
  for (const [path, bytes] of files) samples += work(bytes, path).samples.length
  return ((performance.now() - start) * 1000) / (samples / 160)
}

/** One halving to 24 kHz, then two phases of the filter from there. */
function macsPerFrame() {
  const ratio = { up: 1, down: 3 }
  const { up, down } = restOf(ratio, 1)
  const taps = 2 * Math.ceil(halfWidth(ratio.up, ratio.down) / 2) + 1
  return 160 * taps + ((160 * down) / up) * (halvingTaps(3).length + 1)
}

/** Twelve sums in registers, four lanes each: nothing is loaded. */
async function multiplyAddsPerSecond() {
  const names = Array.from({ length: 12 }, (_, i) => `s${i}`)
  const source = `export function run(rounds: i32, x: f32): f32 {
    const a = f32x4.splat(x)
    ${names.map((name, i) => `let ${name} = f32x4.splat(x * ${i + 1}.0)`).join('\n')}
    for (let i: i32 = 0; i < rounds; i++) {
      ${names.map((name) => `${name} = f32x4.add(f32x4.mul(${name}, a), a)`).join('\n')}
    }
    let sum = ${names.reduce((sum, name) => `f32x4.add(${sum}, ${name})`)}
    return f32x4.extract_lane(sum, 0)
  }`
  let wasm
  const { error } = await asc.main(
    ['a.ts', '-o', 'a.wasm', '-O3', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='],
    {
      readFile: (name) => (name === 'a.ts' ? source : null),
      writeFile: (name, content) => (wasm = name === 'a.wasm' ? content : wasm),
      listFiles: () => [],
    },
  )
  if (error) throw error
  const { run } = new globalThis.WebAssembly.Instance(new globalThis.WebAssembly.Module(wasm), {})
    .exports
  const rounds = 100_000
  let best = 0
  for (let repeat = 0; repeat < 400; repeat++) {
    const start = performance.now()
    run(rounds, 0.5)
    best = Math.max(best, (rounds * 48) / ((performance.now() - start) / 1000))
  }
  return best
}
