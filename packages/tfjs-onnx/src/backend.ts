import {
  DataStorage,
  engine,
  KernelBackend,
  util,
  type BackendValues,
  type DataType,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import type { TypedArray } from './element-type.js'
import type { GraphBuilder } from './graph.js'
import type { Attribute } from './onnx-message.js'

/** The name under which the tracing backend is known to TensorFlow.js while a function is traced. */
export const backendName = 'onnx-trace'

/** The element types that cross the boundary between TensorFlow.js and ONNX. */
export type TracedType = 'float32' | 'int32' | 'bool'

/** What stands behind a tensor: a value of the graph, known numbers, or one number repeated. */
type Source =
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'values'; readonly values: TypedArray }
  | { readonly kind: 'repeated'; readonly value: number }

/**
 * Another arrangement in which a tensor's values are in the graph: `rows` is [all but the last axis, last axis],
 * `channels-first` has the last axis after the first. What is computed value by value stays in it (see layout.ts).
 */
export interface Arrangement {
  readonly kind: 'rows' | 'channels-first'
  readonly name: string
}

interface Datum {
  readonly source: Source
  readonly shape: readonly number[]
  readonly dtype: TracedType
  references: number
  /** The graph's name for known numbers, once a node has read them. */
  constant?: string
  readonly arrangement?: Arrangement | undefined
}

/**
 * A TensorFlow.js backend that records instead of computing: a tensor is the name of a value in a graph, and
 * a kernel adds nodes. One backend records one graph.
 */
export class TraceBackend extends KernelBackend {
  readonly graph: GraphBuilder
  readonly #data = new DataStorage<Datum>(this, engine())

  constructor(graph: GraphBuilder) {
    super()
    this.graph = graph
  }

  /** Adds a node of one output and returns the output's name. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    return this.graph.node(opType, inputs, attributes)[0]!
  }

  /** The name of a constant vector of integers, as shapes and axes are given. */
  integers(values: readonly number[]): string {
    return this.graph.constant([values.length], BigInt64Array.from(values, BigInt))
  }

  /** The name of a constant with no axes. */
  scalar(value: number, dtype: TracedType): string {
    return this.graph.constant([], arrayOf(dtype, [value]), dtype)
  }

  /** A tensor whose values are those of a name in the graph, and of another one in the arrangement given. */
  symbol(
    name: string,
    shape: readonly number[],
    dtype: TracedType,
    arrangement?: Arrangement,
  ): TensorInfo {
    return this.#tensor({ kind: 'symbol', name }, shape, dtype, arrangement)
  }

  /** A tensor that holds `value` everywhere; it takes no room in the graph. */
  repeated(value: number, shape: readonly number[], dtype: TracedType): TensorInfo {
    return this.#tensor({ kind: 'repeated', value }, shape, dtype)
  }

  /** The same values under another shape or none at all: no node. */
  alias(x: TensorInfo): TensorInfo {
    this.incRef(x.dataId)
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
  }

  /** The number that a tensor holds everywhere, if it is known to. */
  repeatedValue(x: TensorInfo): number | undefined {
    const { source } = this.#data.get(x.dataId)
    if (source.kind === 'repeated') return source.value
    if (source.kind === 'values' && source.values.length === 1) return Number(source.values[0])
    return undefined
  }

  /** Whether the values of a tensor are known while tracing. */
  isKnown(x: TensorInfo): boolean {
    return this.#data.get(x.dataId).source.kind !== 'symbol'
  }

  /** The other arrangement that the values of a tensor have, if any. */
  arrangement(x: TensorInfo): Arrangement | undefined {
    return this.#data.get(x.dataId).arrangement
  }

  /** The graph's name for the values of a tensor. */
  name(x: TensorInfo): string {
    const datum = this.#data.get(x.dataId)
    if (datum.source.kind === 'symbol') return datum.source.name
    if (datum.constant !== undefined) return datum.constant
    if (datum.source.kind === 'values') {
      datum.constant = this.graph.constant(datum.shape, datum.source.values, datum.dtype)
    } else {
      const value = this.scalar(datum.source.value, datum.dtype)
      datum.constant =
        datum.shape.length === 0 ? value : this.node('Expand', [value, this.integers(datum.shape)])
    }
    return datum.constant
  }

  /** As `name`, but what holds one number everywhere may come without its axes, to be broadcast. */
  broadcastableName(x: TensorInfo): string {
    const { source, dtype } = this.#data.get(x.dataId)
    return source.kind === 'repeated' ? this.scalar(source.value, dtype) : this.name(x)
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    const dataId = {}
    this.move(dataId, values, shape, dtype, 1)
    return dataId
  }

  override move(
    dataId: object,
    values: BackendValues,
    shape: number[],
    dtype: DataType,
    references: number,
  ): void {
    const type = tracedType(dtype)
    const source: Source = { kind: 'values', values: arrayOf(type, values) }
    this.#data.set(dataId, { source, shape: [...shape], dtype: type, references })
  }

  override readSync(dataId: object): BackendValues {
    const { source, shape, dtype } = this.#data.get(dataId)
    if (source.kind === 'values') return source.values as BackendValues
    if (source.kind === 'repeated') {
      return arrayOf(dtype, new Array<number>(util.sizeFromShape([...shape])).fill(source.value))
    }
    throw new Error(
      'the traced function reads the values of a tensor (dataSync, arraySync, data, array, print), which are ' +
        'not known before the graph runs; express the choice with tf.where, or return the tensor',
    )
  }

  override async read(dataId: object): Promise<BackendValues> {
    return this.readSync(dataId)
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.#data.has(dataId)) return true
    const datum = this.#data.get(dataId)
    datum.references--
    if (!force && datum.references > 0) return false
    this.#data.delete(dataId)
    return true
  }

  override refCount(dataId: object): number {
    return this.#data.has(dataId) ? this.#data.get(dataId).references : 0
  }

  override incRef(dataId: object): void {
    this.#data.get(dataId).references++
  }

  override numDataIds(): number {
    return this.#data.numDataIds()
  }

  override floatPrecision(): 16 | 32 {
    return 32
  }

  override epsilon(): number {
    return 1e-7
  }

  override timerAvailable(): boolean {
    return false
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }

  override dispose(): void {
    // Tensors of the caller's that were moved here keep their values until they are moved back.
  }

  #tensor(
    source: Source,
    shape: readonly number[],
    dtype: TracedType,
    arrangement?: Arrangement,
  ): TensorInfo {
    const dataId = {}
    this.#data.set(dataId, { source, shape: [...shape], dtype, references: 1, arrangement })
    return { dataId, shape: [...shape], dtype }
  }
}

/**
 * The dtype of a tensor as one that can be traced.
 *
 * @throws Error for strings and complex numbers
 */
export function tracedType(dtype: DataType): TracedType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw new Error(`a tensor of ${dtype} cannot be traced; expected float32, int32 or bool`)
}

function arrayOf(dtype: TracedType, values: BackendValues | readonly number[]): TracedArray {
  if (dtype === 'float32')
    return values instanceof Float32Array ? values : Float32Array.from(numeric(values))
  if (dtype === 'int32')
    return values instanceof Int32Array ? values : Int32Array.from(numeric(values))
  return values instanceof Uint8Array ? values : Uint8Array.from(numeric(values))
}

type TracedArray = Float32Array | Int32Array | Uint8Array

function numeric(values: BackendValues | readonly number[]): ArrayLike<number> {
  return values as ArrayLike<number>
}
