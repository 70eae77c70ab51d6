import type {
  _FusedMatMulAttrs,
  FusedConv2DAttrs,
  FusedDepthwiseConv2DAttrs,
  TensorInfo,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend } from '../backend.js'
import { convolution2d } from './convolution.js'
import { depthwise } from './depthwise.js'
import { matrixProduct } from './matmul.js'
import { reshapedName } from './rows.js'
import { broadcastShape, result, rule, type Inputs, type Rule } from './rule.js'

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
  const aligned = (x: TensorInfo) => {
    // A vector runs along the channels, wherever these are.
    const name = trace.name(x)
    if (!channelsFirst || x.shape.length !== 1) return name
    return reshapedName(trace, name, [x.shape[0]!, 1, 1])
  }
  let sum = product
  if (bias !== undefined) {
    const names = [trace.name(product), aligned(bias)]
    const shape = broadcastShape(product.shape, channelsFirst ? [] : bias.shape)
    sum = result(trace, 'Add', names, { shape, dtype: product.dtype })
  }
  const name = trace.name(sum)
  const float = (value: number) => trace.scalar(value, 'float32')
  const written = (activated: string) => trace.symbol(activated, sum.shape, tracedType(sum.dtype))
  if (activation === 'linear') return sum
  if (activation === 'relu') return written(trace.node('Relu', [name]))
  if (activation === 'elu') return written(trace.node('Elu', [name]))
  if (activation === 'sigmoid') return written(trace.node('Sigmoid', [name]))
  if (activation === 'relu6') return written(trace.node('Clip', [name, float(0), float(6)]))
  if (activation === 'leakyrelu') {
    const alpha = { float: leakyreluAlpha ?? 0.2 }
    return written(trace.node('LeakyRelu', [name], { alpha }))
  }
  if (activation === 'prelu' && preluActivationWeights !== undefined) {
    const scaled = trace.node('Mul', [aligned(preluActivationWeights), name])
    const negative = trace.node('Less', [name, float(0)])
    return written(trace.node('Where', [negative, scaled, name]))
  }
  throw new Error(`the activation ${activation} of a fused kernel cannot be traced`)
}
