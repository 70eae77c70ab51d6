import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { fromInput, one, type Gradient } from './gradient.js'

/** Gradients of kernels that move values between the axes of an image, its batch and its edges. */
export const spaceGradients: readonly Gradient[] = [
  {
    kernelName: 'SpaceToBatchND',
    apply: (dy, _saved, attributes) => {
      const { blockShape, paddings } = attributes as unknown as tf.SpaceToBatchNDAttrs
      return { x: () => tf.batchToSpaceND(one(dy), blockShape, paddings) }
    },
  },
  {
    kernelName: 'BatchToSpaceND',
    apply: (dy, _saved, attributes) => {
      const { blockShape, crops } = attributes as unknown as tf.BatchToSpaceNDAttrs
      return { x: () => tf.spaceToBatchND(one(dy), blockShape, crops) }
    },
  },
  fromInput<tf.DepthToSpaceAttrs>('DepthToSpace', (dy, x, { blockSize, dataFormat }) => {
    const last = dataFormat === 'NHWC'
    const [batch, ...sizes] = x.shape
    const [height, width, depth] = last ? sizes : [sizes[1], sizes[2], sizes[0]]
    const inner = depth! / (blockSize * blockSize)
    const apart = last
      ? [batch!, height!, blockSize, width!, blockSize, inner]
      : [batch!, inner, height!, blockSize, width!, blockSize]
    const order = last ? [0, 1, 3, 2, 4, 5] : [0, 3, 5, 1, 2, 4]
    return tf.reshape(tf.transpose(tf.reshape(dy, apart), order), x.shape)
  }),
  // The CPU backend's own formula drops the slopes of the mirrored edges; here they go back to where they came from.
  fromInput<tf.MirrorPadAttrs>('MirrorPad', (dy, x, { paddings, mode }) => {
    const edge = mode === 'reflect' ? 1 : 0
    return x.shape.reduce((slopes, size, axis) => {
      const [before, after] = paddings[axis]!
      if (before === 0 && after === 0) return slopes
      const part = (start: number, length: number) => {
        const begin = slopes.shape.map((_, index) => (index === axis ? start : 0))
        return tf.slice(slopes, begin, slopes.shape.with(axis, length))
      }
      const placed = (values: Tensor, start: number) => {
        const pads = values.shape.map((length, index): [number, number] =>
          index === axis ? [start, size - start - length] : [0, 0],
        )
        return tf.pad(tf.reverse(values, axis), pads)
      }
      let sum = part(before, size)
      if (before > 0) sum = tf.add(sum, placed(part(0, before), edge))
      if (after > 0) sum = tf.add(sum, placed(part(before + size, after), size - edge - after))
      return sum
    }, dy)
  }),
]
