import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Arrangement, TraceBackend, TracedType } from '../backend.js'
import { sizeOf } from '../element-type.js'
import { reshapedName, transposedName } from './rows.js'
import { castName } from './rule.js'

/**
 * Writes what is computed value by value, in the arrangement that its operands have: between two convolutions the
 * values stay rows of a matrix or images with the channels first, and no node turns them back.
 *
 * @param operands tensors that are broadcast to `shape`
 * @param write makes the node from the operands' names
 */
export function elementwise(
  trace: TraceBackend,
  operands: readonly TensorInfo[],
  shape: readonly number[],
  dtype: TracedType,
  write: (...names: string[]) => string,
): TensorInfo {
  const kinds = operands
    .filter((operand) => sameShape(operand.shape, shape))
    .map((operand) => trace.arrangement(operand)?.kind)
  // Any images can be seen as rows, but to put the channels first they have to be moved.
  const kind = kinds.includes('rows') ? 'rows' : kinds.find((found) => found !== undefined)
  if (kind !== undefined && sizeOf(shape) > 1) {
    const names = operands.map((operand) => arrangedName(trace, operand, shape, kind))
    if (names.every((name) => name !== undefined)) {
      return arranged(trace, kind, write(...names), shape, dtype)
    }
  }
  const whole = operands.some(
    (operand) => sameShape(operand.shape, shape) && !isOneNumber(trace, operand),
  )
  // A number repeated over the whole shape need not be spelled out where another side has the shape.
  const names = operands.map((operand) =>
    whole && isOneNumber(trace, operand) ? trace.broadcastableName(operand) : trace.name(operand),
  )
  return trace.symbol(write(...names), shape, dtype)
}

/** A tensor whose values are those of `name` in an arrangement; the nodes that turn it back are left out if unused. */
export function arranged(
  trace: TraceBackend,
  kind: Arrangement['kind'],
  name: string,
  shape: readonly number[],
  dtype: TracedType,
): TensorInfo {
  const plain =
    kind === 'rows'
      ? reshapedName(trace, name, shape)
      : transposedName(trace, name, channelsLastOrder(shape.length))
  return trace.symbol(plain, shape, dtype, { kind, name })
}

/** The name of float images [batch, …, channels] with the channels after the batch. */
export function channelsFirstName(trace: TraceBackend, x: TensorInfo): string {
  const found = trace.arrangement(x)
  if (found?.kind === 'channels-first') return found.name
  return transposedName(trace, castName(trace, x, 'float32'), channelsFirstOrder(x.shape.length))
}

/** Whether images are in the graph with the channels after the batch. */
export function hasChannelsFirst(trace: TraceBackend, x: TensorInfo): boolean {
  return trace.arrangement(x)?.kind === 'channels-first'
}

/** The order of axes that moves the channels from the last place to the second. */
export function channelsFirstOrder(rank: number): number[] {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 1)]
}

/** The order of axes that moves the channels from the second place to the last. */
export function channelsLastOrder(rank: number): number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 2), 1]
}

function arrangedName(
  trace: TraceBackend,
  x: TensorInfo,
  shape: readonly number[],
  kind: Arrangement['kind'],
): string | undefined {
  if (isOneNumber(trace, x)) {
    return sizeOf(x.shape) === 1 ? reshapedScalar(trace, x) : trace.broadcastableName(x)
  }
  if (sameShape(x.shape, shape)) {
    const found = trace.arrangement(x)
    if (found?.kind === kind) return found.name
    return kind === 'rows'
      ? reshapedName(trace, trace.name(x), [sizeOf(shape.slice(0, -1)), shape.at(-1)!])
      : undefined
  }
  // Otherwise a vector along the channels.
  const channels = shape.at(-1)!
  if (sizeOf(x.shape) !== channels || x.shape.at(-1) !== channels) return undefined
  if (kind === 'rows') {
    return x.shape.length === 1 ? trace.name(x) : reshapedName(trace, trace.name(x), [channels])
  }
  return reshapedName(trace, trace.name(x), [channels, ...shape.slice(2).map(() => 1)])
}

function reshapedScalar(trace: TraceBackend, x: TensorInfo): string {
  return x.shape.length === 0 ? trace.name(x) : reshapedName(trace, trace.name(x), [])
}

function isOneNumber(trace: TraceBackend, x: TensorInfo): boolean {
  return trace.repeatedValue(x) !== undefined || sizeOf(x.shape) === 1
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}
