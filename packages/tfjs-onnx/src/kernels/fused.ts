import type {
  _FusedMatMulAttrs,
  FusedConv2DAttrs,
  FusedDepthwiseConv2DAttrs,
  TensorInfo,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend } from '../backend.js'
import { convolution2d } from './convolution.js'
import { depthwise } from './depthwise.js'
import { elementwise } from './layout.js'
import { matrixProduct } from './matmul.js'
import { reshapedName } from './rows.js'
import { broadcastShape, rule, type Inputs, type Rule } from './rule.js'

/** Products and convolutions with the bias and activation that follow them. */
export const fusedRules: readonly Rule[] = [
  rule<_FusedMatMulAttrs>('_FusedMatMul', (trace, inputs, attributes) => {
    const { transposeA, transposeB } = attributes
    const product = matrixProduct(trace, inputs['a']!, inputs['b']!, transposeA, transposeB)
    return finished(trace, product, inputs, attributes, false)
  }),
  rule<FusedConv2DAttrs>('FusedConv2D', (trace, inputs, attributes) => {
    const image = convolution2d(trace, inputs['x']!, inputs['filter']!, attributes)
    return finished(trace, image, inputs, attributes, attributes.dataFormat === 'NCHW')
  }),
  rule<FusedDepthwiseConv2DAttrs>('FusedDepthwiseConv2D', (trace, inputs, attributes) => {
    const image = depthwise(trace, inputs['x']!, inputs['filter']!, attributes)
    return finished(trace, image, inputs, attributes, false)
  }),
]

interface Ending {
  readonly activation: string
  readonly leakyreluAlpha?: number
}

function finished(
  trace: TraceBackend,
  product: TensorInfo,
  { bias, preluActivationWeights }: Inputs,
  { activation, leakyreluAlpha }: Ending,
  channelsFirst: boolean,
): TensorInfo {
  // A vector runs along the channels, wherever these are.
  const aligned = (x: TensorInfo) => {
    if (!channelsFirst || x.shape.length !== 1 || x.shape[0] === 1) return x
    const shape = [x.shape[0]!, 1, 1]
    return trace.symbol(reshapedName(trace, trace.name(x), shape), shape, tracedType(x.dtype))
  }
  const written = (operands: readonly TensorInfo[], write: (...names: string[]) => string) =>
    elementwise(
      trace,
      operands,
      broadcastShape(...operands.map(({ shape }) => shape)),
      tracedType(product.dtype),
      write,
    )
  const sum =
    bias === undefined
      ? product
      : written([product, aligned(bias)], (...names) => trace.node('Add', names))
  const activated = (opType: string, attributes = {}) =>
    written([sum], (name) => trace.node(opType, [name!], attributes))
  const float = (value: number) => trace.scalar(value, 'float32')
  if (activation === 'linear') return sum
  if (activation === 'relu') return activated('Relu')
  if (activation === 'elu') return activated('Elu')
  if (activation === 'sigmoid') return activated('Sigmoid')
  if (activation === 'relu6')
    return written([sum], (name) => trace.node('Clip', [name!, float(0), float(6)]))
  if (activation === 'leakyrelu')
    return activated('LeakyRelu', { alpha: { float: leakyreluAlpha ?? 0.2 } })
  if (activation === 'prelu' && preluActivationWeights !== undefined) {
    return written([sum, aligned(preluActivationWeights)], (x, alpha) => {
      const scaled = trace.node('Mul', [alpha!, x!])
      return trace.node('Where', [trace.node('Less', [x!, float(0)]), scaled, x!])
    })
  }
  throw new Error(`the activation ${activation} of a fused kernel cannot be traced`)
}
