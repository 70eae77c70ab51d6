// Compiles src/assembly/ to src/generated/front-end-wasm.ts.
import { compileKernels } from '../../../scripts/assembly-script.mjs'

await compileKernels({
  source: new URL('../src/assembly/', import.meta.url),
  entry: 'front-end.ts',
  target: new URL('../src/generated/front-end-wasm.ts', import.meta.url),
  constant: 'frontEndWasm',
  importMemory: true,
})
