// Writes the fixture graph for graph.py: node tests/golden/tfjs-onnx/write-graph.mjs FILE
import { build } from 'esbuild'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const entry = new URL('../../../packages/tfjs-onnx/src/graph.fixture.ts', import.meta.url)
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(entry)],
  bundle: true,
  format: 'esm',
  write: false,
})
const source = Buffer.from(outputFiles[0].contents).toString('base64')
const { everythingGraph } = await import(`data:text/javascript;base64,${source}`)
writeFileSync(process.argv[2], everythingGraph().toBytes())
