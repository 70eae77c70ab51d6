// Compiles src/assembly/ to src/generated/reader-wasm.ts.
import { compileKernels } from '../../../scripts/assembly-script.mjs'

await compileKernels({
  source: new URL('../src/assembly/', import.meta.url),
  entry: 'kernels.ts',
  target: new URL('../src/generated/reader-wasm.ts', import.meta.url),
  constant: 'readerWasm',
})
