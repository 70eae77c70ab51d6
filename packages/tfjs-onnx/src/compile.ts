import { Tensor } from '@tensorflow/tfjs-core'
import { tracedType, type TracedType } from './backend.js'
import type { Backend, BackendName, TensorValue } from './backends/backend.js'
import { openBackend } from './backends/open.js'
import { elementTypeOf, sizeOf, type TypedArray } from './element-type.js'
import { programCache } from './program-cache.js'
import type { TensorFunction, TensorSpec } from './trace.js'

/** A tensor handed to a compiled function; the type is that of the array by default, and bool for bytes. */
export interface TensorInput {
  readonly data: TypedArray
  readonly shape: readonly number[]
  readonly dtype?: TracedType
}

/** A compiled function: call it with the values of its inputs. */
export interface CompiledFunction {
  /**
   * Runs the function. New shapes or types of the inputs are traced once; known ones go straight to their graph.
   *
   * @param feeds for each input a tensor, of TensorFlow.js or as an array with its shape; an array alone has the shape
   *   and type that `compile` was given
   * @throws Error if an input is missing, unknown, or not what it says, or the function cannot be traced
   */
  (
    feeds: Readonly<Record<string, TypedArray | TensorInput | Tensor>>,
  ): Promise<Record<string, TensorValue>>
  /** where it runs */
  readonly backend: Backend
  /** How many graphs are held. */
  graphs(): number
  /** Frees the graphs, when the calls that run have ended. */
  dispose(): Promise<void>
}

/** Settings of `compile`. */
export interface CompileOptions {
  /** where to run, onnx-cpu by default; `auto` is the fastest there */
  readonly backend?: BackendName | 'auto' | Backend
  /** threads within one operator, 1 by default */
  readonly threads?: number
  /** the graph's name */
  readonly name?: string
  /** graphs held at most, one for each set of shapes; without a limit by default */
  readonly maxGraphs?: number
}

/**
 * Compiles a function of TensorFlow.js tensors, gradients included, as tf.function or jax.jit do: it is traced once for
 * each set of shapes and types of its inputs.
 *
 * @param fn is run once a set of shapes, on tensors without values (see `trace`)
 * @param inputs shapes and types of the inputs, which are traced at once; without them the first call traces
 * @throws Error if `fn` cannot be traced, or a setting is out of range
 * @throws BackendUnavailableError if the backend is not there
 */
export async function compile(
  fn: TensorFunction,
  inputs?: Readonly<Record<string, TensorSpec>>,
  options: CompileOptions = {},
): Promise<CompiledFunction> {
  const backend = await backendOf(options.backend)
  const programs = programCache(checkLimit(options.maxGraphs))
  const settings = { name: options.name ?? 'compiled', threads: options.threads ?? 1 }
  const prepare = (spec: Readonly<Record<string, TensorSpec>>) =>
    backend.prepare(fn, spec, settings)
  if (inputs !== undefined) {
    await programs.use(
      shapesKey(inputs),
      () => prepare(inputs),
      async () => undefined,
    )
  }

  const call = async (feeds: Parameters<CompiledFunction>[0]) => {
    const batch = withShapes(feeds, inputs)
    return programs.use(
      shapesKey(batch),
      () => prepare(batch),
      (program) => program.run(dataOf(batch)),
    )
  }
  return Object.assign(call, {
    backend,
    graphs: () => programs.size(),
    dispose: () => programs.dispose(),
  })
}

/** A backend by its name, opened, or as it is. */
export async function backendOf(backend: CompileOptions['backend']): Promise<Backend> {
  return typeof backend === 'object' ? backend : openBackend(backend ?? 'onnx-cpu')
}

/** @throws Error unless it is a whole number of at least 1, or not given */
export function checkLimit(limit = Infinity): number {
  if (limit !== Infinity && !(Number.isInteger(limit) && limit >= 1)) {
    throw new Error(`maxGraphs is ${limit}, expected a whole number of at least 1`)
  }
  return limit
}

/** Names, shapes and types of tensors, in the order of their names, as a text. */
export function shapesKey(tensors: Readonly<Record<string, TensorSpec>>): string {
  const rows = Object.entries(tensors).map(([name, { shape, dtype }]) => [
    name,
    dtype ?? 'float32',
    ...shape,
  ])
  return JSON.stringify(rows.sort(([a], [b]) => (a! < b! ? -1 : 1)))
}

/** The arrays of tensors, by name. */
export function dataOf(
  tensors: Readonly<Record<string, { data: TypedArray }>>,
): Record<string, TypedArray> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]))
}

/**
 * A tensor with its type, checked.
 *
 * @throws Error if the array is not of that type, or does not fill the shape
 */
export function checkedInput(name: string, { data, shape, dtype }: TensorInput): TypedInput {
  const found = elementTypeOf(data)
  const expected = dtype ?? (found === 'int32' ? 'int32' : found === 'uint8' ? 'bool' : 'float32')
  if (found !== (expected === 'bool' ? 'uint8' : expected)) {
    throw new Error(`input "${name}" is ${expected}, but the array given holds ${found}`)
  }
  if (data.length !== sizeOf(shape)) {
    throw new Error(
      `input "${name}" of shape [${shape.join(', ')}] has ${sizeOf(shape)} elements, ` +
        `but the array given holds ${data.length}`,
    )
  }
  return { data, shape, dtype: expected }
}

type TypedInput = Required<TensorInput>

function withShapes(
  feeds: Parameters<CompiledFunction>[0],
  inputs: Readonly<Record<string, TensorSpec>> | undefined,
): Record<string, TypedInput> {
  const known = inputs ?? feeds
  const list = Object.keys(known).join(', ') || 'none'
  for (const name of Object.keys(feeds)) {
    if (!(name in known)) throw new Error(`"${name}" is no input; expected ${list}`)
  }
  const batch: Record<string, TypedInput> = {}
  for (const name of Object.keys(known)) {
    const feed = feeds[name]
    if (feed === undefined) throw new Error(`input "${name}" is missing; expected ${list}`)
    batch[name] = checkedInput(name, asInput(name, feed, inputs?.[name]))
  }
  return batch
}

function asInput(
  name: string,
  feed: TypedArray | TensorInput | Tensor,
  spec: TensorSpec | undefined,
): TensorInput {
  if (feed instanceof Tensor) {
    // Types say that strings may come out too; tracedType has refused them.
    const dtype = tracedType(feed.dtype)
    return { data: feed.dataSync() as TypedArray, shape: feed.shape, dtype }
  }
  if ('shape' in feed) return feed
  if (spec !== undefined) return { data: feed, shape: spec.shape, dtype: spec.dtype ?? 'float32' }
  throw new Error(
    `input "${name}" is an array without a shape; give { data, shape }, or the shape to compile`,
  )
}
