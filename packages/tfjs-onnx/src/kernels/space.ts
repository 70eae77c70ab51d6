import {
  backend_util,
  type BatchToSpaceNDAttrs,
  type DepthToSpaceAttrs,
  type MirrorPadAttrs,
  type SpaceToBatchNDAttrs,
} from '@tensorflow/tfjs-core'
import { sizeOf } from '../element-type.js'
import { tracedType } from '../backend.js'
import { reshapedName, transposedName } from './rows.js'
import { result, rule, type Rule } from './rule.js'

/** Kernels that move values between the axes of an image, its batch and its edges. */
export const spaceRules: readonly Rule[] = [
  rule<SpaceToBatchNDAttrs>('SpaceToBatchND', (trace, { x }, { blockShape, paddings }) => {
    const before = [0, ...paddings.map(([start]) => start!)]
    const after = [0, ...paddings.map(([, end]) => end!)]
    const rest = x!.shape.slice(before.length)
    const size = before.map((start, axis) => start + x!.shape[axis]! + after[axis]!)
    const zeros = rest.map(() => 0)
    const pads = trace.integers([...before, ...zeros, ...after, ...zeros])
    const filling = trace.scalar(0, tracedType(x!.dtype))
    const padded = trace.node('Pad', [trace.name(x!), pads, filling])
    // [batch, blocks, block, blocks, block, …, rest] to [block, block, …, batch, blocks, blocks, …, rest]
    const blocks = blockShape.map((block, axis) => size[axis + 1]! / block)
    const apart = [
      size[0]!,
      ...blocks.flatMap((count, axis) => [count, blockShape[axis]!]),
      ...rest,
    ]
    const perm = [
      ...blockShape.map((_, axis) => 2 * axis + 2),
      0,
      ...blockShape.map((_, axis) => 2 * axis + 1),
      ...rest.map((_, axis) => 2 * blockShape.length + 1 + axis),
    ]
    const moved = transposedName(trace, reshapedName(trace, padded, apart), perm)
    const shape = [size[0]! * sizeOf(blockShape), ...blocks, ...rest]
    return trace.symbol(reshapedName(trace, moved, shape), shape, tracedType(x!.dtype))
  }),
  rule<BatchToSpaceNDAttrs>('BatchToSpaceND', (trace, { x }, { blockShape, crops }) => {
    const product = sizeOf(blockShape)
    const apart = backend_util.getReshaped(x!.shape, blockShape, product)
    const perm = backend_util.getPermuted(apart.length, blockShape.length)
    const joined = backend_util.getReshapedPermuted(x!.shape, blockShape, product)
    const begin = backend_util.getSliceBeginCoords(crops, blockShape.length)
    const cropped = backend_util.getSliceSize(joined, crops, blockShape.length)
    const shape = joined.map((size, axis) => cropped[axis] ?? size)
    const moved = transposedName(trace, reshapedName(trace, trace.name(x!), apart), perm)
    const starts = joined.map((_, axis) => begin[axis] ?? 0)
    const bounds = [starts, starts.map((start, axis) => start + shape[axis]!)]
    return result(
      trace,
      'Slice',
      [reshapedName(trace, moved, joined), ...bounds.map((values) => trace.integers(values))],
      { shape, dtype: x!.dtype },
    )
  }),
  rule<DepthToSpaceAttrs>('DepthToSpace', (trace, { x }, { blockSize, dataFormat }) => {
    const last = dataFormat === 'NHWC'
    const [batch, ...sizes] = x!.shape
    const [height, width, depth] = last ? sizes : [sizes[1], sizes[2], sizes[0]]
    const inner = depth! / (blockSize * blockSize)
    const apart = last
      ? [batch!, height!, width!, blockSize, blockSize, inner]
      : [batch!, blockSize, blockSize, inner, height!, width!]
    const perm = last ? [0, 1, 3, 2, 4, 5] : [0, 3, 4, 1, 5, 2]
    const moved = transposedName(trace, reshapedName(trace, trace.name(x!), apart), perm)
    const size = [height! * blockSize, width! * blockSize]
    const shape = last ? [batch!, ...size, inner] : [batch!, inner, ...size]
    return trace.symbol(reshapedName(trace, moved, shape), shape, tracedType(x!.dtype))
  }),
  rule<MirrorPadAttrs>('MirrorPad', (trace, { x }, { paddings, mode }) => {
    const shape = x!.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1])
    const padded = x!.shape.reduce((name, size, axis) => {
      const [before, after] = paddings[axis]!
      if (before === 0 && after === 0) return name
      const positions = mirroredPositions(size, before, after, mode)
      return trace.node('Gather', [name, trace.graph.constant([positions.length], positions)], {
        axis,
      })
    }, trace.name(x!))
    return trace.symbol(padded, shape, tracedType(x!.dtype))
  }),
]

/**
 * Where each position of a mirrored axis comes from.
 *
 * @param mode reflect leaves the value at the edge out, symmetric repeats it
 */
export function mirroredPositions(
  size: number,
  before: number,
  after: number,
  mode: 'reflect' | 'symmetric',
): Int32Array {
  const edge = mode === 'reflect' ? 0 : 1
  return Int32Array.from({ length: before + size + after }, (_, index) => {
    const position = index - before
    if (position < 0) return -position - edge
    return position < size ? position : 2 * (size - 1) - position + edge
  })
}
