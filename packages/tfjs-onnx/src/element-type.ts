/** Arrays that hold the values of a tensor. */
export type TypedArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array

/** Element types a graph may use; int64 for shapes and indices, bool as one byte each. */
export type ElementType = 'float32' | 'float64' | 'int32' | 'int64' | 'bool' | 'uint8'

const codes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 } as const

/** TensorProto.DataType of an element type. */
export function dataTypeCode(type: ElementType): number {
  return codes[type]
}

/** The element type an array holds when nothing else is said. */
export function elementTypeOf(data: TypedArray): ElementType {
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Float64Array) return 'float64'
  if (data instanceof Int32Array) return 'int32'
  if (data instanceof BigInt64Array) return 'int64'
  return 'uint8'
}

/** The array that holds `type`: `data` itself where it does already, else a converted copy. */
export function toElementType(data: TypedArray, type: ElementType): TypedArray {
  const own = elementTypeOf(data)
  if (own === type) return data
  if (type === 'bool') return Uint8Array.from(data as Iterable<number | bigint>, (v) => (v ? 1 : 0))
  if (type === 'int64') return BigInt64Array.from(numbers(data), (v) => BigInt(Math.trunc(v)))
  if (type === 'float32') return Float32Array.from(numbers(data))
  if (type === 'float64') return Float64Array.from(numbers(data))
  if (type === 'int32') return Int32Array.from(numbers(data))
  return Uint8Array.from(numbers(data))
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1)
}

function numbers(data: TypedArray): Iterable<number> {
  return data instanceof BigInt64Array ? Array.from(data, Number) : data
}
