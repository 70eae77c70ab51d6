/**
 * Benchmarks, one command each:  npm run bench -- train [--json] [--rounds 5]
 *
 * Ours and the peer run in turn in one call, and the ratio is that of the medians. Peers come from PyPI and are no needs
 * of the product: `python3 -m pip install torch`, then PYTHON=python3 (the default).
 */
import { benchConv } from './conv.mjs'
import { benchFrontEnd } from './frontend.mjs'
import { benchIngest } from './ingest.mjs'
import { benchTrain } from './train.mjs'

const benches = { conv: benchConv, frontend: benchFrontEnd, ingest: benchIngest, train: benchTrain }
const [name, ...options] = process.argv.slice(2)
const bench = benches[name]
if (!bench) {
  process.stderr.write(`expected one of: ${Object.keys(benches).join(', ')}\n`)
  process.exit(2)
}
const at = options.indexOf('--rounds')
const rounds = at >= 0 ? Number(options[at + 1]) : 5
const result = await bench(rounds)
if (options.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`)
else process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
