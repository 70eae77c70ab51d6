import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { expectSameAsCpu, floats, integers, type Values } from './compare.fixture.js'

const runs = { numRuns: 20 }
const tolerance = 1e-5

type Padding = 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]]

const small = (max: number, min = 1) => fc.integer({ min, max })
const edges = fc.tuple(small(2, 0), small(2, 0))
const paddings: fc.Arbitrary<Padding> = fc.oneof(
  fc.constant<Padding>('same'),
  fc.constant<Padding>('valid'),
  small(2, 0),
  fc.tuple(edges, edges).map(([rows, columns]): Padding => [
    [0, 0],
    [rows[0], rows[1]],
    [columns[0], columns[1]],
    [0, 0],
  ]),
)

/** A convolution over height and width that has at least one place for its filter. */
const convolutions = fc
  .record({
    batch: small(3),
    size: fc.tuple(small(7, 3), small(7, 3)),
    taps: fc.tuple(small(3), small(3)),
    inChannels: small(3),
    outChannels: small(4),
    strides: fc.tuple(small(3), small(3)),
    pad: paddings,
  })
  .map((convolution) => ({
    ...convolution,
    imageShape: [convolution.batch, ...convolution.size, convolution.inChannels],
    filterShape: [...convolution.taps, convolution.inChannels, convolution.outChannels],
  }))

const inputs = convolutions.chain((convolution) =>
  fc.tuple(
    fc.constant(convolution),
    floats(convolution.imageShape),
    floats(convolution.filterShape),
  ),
)

const conv2d = (x: tf.Tensor, filter: tf.Tensor, ...rest: ConvolutionRest) =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, ...rest)
type ConvolutionRest = [
  strides: [number, number],
  pad: Padding,
  dataFormat?: 'NHWC' | 'NCHW',
  dilations?: [number, number],
]

test('conv2d is as in the CPU backend, with its gradients', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, ([{ strides, pad }, x, filter]) =>
      expectSameAsCpu(
        ({ x, filter }) => ({ y: conv2d(x!, filter!, strides, pad) }),
        { x, filter },
        { gradients: ['x', 'filter'], tolerance },
      ),
    ),
    { numRuns: 40 },
  )
})

test('conv2d with dilations is as in the CPU backend, its gradients as differences', async () => {
  await fc.assert(
    fc.asyncProperty(
      inputs,
      fc.tuple(small(2), small(2)),
      ([{ pad, taps }, x, filter], dilations) => {
        fc.pre(taps.every((count, axis) => (count - 1) * dilations[axis]! < 3))
        return expectSameAsCpu(
          ({ x, filter }) => ({ y: conv2d(x!, filter!, [1, 1], pad, 'NHWC', dilations) }),
          { x, filter },
          { gradients: ['x', 'filter'], against: 'differences', tolerance },
        )
      },
    ),
    runs,
  )
})

test('conv2d of channels-first images is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, ([{ strides, imageShape }, x, filter]) => {
      const [batch, height, width, channels] = imageShape
      const image: Values = { ...x, shape: [batch!, channels!, height!, width!] }
      return expectSameAsCpu(
        ({ image, filter }) => ({ y: conv2d(image!, filter!, strides, 'same', 'NCHW') }),
        { image, filter },
        { gradients: ['image', 'filter'], tolerance },
      )
    }),
    runs,
  )
})

test('conv2dTranspose is as in the CPU backend, with its gradients', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .record({
          batch: small(2),
          size: fc.tuple(small(4), small(4)),
          taps: fc.tuple(small(3), small(3)),
          inChannels: small(3),
          outChannels: small(3),
          strides: fc.tuple(small(3), small(3)),
          pad: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
        })
        .chain((shape) =>
          fc.tuple(
            fc.constant(shape),
            floats([shape.batch, ...shape.size, shape.inChannels]),
            floats([...shape.taps, shape.outChannels, shape.inChannels]),
          ),
        ),
      ([{ batch, size, taps, strides, outChannels, pad }, x, filter]) => {
        const [height, width] = size.map((places, axis) =>
          pad === 'same' ? places * strides[axis]! : (places - 1) * strides[axis]! + taps[axis]!,
        )
        return expectSameAsCpu(
          ({ x, filter }) => ({
            y: tf.conv2dTranspose(
              x as tf.Tensor4D,
              filter as tf.Tensor4D,
              [batch, height!, width!, outChannels],
              strides,
              pad,
            ),
          }),
          { x, filter },
          { gradients: ['x', 'filter'], tolerance },
        )
      },
    ),
    runs,
  )
})

