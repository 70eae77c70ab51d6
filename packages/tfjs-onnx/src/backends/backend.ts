import type { TypedArray } from '../element-type.js'
import type { TracedType } from '../backend.js'
import type { TensorFunction, TensorSpec } from '../trace.js'

/** Where a function may run: ONNX Runtime runs its graph, the others its operations one by one. */
export const backendNames = [
  'onnx-cpu',
  'onnx-webgpu',
  'onnx-cuda',
  'tensorflow-gpu',
  'tensorflow',
  'wasm',
] as const

/** The backends that run graphs, and so models that were no functions. */
export const graphBackendNames = ['onnx-cpu', 'onnx-webgpu', 'onnx-cuda'] as const

/** The name of a backend that runs graphs. */
export type GraphBackendName = (typeof graphBackendNames)[number]

/** The name of a backend. */
export type BackendName = (typeof backendNames)[number]

/** A tensor that came out of a function; bool is one byte each, 0 or 1. */
export interface TensorValue {
  readonly data: Float32Array | Int32Array | Uint8Array
  readonly shape: readonly number[]
  readonly dtype: TracedType
}

/** A function made ready for inputs of fixed shapes. */
export interface Program {
  /**
   * Runs the function once.
   *
   * @param feeds an array for each input, of the type and size that the specification says; they are only read
   * @param into arrays in which outputs are written, by name; the other outputs are new arrays
   */
  run(
    feeds: Readonly<Record<string, TypedArray>>,
    into?: Readonly<Record<string, Float32Array>>,
  ): Promise<Record<string, TensorValue>>
  /** Frees what the program holds; it cannot run afterwards. */
  dispose(): Promise<void>
}

/** Settings of a program. */
export interface ProgramOptions {
  /** the graph's name */
  readonly name: string
  /** threads within one operator, where the backend can be told */
  readonly threads: number
}

/** One way to run functions of TensorFlow.js tensors. */
export interface Backend {
  readonly name: BackendName
  /** what runs, with versions, such as onnxruntime-node 1.30.0 */
  readonly library: string
  /**
   * Makes a function ready for inputs of these shapes and types.
   *
   * @throws Error if the function cannot be traced, for backends that trace
   */
  prepare(
    fn: TensorFunction,
    spec: Readonly<Record<string, TensorSpec>>,
    options: ProgramOptions,
  ): Promise<Program>
}

/** Whether a backend is there: with it, or with the reason why not and what to do about it. */
export type BackendAvailability =
  | { readonly name: BackendName; readonly backend: Backend }
  | { readonly name: BackendName; readonly reason: string; readonly advice: string }

/** Loads a package by its name; the tests hand in their own. */
export type PackageLoader = (packageName: string) => Promise<unknown>

/** A backend that was asked for is not there; the message has the reason and what to do. */
export class BackendUnavailableError extends Error {
  override readonly name = 'BackendUnavailableError'
}

/** Whether a text names a backend. */
export function isBackendName(name: string): name is BackendName {
  return backendNames.some((known) => known === name)
}

/** A backend that is not there, in a line: which, why not, what to do. */
export function unavailable(
  name: BackendName,
  { reason, advice }: { readonly reason: string; readonly advice: string },
): string {
  return `backend ${name} is not available: ${reason}; ${advice}`
}
