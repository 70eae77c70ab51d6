import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { fromInput, one, unbroadcast, type Gradient } from './gradient.js'

/** Gradients of kernels that move values without changing them: they move them back. */
export const shapeGradients: readonly Gradient[] = [
  fromInput('Reshape', (dy, x) => tf.reshape(dy, x.shape)),
  {
    kernelName: 'ExpandDims',
    inputs: ['input'],
    apply: (dy, [input]) => ({ input: () => tf.reshape(one(dy), input!.shape) }),
  },
  fromInput<tf.TransposeAttrs>('Transpose', (dy, _x, { perm }) =>
    tf.transpose(
      dy,
      perm.map((_, axis) => perm.indexOf(axis)),
    ),
  ),
  {
    kernelName: 'Concat',
    inputs: 'all',
    apply: (dy, inputs, attributes) => {
      const { axis } = attributes as unknown as tf.ConcatAttrs
      const [along] = tf.util.parseAxisParam(axis, inputs[0]!.shape)
      const sizes = inputs.map((input) => input.shape[along!]!)
      return byIndex(tf.split(one(dy), sizes, along))
    },
  },
  {
    kernelName: 'Pack',
    inputs: 'all',
    apply: (dy, _inputs, attributes) => {
      const { axis } = attributes as unknown as tf.PackAttrs
      return byIndex(tf.unstack(one(dy), axis))
    },
  },
  {
    kernelName: 'Unpack',
    apply: (dy, _saved, attributes) => {
      const { axis } = attributes as unknown as tf.UnpackAttrs
      return { value: () => tf.stack(list(dy), axis) }
    },
  },
  {
    kernelName: 'SplitV',
    apply: (dy, _saved, attributes) => {
      const { axis } = attributes as unknown as tf.SplitVAttrs
      return { x: () => tf.concat(list(dy), axis) }
    },
  },
  fromInput<tf.SliceAttrs>('Slice', (dy, x, { begin, size }) => {
    const [starts, sizes] = tf.slice_util.parseSliceParams(x, begin, size)
    const paddings = x.shape.map((length, axis): [number, number] => [
      starts![axis]!,
      length - starts![axis]! - sizes![axis]!,
    ])
    return tf.pad(dy, paddings)
  }),
  fromInput<tf.PadV2Attrs>('PadV2', (dy, x, { paddings }) =>
    tf.slice(
      dy,
      paddings.map(([before]) => before),
      x.shape,
    ),
  ),
  fromInput<tf.TileAttrs>('Tile', (dy, x, { reps }) => {
    // Each axis as (repetition, position): the gradient of a position is the sum over its repetitions.
    const apart = x.shape.flatMap((size, axis) => [reps[axis]!, size])
    const repetitions = x.shape.map((_, axis) => 2 * axis)
    return tf.reshape(tf.sum(tf.reshape(dy, apart), repetitions), x.shape)
  }),
  fromInput<tf.ReverseAttrs>('Reverse', (dy, _x, { dims }) => tf.reverse(dy, dims)),
  fromInput<tf.StridedSliceAttrs>('StridedSlice', stridedSliceGradient),
  fromInput<tf.BroadCastToAttrs>('BroadcastTo', (dy, x) => unbroadcast(tf.clone(dy), x.shape)),
  ...['ZerosLike', 'OnesLike'].map((kernelName) =>
    fromInput(kernelName, (_dy, x) => tf.zeros(x.shape)),
  ),
]

/** Places the slopes where their values came from: by axis, a product with a matrix of ones and zeros. */
function stridedSliceGradient(dy: Tensor, x: Tensor, attributes: tf.StridedSliceAttrs): Tensor {
  const { begin, end, strides } = tf.slice_util.sliceInfo(
    x.shape,
    attributes.begin,
    attributes.end,
    attributes.strides,
    attributes.beginMask,
    attributes.endMask,
    attributes.ellipsisMask,
    attributes.newAxisMask,
    attributes.shrinkAxisMask,
  )
  const counts = begin.map((start, axis) =>
    Math.max(0, Math.ceil((end[axis]! - start) / strides[axis]!)),
  )
  return x.shape.reduce(
    (slopes: Tensor, length, axis) => {
      if (begin[axis] === 0 && end[axis] === length && strides[axis] === 1) return slopes
      const count = slopes.shape[axis]!
      const places = new Float32Array(length * count)
      for (let index = 0; index < count; index++) {
        places[(begin[axis]! + index * strides[axis]!) * count + index] = 1
      }
      const before = tf.util.sizeFromShape(slopes.shape.slice(0, axis))
      const after = tf.util.sizeFromShape(slopes.shape.slice(axis + 1))
      const stack = tf.reshape(slopes, [before, count, after])
      const placed = tf.matMul(
        tf.tile(tf.tensor3d(places, [1, length, count]), [before, 1, 1]),
        stack,
      )
      return tf.reshape(placed, slopes.shape.with(axis, length))
    },
    tf.reshape(dy, counts),
  )
}

function list(dy: Tensor | Tensor[]): Tensor[] {
  return Array.isArray(dy) ? dy : [dy]
}

function byIndex(gradients: readonly Tensor[]): Record<string, () => Tensor> {
  return Object.fromEntries(gradients.map((gradient, index) => [index, () => gradient]))
}
