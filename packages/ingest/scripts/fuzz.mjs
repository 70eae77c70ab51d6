/**
 * Damaged sound files against the readers:  npm run fuzz -- [--minutes 10] [--seed 0]
 *
 * Inputs are numbered, so the same seed gives the same inputs. An input whose outcome is of a kind not met before becomes
 * one to start from. What breaks the rules of src/fuzz.fixture.ts, or takes longer than 10 s, is written to a file; the
 * status is then 1.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { clearInterval, setInterval } from 'node:timers'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { build } from 'esbuild'

const limitSeconds = 10

if (isMainThread) await main()
else await work()

async function main() {
  const { minutes, seed } = options()
  const until = performance.now() + minutes * 60_000
  const program = await bundle()
  const kinds = new Map()
  let faults = 0
  let inputs = 0
  let next = seed * 1_000_000_000
  while (performance.now() < until) next = await round(next)
  const rows = [...kinds].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${count}\t${kind}`)
  process.stdout.write(`${rows.join('\n')}\n`)
  process.stdout.write(`${inputs} inputs, ${kinds.size} kinds of outcome, ${faults} faults\n`)
  process.exit(faults > 0 ? 1 : 0)

  /** A worker until the end, or until an input hangs; gives the number to go on with. */
  function round(first) {
    return new Promise((done) => {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { program, first } })
      let current
      let started = performance.now()
      const end = async (number) => {
        clearInterval(clock)
        await worker.terminate()
        done(number)
      }
      const clock = setInterval(() => {
        const hangs = current && performance.now() - started > limitSeconds * 1000
        if (hangs) report(current, `takes longer than ${limitSeconds} s`)
        if (hangs || performance.now() > until) void end((current?.number ?? first) + 1)
      }, 500)
      worker.on('message', (message) => {
        if (message.bytes) {
          current = message
          started = performance.now()
          return
        }
        inputs++
        kinds.set(message.kind, (kinds.get(message.kind) ?? 0) + 1)
        if (message.fault) report(current, message.fault)
      })
      worker.on('error', (error) => {
        report(current, `ends the process: ${error.stack}`)
        void end((current?.number ?? first) + 1)
      })
    })
  }

  function report({ number, name, bytes }, fault) {
    faults++
    const path = join(mkdtempSync(join(tmpdir(), 'serflow-fuzz-')), name)
    writeFileSync(path, bytes)
    process.stdout.write(`input ${number} (${path}): ${fault}\n`)
  }
}

async function work() {
  const { program, first } = workerData
  const { fuzzInput, fuzzOne, fuzzSeeds } = await import(pathToFileURL(program))
  const seeds = [...fuzzSeeds()]
  const known = new Set()
  for (let number = first; ; number++) {
    const input = fuzzInput(seeds, number)
    parentPort.postMessage({ number, ...input })
    const outcome = await fuzzOne(input)
    if (!known.has(outcome.kind) && seeds.length < 1000 && input.bytes.length < 100_000) {
      known.add(outcome.kind)
      seeds.push(input)
    }
    parentPort.postMessage(outcome)
  }
}

/** The readers as they are in the source, as one file in the package, where their packages are found. */
async function bundle() {
  const outfile = fileURLToPath(new URL('../dist/fuzz/fuzz.js', import.meta.url))
  await build({
    entryPoints: [fileURLToPath(new URL('../src/fuzz.fixture.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['serflow-source'],
    external: ['@wasm-audio-decoders/*', 'mpg123-decoder', 'opus-decoder'],
  })
  return outfile
}

/** What is given behind the command; anything unknown ends it, so that a typing error is no run of ten minutes. */
function options() {
  try {
    const { values } = parseArgs({
      options: { minutes: { type: 'string' }, seed: { type: 'string' } },
    })
    const minutes = Number(values.minutes ?? 10)
    const seed = Number(values.seed ?? 0)
    if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: expected a number above 0`)
    if (!Number.isInteger(seed) || seed < 0) {
      throw new Error(`--seed ${values.seed}: expected a whole number from 0 on`)
    }
    return { minutes, seed }
  } catch (error) {
    process.stderr.write(`${error.message}\nexpected: npm run fuzz -- [--minutes 10] [--seed 0]\n`)
    return process.exit(2)
  }
}
