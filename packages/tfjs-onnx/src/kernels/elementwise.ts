import type {
  CastAttrs,
  ClipByValueAttrs,
  FusedBatchNormAttrs,
  LeakyReluAttrs,
  StepAttrs,
  TensorInfo,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend } from '../backend.js'
import { dataTypeCode } from '../element-type.js'
import { elementwise } from './layout.js'
import { castName, result, rule, type Inputs, type Rule } from './rule.js'

/** Kernels of one tensor, value by value. */
export const unaryRules: readonly Rule[] = [
  ...Object.entries({
    Abs: 'Abs',
    Neg: 'Neg',
    Relu: 'Relu',
    Sign: 'Sign',
  }).map(([kernelName, opType]) =>
    rule(kernelName, (trace, { x }) => {
      const dtype = x!.dtype === 'bool' ? 'int32' : tracedType(x!.dtype)
      if (x!.dtype === 'bool') {
        return result(trace, opType, [castName(trace, x!, dtype)], { ...x!, dtype })
      }
      return elementwise(trace, [x!], x!.shape, dtype, (name) => trace.node(opType, [name!]))
    }),
  ),
  ...Object.entries({
    Acos: 'Acos',
    Acosh: 'Acosh',
    Asin: 'Asin',
    Asinh: 'Asinh',
    Atan: 'Atan',
    Atanh: 'Atanh',
    Ceil: 'Ceil',
    Cos: 'Cos',
    Cosh: 'Cosh',
    Elu: 'Elu',
    Erf: 'Erf',
    Exp: 'Exp',
    Floor: 'Floor',
    Log: 'Log',
    Reciprocal: 'Reciprocal',
    Round: 'Round',
    Selu: 'Selu',
    Sigmoid: 'Sigmoid',
    Sin: 'Sin',
    Sinh: 'Sinh',
    Softplus: 'Softplus',
    Sqrt: 'Sqrt',
    Tan: 'Tan',
    Tanh: 'Tanh',
  }).map(([kernelName, opType]) => floatRule(kernelName, (trace, x) => trace.node(opType, [x]))),
  floatRule('Rsqrt', (trace, x) => trace.node('Reciprocal', [trace.node('Sqrt', [x])])),
  floatRule('Expm1', (trace, x) => {
    // eˣ − 1 = 2·e^(x/2)·sinh(x/2), which does not cancel near zero.
    const half = trace.node('Mul', [x, trace.scalar(0.5, 'float32')])
    const product = trace.node('Mul', [trace.node('Exp', [half]), trace.node('Sinh', [half])])
    return trace.node('Mul', [product, trace.scalar(2, 'float32')])
  }),
  floatRule('Log1p', (trace, x) => {
    // With u = 1 + x rounded: ln(1 + x) = x·ln(u)/(u − 1), and x where u = 1. Kahan, see Goldberg 1991, theorem 4.
    const one = trace.scalar(1, 'float32')
    const u = trace.node('Add', [x, one])
    const rounded = trace.node('Sub', [u, one])
    const safe = trace.node('Where', [trace.node('Equal', [rounded, zero(trace)]), one, rounded])
    const scaled = trace.node('Div', [trace.node('Mul', [x, trace.node('Log', [u])]), safe])
    const tiny = trace.node('Equal', [u, one])
    const infinite = trace.node('IsInf', [x], { detect_negative: 0 })
    return trace.node('Where', [trace.node('Or', [tiny, infinite]), x, scaled])
  }),
  rule('Square', (trace, { x }) =>
    elementwise(trace, [x!], x!.shape, tracedType(x!.dtype), (name) =>
      trace.node('Mul', [name!, name!]),
    ),
  ),
  rule('Relu6', (trace, { x }) => clip(trace, x!, 0, 6)),
  rule<ClipByValueAttrs>('ClipByValue', (trace, { x }, { clipValueMin, clipValueMax }) =>
    clip(trace, x!, clipValueMin, clipValueMax),
  ),
  rule<LeakyReluAttrs>('LeakyRelu', (trace, { x }, { alpha }) =>
    floatResult(trace, x!, (name) => trace.node('LeakyRelu', [name], { alpha: { float: alpha } })),
  ),
  rule<StepAttrs>('Step', (trace, { x }, { alpha }) => {
    const dtype = tracedType(x!.dtype)
    return elementwise(trace, [x!], x!.shape, dtype, (name) => {
      const positive = trace.node('Greater', [name!, trace.scalar(0, dtype)])
      if (alpha === 0) return trace.node('Cast', [positive], { to: dataTypeCode(dtype) })
      const values = [1, alpha].map((value) => trace.scalar(value, dtype))
      return trace.node('Where', [positive, ...values])
    })
  }),
  rule<CastAttrs>('Cast', (trace, { x }, { dtype }) =>
    x!.dtype === dtype
      ? trace.alias(x!)
      : trace.symbol(castName(trace, x!, tracedType(dtype)), x!.shape, tracedType(dtype)),
  ),
  rule('Identity', (trace, { x }) => trace.alias(x!)),
  predicateRule('IsNan', (trace, x) => trace.node('IsNaN', [x])),
  predicateRule('IsInf', (trace, x) => trace.node('IsInf', [x])),
  predicateRule('IsFinite', (trace, x) =>
    trace.node('Not', [trace.node('Or', [trace.node('IsNaN', [x]), trace.node('IsInf', [x])])]),
  ),
  rule('LogicalNot', (trace, { x }) =>
    result(trace, 'Not', [castName(trace, x!, 'bool')], { shape: x!.shape, dtype: 'bool' }),
  ),
  rule('EluGrad', (trace, { dy, y }) => {
    const scaled = trace.node('Mul', [
      trace.name(dy!),
      trace.node('Add', [trace.name(y!), trace.scalar(1, 'float32')]),
    ])
    const positive = trace.node('GreaterOrEqual', [trace.name(y!), zero(trace)])
    return result(trace, 'Where', [positive, trace.name(dy!), scaled], y!)
  }),
  rule<FusedBatchNormAttrs>('FusedBatchNorm', batchNorm),
]