test('conv1d, which is composed of conv2d, is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(floats([2, 9, 3]), floats([3, 3, 4]), small(3), (x, filter, stride) =>
      expectSameAsCpu(
        ({ x, filter }) => ({
          y: tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, stride, 'same'),
        }),
        { x, filter },
        { gradients: ['x', 'filter'], tolerance },
      ),
    ),
    { numRuns: 5 },
  )
})

test('conv3d and its transpose are as in the CPU backend, with their gradients', async () => {
  await fc.assert(
    fc.asyncProperty(
      floats([2, 4, 3, 5, 2]),
      floats([2, 3, 2, 2, 3]),
      fc.tuple(small(2), small(2), small(2)),
      fc.constantFrom<'same' | 'valid'>('same', 'valid'),
      (x, filter, strides, pad) =>
        expectSameAsCpu(
          ({ x, filter }) => {
            const y = tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, strides, pad)
            return { y }
          },
          { x, filter },
          { gradients: ['x', 'filter'], tolerance },
        ),
    ),
    { numRuns: 10 },
  )
})

const depthwiseInputs = convolutions.chain((convolution) =>
  fc.tuple(
    fc.constant(convolution),
    floats(convolution.imageShape),
    floats([...convolution.taps, convolution.inChannels, (convolution.outChannels % 2) + 1]),
  ),
)

test('depthwiseConv2d is as in the CPU backend, with its gradients', async () => {
  await fc.assert(
    fc.asyncProperty(depthwiseInputs, ([{ strides, pad }, x, filter]) => {
      // The type leaves out explicit paddings, which work.
      const padding = pad as 'same' | 'valid' | number
      return expectSameAsCpu(
        ({ x, filter }) => ({
          y: tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, padding),
        }),
        { x, filter },
        { gradients: ['x', 'filter'], tolerance },
      )
    }),
    runs,
  )
})

test('depthwiseConv2d with dilations is as in the CPU backend, its gradients as differences', async () => {
  await fc.assert(
    fc.asyncProperty(floats([2, 5, 6, 2]), floats([2, 3, 2, 2]), (x, filter) =>
      expectSameAsCpu(
        ({ x, filter }) => ({
          y: tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same', 'NHWC', [3, 2]),
        }),
        { x, filter },
        { gradients: ['x', 'filter'], against: 'differences', tolerance },
      ),
    ),
    { numRuns: 4 },
  )
})

test('separableConv2d, which is composed, is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      floats([2, 5, 4, 3]),
      floats([3, 2, 3, 2]),
      floats([1, 1, 6, 4]),
      (x, depth, point) =>
        expectSameAsCpu(
          ({ x, depth, point }) => ({
            y: tf.separableConv2d(
              x as tf.Tensor4D,
              depth as tf.Tensor4D,
              point as tf.Tensor4D,
              2,
              'same',
            ),
          }),
          { x, depth, point },
          { gradients: ['x', 'depth', 'point'], tolerance: 3e-5 },
        ),
    ),
    { numRuns: 5 },
  )
})

const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const

/** Values whose products and sums are exact, so that no rounding decides on which side of a kink they lie. */
const quarters = (shape: readonly number[]): fc.Arbitrary<Values> =>
  integers(shape, -8, 8).map(({ data }) => ({
    data: Float32Array.from(data, (value) => value / 4),
    shape,
    dtype: 'float32',
  }))

