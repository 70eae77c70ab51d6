// Compiles src/assembly/ to WebAssembly and writes it as a module, src/generated/reader-wasm.ts.
// The same source and compiler give the same bytes.
import asc from 'assemblyscript/asc'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = readFileSync(new URL('../src/assembly/kernels.ts', import.meta.url), 'utf8')
const target = new URL('../src/generated/reader-wasm.ts', import.meta.url)

let wasm
const options = ['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--enable', 'simd']
const { error, stderr } = await asc.main(
  ['kernels.ts', '--outFile', 'kernels.wasm', ...options, '--use', 'abort='],
  {
    readFile: (name) => (name === 'kernels.ts' ? source : null),
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
  `export const readerWasm =\n  '${Buffer.from(wasm).toString('base64')}'\n`,
)
