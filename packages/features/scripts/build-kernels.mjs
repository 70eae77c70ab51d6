// Compiles src/assembly/ to WebAssembly and writes it as a module, src/generated/front-end-wasm.ts.
// The same source and compiler give the same bytes.
import asc from 'assemblyscript/asc'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../src/assembly/', import.meta.url)
const target = new URL('../src/generated/front-end-wasm.ts', import.meta.url)
const sources = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
)

let wasm
const { error, stderr } = await asc.main(
  [
    'front-end.ts',
    '--outFile',
    'kernels.wasm',
    '--optimizeLevel',
    '3',
    '--noAssert',
    '--importMemory',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--use',
    'abort=',
  ],
  {
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (name, content) => {
      if (name === 'kernels.wasm') wasm = content
    },
    listFiles: () => [],
  },
)
if (error) throw new Error(`${error.message}\n${stderr.toString()}`)

mkdirSync(new URL('.', target), { recursive: true })
writeFileSync(
  fileURLToPath(target),
  `export const frontEndWasm =\n  '${Buffer.from(wasm).toString('base64')}'\n`,
)
