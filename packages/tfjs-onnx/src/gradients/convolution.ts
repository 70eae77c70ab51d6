import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { one, type Gradient } from './gradient.js'

/**
 * Gradients of convolutions. Those that come with TensorFlow.js stop at dilations; here the filter is spread out with
 * zeros between its taps, which makes the same convolution without dilations.
 */
export const convolutionGradients: readonly Gradient[] = [
  {
    kernelName: 'Conv2D',
    inputs: ['x', 'filter'],
    apply: (dy, [x, filter], attributes) => {
      const { strides, pad, dataFormat, dilations, dimRoundingMode } =
        attributes as unknown as tf.Conv2DAttrs
      const same = { strides, pad, dataFormat, ...optional({ dimRoundingMode }) }
      const backprops = ['Conv2DBackpropInput', 'Conv2DBackpropFilter'] as const
      return slopes(backprops, one(dy), x!, filter!, stepsOf(dilations, 2), same)
    },
  },
  {
    kernelName: 'Conv2DBackpropInput',
    inputs: ['dy', 'filter'],
    apply: (slope, [dy, filter], attributes) => {
      const { strides, pad, dataFormat, dimRoundingMode } =
        attributes as unknown as tf.Conv2DBackpropInputAttrs
      const same = { strides, pad, dataFormat, ...optional({ dimRoundingMode }) }
      return {
        dy: () => run('Conv2D', { x: one(slope), filter: filter! }, { ...same, dilations: 1 }),
        filter: () =>
          run(
            'Conv2DBackpropFilter',
            { x: one(slope), dy: dy! },
            { ...same, filterShape: filter!.shape },
          ),
      }
    },
  },
  {
    kernelName: 'DepthwiseConv2dNative',
    inputs: ['x', 'filter'],
    apply: (dy, [x, filter], attributes) => {
      const { strides, pad, dilations, dimRoundingMode } =
        attributes as unknown as tf.DepthwiseConv2dNativeAttrs
      const same = { strides, pad, dilations: 1, ...optional({ dimRoundingMode }) }
      const backprops = [
        'DepthwiseConv2dNativeBackpropInput',
        'DepthwiseConv2dNativeBackpropFilter',
      ] as const
      return slopes(backprops, one(dy), x!, filter!, stepsOf(dilations, 2), same)
    },
  },
  {
    kernelName: 'Conv3D',
    inputs: ['x', 'filter'],
    apply: (dy, [x, filter], attributes) => {
      const { strides, pad, dilations } = attributes as unknown as tf.Conv3DAttrs
      const backprops = ['Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'] as const
      return slopes(backprops, one(dy), x!, filter!, stepsOf(dilations, 3), { strides, pad })
    },
  },
]

/**
 * Slopes of a convolution by its two backprop kernels.
 *
 * @param backprops kernels for the slope of x and of the filter
 * @param steps dilation along each axis of the image
 * @param same attributes that both kernels share with the convolution
 */
function slopes(
  [ofInput, ofFilter]: readonly [string, string],
  dy: Tensor,
  x: Tensor,
  filter: Tensor,
  steps: readonly number[],
  same: object,
): Record<'x' | 'filter', () => Tensor> {
  return {
    x: () => run(ofInput, { dy, filter: dilated(filter, steps) }, { ...same, inputShape: x.shape }),
    filter: () => {
      const filterShape = dilatedShape(filter.shape, steps)
      return undilated(run(ofFilter, { x, dy }, { ...same, filterShape }), steps)
    },
  }
}

function run(kernelName: string, inputs: tf.NamedTensorMap, attributes: object): Tensor {
  return tf.engine().runKernel(kernelName, inputs, attributes as tf.NamedAttrMap)
}

/** [taps, …] to [(taps − 1)·step + 1, …]: zeros between the taps along the first axes. */
function dilated(filter: Tensor, steps: readonly number[]): Tensor {
  return steps.reduce((spread, step, axis) => {
    if (step === 1) return spread
    const { shape } = spread
    const taps = shape[axis]!
    const apart = tf.reshape(spread, shape.toSpliced(axis + 1, 0, 1))
    const padded = tf.pad(
      apart,
      apart.shape.map((_, index): [number, number] => [0, index === axis + 1 ? step - 1 : 0]),
    )
    const joined = tf.reshape(padded, shape.with(axis, taps * step))
    const kept = shape.with(axis, (taps - 1) * step + 1)
    return tf.slice(
      joined,
      kept.map(() => 0),
      kept,
    )
  }, filter)
}

function undilated(spread: Tensor, steps: readonly number[]): Tensor {
  if (steps.every((step) => step === 1)) return spread
  const strides = spread.shape.map((_, axis) => steps[axis] ?? 1)
  return tf.stridedSlice(
    spread,
    spread.shape.map(() => 0),
    spread.shape,
    strides,
  )
}

function dilatedShape(shape: readonly number[], steps: readonly number[]): number[] {
  return shape.map((size, axis) => (axis < steps.length ? (size - 1) * steps[axis]! + 1 : size))
}

// Callers of a kernel may leave the dilations out, though its type has them.
function stepsOf(
  dilations: readonly number[] | number | undefined,
  axes: number,
): readonly number[] {
  return typeof dilations === 'object' ? dilations : Array<number>(axes).fill(dilations ?? 1)
}

function optional<Value extends object>(values: Value): Partial<Value> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as Partial<Value>
}
