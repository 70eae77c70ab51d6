import type { TraceBackend, TracedType } from '../backend.js'
import { counts, outside, phasesOf, type Window } from './window.js'

/** Rows of channels: [batch, rows, channels]. */
export interface Rows {
  readonly name: string
  readonly batch: number
  readonly rows: number
  readonly channels: number
}

/**
 * Picks rows by position; `outside` picks a row of `filling`. One copy of whole rows, which is how patches of an image
 * become a matrix.
 *
 * @param positions rows of `x`, the same for each element of the batch
 * @returns [batch, positions.length, channels]
 */
export function gatherRows(
  trace: TraceBackend,
  x: Rows,
  positions: ArrayLike<number>,
  filling = 0,
  dtype: TracedType = 'float32',
): string {
  const picked = Array.from(positions)
  if (picked.length === x.rows && picked.every((position, index) => position === index)) {
    return x.name
  }
  let source = x.name
  if (picked.includes(outside)) {
    const pads = trace.integers([0, 0, 0, 0, 1, 0])
    source = trace.node('Pad', [source, pads, trace.scalar(filling, dtype)])
  }
  const indices = Int32Array.from(picked, (position) => (position === outside ? x.rows : position))
  const name = trace.graph.constant([indices.length], indices)
  return trace.node('Gather', [source, name], { axis: 1 })
}

/** The rows of all phases, in the order of the input positions: [batch, positions, channels]. */
export function restoredOrder(
  trace: TraceBackend,
  phases: readonly string[],
  window: Window,
  channels: number,
): string {
  const all = phases.length === 1 ? phases[0]! : trace.node('Concat', phases, { axis: 1 })
  const { positions } = counts(window)
  const order = new Int32Array(positions)
  phasesOf(window)
    .flatMap((phase) => phase.positions)
    .forEach((position, index) => (order[position] = index))
  return gatherRows(trace, { name: all, batch: window.batch, rows: positions, channels }, order)
}

/** A name's values under another shape; nothing is copied. */
export function reshapedName(trace: TraceBackend, name: string, shape: readonly number[]): string {
  // In ONNX a 0 in a shape copies the input's size, unless allowzero is set.
  const attributes = shape.includes(0) ? { allowzero: 1 } : {}
  return trace.node('Reshape', [name, trace.integers(shape)], attributes)
}

/** A name's values with the axes in another order. */
export function transposedName(trace: TraceBackend, name: string, perm: readonly number[]): string {
  return perm.every((axis, index) => axis === index)
    ? name
    : trace.node('Transpose', [name], { perm })
}