function floatRule(kernelName: string, write: (trace: TraceBackend, x: string) => string): Rule {
  return rule(kernelName, (trace, { x }) => floatResult(trace, x!, (name) => write(trace, name)))
}

function floatResult(
  trace: TraceBackend,
  x: TensorInfo,
  write: (name: string) => string,
): TensorInfo {
  return x.dtype === 'float32'
    ? elementwise(trace, [x], x.shape, 'float32', (name) => write(name!))
    : trace.symbol(write(castName(trace, x, 'float32')), x.shape, 'float32')
}

function predicateRule(
  kernelName: string,
  write: (trace: TraceBackend, x: string) => string,
): Rule {
  return rule(kernelName, (trace, { x }) =>
    trace.symbol(write(trace, castName(trace, x!, 'float32')), x!.shape, 'bool'),
  )
}

function clip(trace: TraceBackend, x: TensorInfo, low: number, high: number): TensorInfo {
  const bounds = [low, high].map((bound) => trace.scalar(bound, tracedType(x.dtype)))
  return elementwise(trace, [x], x.shape, tracedType(x.dtype), (name) =>
    trace.node('Clip', [name!, ...bounds]),
  )
}

/**
 *   y = (x − mean)·scale/√(variance + ε) + offset,  by the last axis
 *
 * With known numbers, x·factor + (offset − mean·factor), which ONNX Runtime folds into a convolution before it.
 */
function batchNorm(
  trace: TraceBackend,
  { x, mean, variance, offset, scale }: Inputs,
  { varianceEpsilon }: FusedBatchNormAttrs,
): TensorInfo {
  const { shape } = x!
  const like = mean!.shape
  const tensor = (name: string) => trace.symbol(name, like, 'float32')
  const along = (opType: string, a: TensorInfo, b: TensorInfo) =>
    elementwise(trace, [a, b], shape, 'float32', (...names) => trace.node(opType, names))
  const epsilon = trace.scalar(varianceEpsilon, 'float32')
  const deviation = trace.node('Sqrt', [trace.node('Add', [trace.name(variance!), epsilon])])
  const dividend = scale === undefined ? trace.scalar(1, 'float32') : trace.name(scale)
  const factor = trace.node('Div', [dividend, deviation])
  const known = [mean, variance, offset, scale].every(
    (parameter) => parameter === undefined || trace.isKnown(parameter),
  )
  if (known) {
    const shift = trace.node('Mul', [trace.name(mean!), factor])
    const start = offset === undefined ? trace.scalar(0, 'float32') : trace.name(offset)
    const scaled = along('Mul', x!, tensor(factor))
    return along('Add', scaled, tensor(trace.node('Sub', [start, shift])))
  }
  const normalised = along('Mul', along('Sub', x!, mean!), tensor(factor))
  return offset === undefined ? normalised : along('Add', normalised, offset)
}

function zero(trace: TraceBackend): string {
  return trace.scalar(0, 'float32')
}
