import type { BackendName, GraphBackendName } from '@serflow/tfjs-onnx'

// Written out: settings are read by every command, and the package itself would load its runtimes.

/** What may train, by name: `auto` is the fastest there. */
export const trainingBackends = [
  'onnx-cpu',
  'onnx-webgpu',
  'onnx-cuda',
  'tensorflow-gpu',
  'tensorflow',
  'wasm',
  'auto',
] as const satisfies readonly (BackendName | 'auto')[]

/** What may run the frozen CNN, by name. */
export const embeddingBackends = [
  'onnx-cpu',
  'onnx-webgpu',
  'onnx-cuda',
] as const satisfies readonly GraphBackendName[]
