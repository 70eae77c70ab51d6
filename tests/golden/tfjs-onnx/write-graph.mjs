// Writes a fixture graph for graph.py or export.py, and the inputs of the network as JSON beside it:
//   node tests/golden/tfjs-onnx/write-graph.mjs everything|network FILE
import { build } from 'esbuild'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [kind, file] = process.argv.slice(2)
const root = fileURLToPath(new URL('../../..', import.meta.url))
// Below node_modules, from where the packages are found.
const folder = `${root}node_modules/.cache/write-graph-${process.pid}`
mkdirSync(folder, { recursive: true })
await build({
  stdin: {
    contents: "export * from './graph.fixture.js'\nexport * from './export.fixture.js'\n",
    resolveDir: `${root}packages/tfjs-onnx/src`,
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  outfile: `${folder}/graph.mjs`,
})
const made = await import(pathToFileURL(`${folder}/graph.mjs`).href)
rmSync(folder, { recursive: true })
if (kind === 'network') {
  writeFileSync(file, made.exportedNetwork())
  const { data, shape } = made.input
  writeFileSync(`${file}.json`, JSON.stringify({ x: { data: [...data], shape } }))
} else {
  writeFileSync(file, made.everythingGraph().toBytes())
}
