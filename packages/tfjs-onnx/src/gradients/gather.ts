import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { one, type Gradient } from './gradient.js'

/** Gradients of kernels that pick or place rows by index. */
export const gatherGradients: readonly Gradient[] = [
  {
    kernelName: 'GatherV2',
    inputs: ['x', 'indices'],
    apply: (dy, [x, indices], attributes) => ({
      x: () => gatherGradient(one(dy), x!, indices!, attributes as unknown as tf.GatherV2Attrs),
      indices: () => tf.zeros(indices!.shape),
    }),
  },
  {
    kernelName: 'UnsortedSegmentSum',
    inputs: ['segmentIds'],
    apply: (dy, [segmentIds]) => ({
      x: () => {
        // Rows whose id names no segment took part in no sum.
        const last = one(dy).shape[0]! - 1
        const rows = tf.gather(one(dy), tf.clipByValue(segmentIds!, 0, last))
        const within = tf.logicalAnd(
          tf.greaterEqual(segmentIds!, tf.scalar(0, 'int32')),
          tf.lessEqual(segmentIds!, tf.scalar(last, 'int32')),
        )
        const column = [
          ...segmentIds!.shape,
          ...one(dy)
            .shape.slice(1)
            .map(() => 1),
        ]
        return tf.mul(rows, tf.cast(tf.reshape(within, column), 'float32'))
      },
    }),
  },
  {
    kernelName: 'OneHot',
    inputs: ['indices'],
    apply: (_dy, [indices]) => ({ indices: () => tf.zeros(indices!.shape) }),
  },
]

/**
 * Adds up the gradients of the rows at the places they were picked from. With batch axes, the rows of batch b are
 * those of one long list, from b times the length of the axis on.
 */
function gatherGradient(
  dy: Tensor,
  x: Tensor,
  indices: Tensor,
  { axis, batchDims }: tf.GatherV2Attrs,
): Tensor {
  const along = tf.util.parseAxisParam(axis, x.shape)[0]!
  const batches = batchDims ?? 0
  const picked = indices.rank - batches
  const length = x.shape[along]!

  // dy is [batch, between, picked, after]; wanted is [batch, picked, between, after].
  const positions = dy.shape.map((_, position) => position)
  const order = [
    ...positions.slice(0, batches),
    ...positions.slice(along, along + picked),
    ...positions.slice(batches, along),
    ...positions.slice(along + picked),
  ]
  const rows = tf.transpose(dy, order)
  const rowShape = rows.shape.slice(batches + picked)
  const flat = tf.reshape(rows, [indices.size, ...rowShape])

  const batchCount = tf.util.sizeFromShape(x.shape.slice(0, batches))
  const byBatch = tf.reshape(tf.cast(indices, 'int32'), [batchCount, indices.size / batchCount])
  const starts = Int32Array.from({ length: batchCount }, (_, batch) => batch * length)
  const offsets = tf.tensor2d(starts, [batchCount, 1], 'int32')
  const places = tf.reshape(tf.add(byBatch, offsets), [indices.size]) as Tensor1D
  const sums = tf.unsortedSegmentSum(flat, places, batchCount * length)

  // [batch, axis, between, after] back to [batch, between, axis, after]
  const apart = tf.reshape(sums, [...x.shape.slice(0, batches), length, ...rowShape])
  const axes = x.shape.map((_, position) => position)
  const back = axes.toSpliced(along, 1).toSpliced(batches, 0, along)
  return tf.transpose(
    apart,
    axes.map((position) => back.indexOf(position)),
  )
}
