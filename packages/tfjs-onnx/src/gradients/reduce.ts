import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { fromInput, one, repeated, type Gradient } from './gradient.js'

interface ReduceAttrs {
  readonly axis?: number | number[] | null
  readonly reductionIndices?: number | number[] | null
}

/** Gradients of kernels that fold or normalise along axes. */
export const reduceGradients: readonly Gradient[] = [
  fromInput<ReduceAttrs>('Sum', (dy, x, { axis }) => spread(dy, x, axis)),
  fromInput<ReduceAttrs>('Mean', (dy, x, { axis }) => {
    const kept = keptShape(x, axis)
    const count = x.size / tf.util.sizeFromShape(kept)
    return repeated(tf.div(tf.reshape(dy, kept), count), x.shape)
  }),
  ...['Max', 'Min'].map((kernelName): Gradient => ({
    kernelName,
    inputs: ['x'],
    output: true,
    // Each of several equal extremes gets the whole gradient, as in TensorFlow.js.
    apply: (dy, [x, y], attributes) => ({
      x: () => {
        const { axis, reductionIndices } = attributes as ReduceAttrs
        const kept = keptShape(x!, axis ?? reductionIndices)
        const chosen = tf.cast(tf.equal(x!, tf.reshape(y!, kept)), 'float32')
        return tf.mul(tf.reshape(one(dy), kept), chosen)
      },
    }),
  })),
  fromInput<ReduceAttrs>('Prod', prodGradient),
  {
    kernelName: 'Softmax',
    output: true,
    apply: (dy, [y], attributes) => ({
      logits: () => {
        const { dim } = attributes as unknown as tf.SoftmaxAttrs
        const product = tf.mul(one(dy), y!)
        return tf.sub(product, tf.mul(tf.sum(product, dim, true), y!))
      },
    }),
  },
  {
    kernelName: 'LogSoftmax',
    output: true,
    apply: (dy, [y], attributes) => ({
      logits: () => {
        const { axis } = attributes as unknown as tf.LogSoftmaxAttrs
        return tf.sub(one(dy), tf.mul(tf.sum(one(dy), axis, true), tf.exp(y!)))
      },
    }),
  },
  fromInput<tf.CumsumAttrs>('Cumsum', (dy, _x, { axis, exclusive, reverse }) =>
    tf.cumsum(dy, axis, exclusive, !reverse),
  ),
  fromInput<tf.CumprodAttrs>('Cumprod', cumprodGradient),
  ...['ArgMax', 'ArgMin', 'All', 'Any'].map((kernelName) =>
    fromInput(kernelName, (_dy, x) => tf.zeros(x.shape)),
  ),
]

function keptShape(x: Tensor, axis: ReduceAttrs['axis']): number[] {
  const axes = tf.util.parseAxisParam(axis ?? x.shape.map((_, index) => index), x.shape)
  return x.shape.map((size, index) => (axes.includes(index) ? 1 : size))
}

function spread(dy: Tensor, x: Tensor, axis: ReduceAttrs['axis']): Tensor {
  return repeated(tf.reshape(dy, keptShape(x, axis)), x.shape)
}

// The product of all others, as products of those before and after: dividing by x fails where x is zero.
function prodGradient(dy: Tensor, x: Tensor, { axis }: ReduceAttrs): Tensor {
  const kept = keptShape(x, axis)
  const folded = x.shape.map((_, index) => index).filter((index) => kept[index] !== x.shape[index])
  const others = x.shape.map((_, index) => index).filter((index) => !folded.includes(index))
  const order = [...others, ...folded]
  const ordered = tf.transpose(float(x), order)
  const rows = tf.reshape(ordered, [...others.map((index) => x.shape[index]!), -1])
  const last = rows.rank - 1
  const rest = tf.mul(tf.cumprod(rows, last, true), tf.cumprod(rows, last, true, true))
  const restored = tf.transpose(
    tf.reshape(rest, ordered.shape),
    order.map((_, index) => order.indexOf(index)),
  )
  return tf.mul(tf.reshape(dy, kept), restored)
}

/**
 * Each value takes part in the products from its place on: dx[i] = Σ dy[j]·∏ x[k], over j from i to the end and k up to j
 * but for i. Written as a sum over a triangle, which divides by nothing.
 */
function cumprodGradient(
  dy: Tensor,
  x: Tensor,
  { axis, exclusive, reverse }: tf.CumprodAttrs,
): Tensor {
  const [along] = tf.util.parseAxisParam(axis, x.shape)
  const length = x.shape[along!]!
  const last = x.rank
  const order = x.shape.map((_, index) => index)
  const rows = tf.expandDims(tf.transpose(float(x), moved(order, along!)), -2)
  // Row i has a one in the place of x[i].
  const without = tf.where(
    tf.equal(tf.eye(length), 1),
    tf.onesLike(tf.tile(rows, repeats(last, length))),
    rows,
  )
  const products = tf.cumprod(without, last, exclusive, reverse)
  const reach = tf.cumsum(tf.eye(length), 1, exclusive, reverse)
  const slopes = tf.expandDims(tf.transpose(dy, moved(order, along!)), -2)
  const summed = tf.sum(tf.mul(tf.mul(products, reach), slopes), -1)
  return tf.transpose(
    summed,
    moved(order, along!).map((_, index) => moved(order, along!).indexOf(index)),
  )
}

function moved(order: readonly number[], axis: number): number[] {
  return [...order.toSpliced(axis, 1), axis]
}

function repeats(rank: number, length: number): number[] {
  return Array.from({ length: rank + 1 }, (_, axis) => (axis === rank - 1 ? length : 1))
}

function float(x: Tensor): Tensor {
  return x.dtype === 'float32' ? x : tf.cast(x, 'float32')
}
