import {
  backend_util,
  registerKernel,
  util,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { backendName, type TraceBackend, type TracedType, tracedType } from '../backend.js'
import { dataTypeCode } from '../element-type.js'

/** How one TensorFlow.js kernel is written in ONNX. */
export interface Rule {
  readonly kernelName: string
  readonly apply: (
    trace: TraceBackend,
    inputs: NamedTensorInfoMap,
    attributes: NamedAttrMap,
  ) => TensorInfo | TensorInfo[]
}

/** A kernel's inputs by name; TensorFlow.js has checked that they are there. */
export type Inputs = Readonly<Record<string, TensorInfo>>

/**
 * Writes a rule. `Attributes` is the type that tfjs-core declares for the kernel.
 *
 * @param apply adds the nodes; the inputs of a list kernel (Concat, Pack, AddN) are its values in order
 */
export function rule<Attributes>(
  kernelName: string,
  apply: (trace: TraceBackend, inputs: Inputs, attributes: Attributes) => TensorInfo | TensorInfo[],
): Rule {
  return { kernelName, apply: apply as unknown as Rule['apply'] }
}

/** Makes a rule known to TensorFlow.js. */
export function register({ kernelName, apply }: Rule): void {
  registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => apply(backend as TraceBackend, inputs, attrs ?? {}),
  })
}

/** A node of one output which has the shape and type given. */
export function result(
  trace: TraceBackend,
  opType: string,
  inputs: readonly string[],
  like: { readonly shape: readonly number[]; readonly dtype: TensorInfo['dtype'] },
  attributes: Parameters<TraceBackend['node']>[2] = {},
): TensorInfo {
  return trace.symbol(trace.node(opType, inputs, attributes), like.shape, tracedType(like.dtype))
}

/** The name of `x` in another type: a Cast, or none where it has the type. */
export function castName(trace: TraceBackend, x: TensorInfo, dtype: TracedType): string {
  const name = trace.name(x)
  return x.dtype === dtype ? name : trace.node('Cast', [name], { to: dataTypeCode(dtype) })
}

/** Whole numbers for what tfjs calls an axis parameter: counted from the front, in order, once each. */
export function parseAxes(axis: number | number[] | null | undefined, shape: number[]): number[] {
  return util.parseAxisParam(axis ?? shape.map((_, index) => index), shape)
}

/** The shape that the shapes broadcast to. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  return shapes.reduce<number[]>(
    (all, shape) => backend_util.assertAndGetBroadcastShape(all, [...shape]),
    [],
  )
}
