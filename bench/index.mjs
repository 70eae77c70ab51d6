/**
 * Benchmarks, one command each:  npm run bench -- train [--json] [--rounds 5]
 *
 * Ours and the peer run in turn in one call, and the ratio is that of the medians. Peers come from PyPI and are no needs
 * of the product: `python3 -m pip install torch`, then PYTHON=python3 (the default).
 */
import { parseArgs } from 'node:util'
import { benchConv } from './conv.mjs'
import { benchFrontEnd } from './frontend.mjs'
import { benchIngest } from './ingest.mjs'
import { benchTrain } from './train.mjs'

const benches = { conv: benchConv, frontend: benchFrontEnd, ingest: benchIngest, train: benchTrain }
const { bench, rounds, json } = options()
const result = await bench(rounds)
if (json) process.stdout.write(`${JSON.stringify(result)}\n`)
else process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)

/** What is given behind the command; anything unknown ends it. */
function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, rounds: { type: 'string' } },
    })
    const [name, ...more] = positionals
    if (name === undefined || more.length > 0 || !Object.hasOwn(benches, name)) {
      throw new Error(`found "${positionals.join(' ')}", which is no benchmark`)
    }
    const rounds = Number(values.rounds ?? 5)
    if (!Number.isInteger(rounds) || rounds < 1) {
      throw new Error(`--rounds ${values.rounds}: expected a whole number from 1 on`)
    }
    return { bench: benches[name], rounds, json: values.json }
  } catch (error) {
    const names = Object.keys(benches).join('|')
    process.stderr.write(
      `${error.message}\nexpected: npm run bench -- ${names} [--json] [--rounds 5]\n`,
    )
    return process.exit(2)
  }
}
