import { Tensor } from 'onnxruntime-node'
import type { TracedType } from './backend.js'
import { elementTypeOf, sizeOf, type TypedArray } from './element-type.js'
import { createSession } from './session.js'
import { trace, type TensorFunction, type TensorSpec } from './trace.js'

/** A tensor that came out of a graph; bool is one byte each, 0 or 1. */
export interface TensorValue {
  readonly data: Float32Array | Int32Array | Uint8Array
  readonly shape: readonly number[]
  readonly dtype: TracedType
}

/** A function that runs in ONNX Runtime. */
export interface Compiled {
  /**
   * Runs the function on the values of its inputs.
   *
   * @param feeds an array for each input, of the type and number of elements that the specification says
   * @throws Error if an input is missing, unknown, or not as specified
   */
  run(feeds: Readonly<Record<string, TypedArray>>): Promise<Record<string, TensorValue>>
  /** Frees the session. */
  dispose(): Promise<void>
}

/** Settings of `compile`. */
export interface CompileOptions {
  /** threads within one operator, 1 by default */
  readonly threads?: number
  /** the graph's name */
  readonly name?: string
}

/**
 * Compiles a function of TensorFlow.js tensors, gradients included, for ONNX Runtime.
 *
 * @param fn is run once, on tensors without values (see `trace`)
 * @param spec shapes and types of the inputs
 * @throws Error if `fn` cannot be traced
 */
export async function compile(
  fn: TensorFunction,
  spec: Readonly<Record<string, TensorSpec>>,
  options: CompileOptions = {},
): Promise<Compiled> {
  const { graph, outputs } = trace(fn, spec, { name: options.name ?? 'compiled' })
  const session = await createSession(graph.toBytes(), options.threads)
  return {
    async run(feeds) {
      for (const name of Object.keys(feeds)) {
        if (!(name in spec)) throw new Error(`run: "${name}" is no input; expected ${list(spec)}`)
      }
      const tensors: Record<string, Tensor> = {}
      for (const [name, input] of Object.entries(spec)) {
        const data = feeds[name]
        if (data === undefined) {
          throw new Error(`run: input "${name}" is missing; expected ${list(spec)}`)
        }
        tensors[name] = toOrt(name, data, input)
      }
      const results = await session.run(tensors)
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { shape, dtype }]) => {
          const data = results[name]!.data as TensorValue['data']
          return [name, { data, shape, dtype }]
        }),
      )
    },
    dispose: () => session.release(),
  }
}

/**
 * A tensor of ONNX Runtime over the array given; nothing is copied.
 *
 * @throws Error if the array is not of the type or size that the specification says
 */
export function toOrt(name: string, data: TypedArray, { shape, dtype }: TensorSpec): Tensor {
  const expected = dtype ?? 'float32'
  const found = elementTypeOf(data)
  if (found !== (expected === 'bool' ? 'uint8' : expected)) {
    throw new Error(`input "${name}" is ${expected}, but the array given holds ${found}`)
  }
  if (data.length !== sizeOf(shape)) {
    throw new Error(
      `input "${name}" of shape [${shape.join(', ')}] has ${sizeOf(shape)} elements, ` +
        `but the array given holds ${data.length}`,
    )
  }
  if (expected === 'bool') return new Tensor('bool', data as Uint8Array, shape)
  if (expected === 'int32') return new Tensor('int32', data as Int32Array, shape)
  return new Tensor('float32', data as Float32Array, shape)
}

function list(spec: Readonly<Record<string, TensorSpec>>): string {
  return Object.keys(spec).join(', ') || 'none'
}
