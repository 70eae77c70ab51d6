import {
  engine,
  getBackend,
  registerBackend,
  removeBackend,
  setBackend,
  Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { backendName, TraceBackend, tracedType, type TracedType } from './backend.js'
import { registerGradients } from './gradients/index.js'
import type { GraphBuilder } from './graph.js'
import { registerRules } from './kernels/index.js'
import { explained, withDeepStack } from './unsupported.js'

/** A tensor's shape and type; float32 by default. */
export interface TensorSpec {
  readonly shape: readonly number[]
  readonly dtype?: TracedType
}

/** A function of named tensors, made of TensorFlow.js operations. */
export type TensorFunction = (inputs: Record<string, Tensor>) => Record<string, Tensor>

/** A function as a graph, to which metadata or further nodes may be added. */
export interface Traced {
  readonly graph: GraphBuilder
  readonly outputs: Readonly<Record<string, { shape: readonly number[]; dtype: TracedType }>>
}

/**
 * Runs `fn` once on tensors without values and records what it does, gradients included.
 *
 * Whatever does not depend on the inputs is fixed at this moment: JavaScript control flow, tensors and
 * variables of the enclosing scope, and random numbers. The TensorFlow.js backend in use before is in use again
 * afterwards, and no tensor is left behind.
 *
 * @param inputs names, shapes and types of the graph's inputs
 * @returns the graph; its outputs have the names that `fn` gave them
 * @throws Error if `fn` uses a kernel that cannot be traced or reads a tensor's values
 */
export function trace(
  fn: TensorFunction,
  inputs: Readonly<Record<string, TensorSpec>>,
  options: { readonly name?: string } = {},
): Traced {
  const backend = new TraceBackend(options.name ?? 'traced')
  const outputs: Record<string, { shape: readonly number[]; dtype: TracedType }> = {}
  const record = () => {
    const tensors: Record<string, Tensor> = {}
    for (const [name, { shape, dtype = 'float32' }] of Object.entries(inputs)) {
      const { dataId } = backend.symbol(backend.graph.input(name, dtype, shape), shape, dtype)
      tensors[name] = engine().makeTensorFromDataId(dataId, [...shape], dtype, backend)
    }
    const results = Object.entries(fn(tensors))
    if (results.length === 0) {
      throw new Error('trace: the function returned no outputs; it must return named tensors')
    }
    for (const [name, tensor] of results) {
      if (!(tensor instanceof Tensor)) {
        throw new Error(
          `trace: output "${name}" is no tensor; the function must return named tensors, and not a promise`,
        )
      }
      const dtype = tracedType(tensor.dtype)
      backend.graph.node('Identity', [backend.name(tensor)], {}, [name])
      backend.graph.output(name, dtype, tensor.shape)
      outputs[name] = { shape: [...tensor.shape], dtype }
    }
  }
  withBackend(backend, () => tidy(record))
  return { graph: backend.graph, outputs }
}

function withBackend(backend: TraceBackend, run: () => void): void {
  const previous: string | null | undefined = getBackend()
  if (previous === backendName) throw new Error('trace: a function cannot be traced within another')
  registerRules()
  registerGradients()
  registerBackend(backendName, () => backend, 0)
  try {
    // Both backends are there already, so that this takes effect at once, though it returns a promise.
    void setBackend(backendName)
    withDeepStack(run)
  } catch (error) {
    throw explained(error)
  } finally {
    if (previous) void setBackend(previous)
    removeBackend(backendName)
  }
}
