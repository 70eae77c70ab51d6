// Compiles src/optimiser/assembly/ to src/generated/optimiser-wasm.ts.
import { compileKernels } from '../../../scripts/assembly-script.mjs'

await compileKernels({
  source: new URL('../src/optimiser/assembly/', import.meta.url),
  entry: 'kernels.ts',
  target: new URL('../src/generated/optimiser-wasm.ts', import.meta.url),
  constant: 'optimiserWasm',
  importMemory: true,
})