test.each(activations)('fused kernels with %s are as in the CPU backend', async (activation) => {
  await fc.assert(
    fc.asyncProperty(
      quarters([2, 4, 5, 3]),
      quarters([2, 3, 3, 4]),
      quarters([4]),
      quarters([4]),
      (x, filter, bias, alpha) =>
        expectSameAsCpu(
          ({ x, filter, bias, alpha }) => {
            const ending = {
              activation,
              leakyreluAlpha: 0.3,
              ...(activation === 'prelu' ? { preluActivationWeights: alpha! } : {}),
            }
            const image = x as tf.Tensor4D
            return {
              conv: tf.fused.conv2d({
                x: image,
                filter: filter as tf.Tensor4D,
                strides: 1,
                pad: 'same',
                bias: bias!,
                ...ending,
              }),
              product: tf.fused.matMul({
                a: tf.reshape(x!, [10, 12]),
                b: tf.reshape(tf.slice(filter!, 0, 1), [12, 3]),
                transposeA: false,
                bias: tf.slice(bias!, 0, 3),
                ...ending,
                ...(activation === 'prelu'
                  ? { preluActivationWeights: tf.slice(alpha!, 0, 3) }
                  : {}),
              }),
              depth: tf.fused.depthwiseConv2d({
                x: image,
                filter: tf.slice(filter!, [0, 0, 0, 0], [2, 3, 3, 1]) as tf.Tensor4D,
                strides: 1,
                pad: 'valid',
                bias: tf.slice(bias!, 0, 3),
                ...ending,
                ...(activation === 'prelu'
                  ? { preluActivationWeights: tf.slice(alpha!, 0, 3) }
                  : {}),
              }),
            }
          },
          { x, filter, bias, alpha },
          // Their gradients are those of the kernels they are made of: tf.fused says so for all but linear.
          activation === 'prelu' ? { tolerance } : { gradients: ['x', 'filter'], tolerance },
        ),
    ),
    { numRuns: 3 },
  )
})

test('fused conv2d of channels-first images adds a vector by channel', async () => {
  const compiled = await compile(
    ({ x, filter, bias }) => ({
      y: tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'valid',
        dataFormat: 'NCHW',
        bias: bias!,
        activation: 'relu',
      }),
    }),
    { x: { shape: [1, 1, 1, 3] }, filter: { shape: [1, 1, 1, 2] }, bias: { shape: [2] } },
  )
  const feeds = {
    x: Float32Array.of(1, 2, 3),
    filter: Float32Array.of(1, -1),
    bias: Float32Array.of(10, 2.5),
  }
  const { y } = await compiled(feeds)
  expect(y!.shape).toEqual([1, 2, 1, 3])
  expect([...y!.data]).toEqual([11, 12, 13, 1.5, 0.5, 0])
  await compiled.dispose()
})

/** A tensor of the enclosing scope, whose values are known while tracing. */
const known = ({ data, shape }: Values) => tf.tensor(data, [...shape])

test('with a filter that is known, conv2d is as in the CPU backend, with its gradient', async () => {
  await fc.assert(
    fc.asyncProperty(
      inputs,
      fc.tuple(small(2), small(2)),
      fc.boolean(),
      ([{ strides, pad, imageShape }, x, filter], dilations, dilated) => {
        const steps = dilated ? dilations : strides
        return expectSameAsCpu(
          ({ x }) => {
            const kernel = known(filter)
            // Many places, for which ONNX has an operator of its own.
            const large = tf.tile(x!, [1, 2, 2, 1])
            fc.pre(pad !== 'valid' || imageShape[1]! > 4)
            return { y: conv2d(large, kernel, steps, pad) }
          },
          { x },
          { gradients: ['x'], tolerance },
        )
      },
    ),
    runs,
  )
})

test('with dilations and a filter that is known, conv2d is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      floats([2, 9, 8, 2]),
      floats([3, 2, 2, 3]),
      fc.tuple(small(3), small(3)),
      paddings,
      (x, filter, dilations, pad) =>
        expectSameAsCpu(
          ({ x }) => ({ y: conv2d(x!, known(filter), [1, 1], pad, 'NHWC', dilations) }),
          { x },
          { tolerance },
        ),
    ),
    runs,
  )
})

test('channels-first images with a filter that is known are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(floats([2, 3, 6, 5]), floats([3, 3, 3, 2]), (image, filter) =>
      expectSameAsCpu(
        ({ image }) => ({ y: conv2d(image!, known(filter), [1, 1], 'same', 'NCHW') }),
        { image },
        { gradients: ['image'], tolerance },
      ),
    ),
    { numRuns: 5 },
  )
})

test('with a filter that is known, depthwiseConv2d is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(depthwiseInputs, ([{ strides, pad }, x, filter]) =>
      expectSameAsCpu(
        ({ x }) => ({
          y: tf.depthwiseConv2d(
            x as tf.Tensor4D,
            known(filter) as tf.Tensor4D,
            strides,
            pad as 'same' | 'valid' | number,
          ),
        }),
        { x },
        { gradients: ['x'], tolerance },
      ),
    ),
    runs,
  )
})
