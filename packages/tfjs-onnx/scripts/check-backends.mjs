/**
 * Trains a recurrent and a convolutional network on each backend that is there, and compares the loss curves with those
 * of onnx-cpu:
 *
 *     node packages/tfjs-onnx/scripts/check-backends.mjs [--steps 100] [BACKEND …]
 *
 * Optional packages that lie elsewhere are found through NODE_PATH. Status 1 where a curve differs by more than 1e-4, or a
 * backend that was named is not there.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const root = resolve(fileURLToPath(import.meta.url), '../../../..')
const source = join(root, 'packages/tfjs-onnx/src')
const tolerance = 1e-4

const { values, positionals } = parseArgs({
  options: { steps: { type: 'string', default: '100' } },
  allowPositionals: true,
})
const steps = Number(values.steps)
const { checkBackend, backendNames, exercises, lossCurve } = await load()
let failed = false
const reference = {}
for (const [name, exercise] of Object.entries(exercises)) {
  reference[name] = await lossCurve(exercise, 'onnx-cpu', steps)
  const [first, last] = [reference[name][0], reference[name].at(-1)]
  console.log(`onnx-cpu ${name}: loss ${first.toFixed(4)} -> ${last.toFixed(4)}, ${steps} steps`)
}
for (const name of positionals.length > 0 ? positionals : backendNames) {
  if (name === 'onnx-cpu') continue
  const found = await checkBackend(name)
  if (!('backend' in found)) {
    console.log(`${name}: not available: ${found.reason}; ${found.advice}`)
    failed ||= positionals.length > 0
    continue
  }
  for (const [exerciseName, exercise] of Object.entries(exercises)) {
    try {
      const curve = await lossCurve(exercise, found.backend, steps)
      const difference = Math.max(
        ...curve.map((loss, step) => Math.abs(loss - reference[exerciseName][step])),
      )
      const isClose = difference <= tolerance
      failed ||= !isClose
      console.log(
        `${name} ${exerciseName} (${found.backend.library}): largest difference ${difference.toExponential(1)}` +
          `${isClose ? '' : `, more than ${tolerance}`}`,
      )
    } catch (error) {
      failed ||= !/has no kernel/.test(error.message)
      console.log(`${name} ${exerciseName}: ${error.message.split('\n')[0]}`)
    }
  }
}
process.exitCode = failed ? 1 : 0

/** The package's source and its exercises, in a bundle below node_modules, from where packages are found. */
async function load() {
  const folder = join(root, 'node_modules/.cache/serflow-checks', String(process.pid))
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, 'backends.mjs')
  await build({
    stdin: {
      contents:
        "export { checkBackend, backendNames } from './index.js'\n" +
        "import { convolutionExercise, headExercise } from './backends/curves.fixture.js'\n" +
        "export { lossCurve } from './backends/curves.fixture.js'\n" +
        'export const exercises = { head: headExercise(), convolution: convolutionExercise() }\n',
      resolveDir: source,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outfile,
  })
  try {
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
