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
import { sizeOf } from './element-type.js'
import { graphBuilder, type GraphBuilder } from './graph.js'
import { markForInPlace } from './in-place.js'
import { registerRules } from './kernels/index.js'
import { smallSplits } from './small-splits.js'
import { explained, withDeepStack } from './unsupported.js'

/** A tensor's shape and type; float32 by default. */
export interface TensorSpec {
  readonly shape: readonly number[]
  readonly dtype?: TracedType
}

/** A function of named tensors, made of TensorFlow.js operations. */
export type TensorFunction = (inputs: Record<string, Tensor>) => Record<string, Tensor>

/** An output of a traced function. */
export interface TracedOutput {
  readonly shape: readonly number[]
  readonly dtype: TracedType
  /** the shape that the graph's output has, with the same values in the same order */
  readonly graphShape: readonly number[]
}

/** A function as a graph, to which metadata or further nodes may be added. */
export interface Traced {
  readonly graph: GraphBuilder
  readonly outputs: Readonly<Record<string, TracedOutput>>
}

/** Settings of `trace`. */
export interface TraceOptions {
  /** the graph's name */
  readonly name?: string
  /** makes a graph for `runInPlace`: it has an output more, and matrices may come out in another shape */
  readonly inPlace?: boolean
  /** parts that one node may cut a tensor into; any number by default */
  readonly largestSplit?: number
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
  { name: graphName = 'traced', inPlace = false, largestSplit }: TraceOptions = {},
): Traced {
  const graph = graphBuilder(graphName)
  const backend = new TraceBackend(largestSplit ? smallSplits(graph, largestSplit) : graph)
  const outputs: Record<string, TracedOutput> = {}
  if (inPlace) markForInPlace(backend.graph)
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
      // As rows of a matrix it need not be copied into another shape.
      const { shape } = tensor
      const rows = inPlace ? backend.arrangement(tensor) : undefined
      const flat = rows?.kind === 'rows' && shape.length > 2
      const source = flat ? rows.name : backend.name(tensor)
      const graphShape = flat ? [sizeOf(shape.slice(0, -1)), shape.at(-1)!] : [...shape]
      backend.graph.node('Identity', [source], {}, [name])
      backend.graph.output(name, dtype, graphShape)
      outputs[name] = { shape: [...shape], dtype, graphShape }
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
