import type { TensorInfo } from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend, type TracedType } from '../backend.js'
import { dataTypeCode } from '../element-type.js'
import { elementwise } from './layout.js'
import { broadcastShape, castName, rule, type Rule } from './rule.js'

/** Kernels of two or three tensors whose shapes are broadcast. */
export const broadcastRules: readonly Rule[] = [
  ...Object.entries({ Add: 'Add', Sub: 'Sub', Maximum: 'Max', Minimum: 'Min', Pow: 'Pow' }).map(
    ([kernelName, opType]) =>
      arithmeticRule(kernelName, (trace, a, b) => trace.node(opType, [a, b])),
  ),
  rule('Multiply', (trace, { a, b }) => multiply(trace, a!, b!)),
  arithmeticRule('RealDiv', (trace, a, b) => trace.node('Div', [a, b]), 'float32'),
  arithmeticRule('SquaredDifference', (trace, a, b) => {
    const difference = trace.node('Sub', [a, b])
    return trace.node('Mul', [difference, difference])
  }),
  arithmeticRule('FloorDiv', floorDiv, 'int32'),
  arithmeticRule('Mod', mod),
  arithmeticRule('Atan2', atan2),
  rule('Prelu', (trace, { x, alpha }) => {
    const scaled = trace.node('Mul', [trace.name(alpha!), trace.name(x!)])
    const negative = trace.node('Less', [trace.name(x!), trace.scalar(0, 'float32')])
    const chosen = trace.node('Where', [negative, scaled, trace.name(x!)])
    return trace.symbol(chosen, broadcastShape(x!.shape, alpha!.shape), 'float32')
  }),
  ...Object.entries({
    Equal: 'Equal',
    Greater: 'Greater',
    GreaterEqual: 'GreaterOrEqual',
    Less: 'Less',
    LessEqual: 'LessOrEqual',
  }).map(([kernelName, opType]) => comparisonRule(kernelName, (t, a, b) => t.node(opType, [a, b]))),
  comparisonRule('NotEqual', (trace, a, b) => trace.node('Not', [trace.node('Equal', [a, b])])),
  ...Object.entries({ LogicalAnd: 'And', LogicalOr: 'Or', LogicalXor: 'Xor' }).map(
    ([kernelName, opType]) =>
      rule(kernelName, (trace, { a, b }) => {
        const sides = [castName(trace, a!, 'bool'), castName(trace, b!, 'bool')]
        return trace.symbol(trace.node(opType, sides), broadcastShape(a!.shape, b!.shape), 'bool')
      }),
  ),
  rule('Select', (trace, { condition, t, e }) => {
    const rank = t!.shape.length
    let choice = castName(trace, condition!, 'bool')
    if (condition!.shape.length === 1 && rank > 1) {
      // A vector chooses whole rows: it runs along the first axis, not the last as in broadcasting.
      const rows = [...condition!.shape, ...new Array<number>(rank - 1).fill(1)]
      choice = trace.node('Reshape', [choice, trace.integers(rows)])
    }
    const dtype = tracedType(t!.dtype)
    const chosen = trace.node('Where', [choice, trace.name(t!), castName(trace, e!, dtype)])
    return trace.symbol(chosen, t!.shape, dtype)
  }),
  rule('AddN', (trace, inputs) => {
    const [first, ...rest] = Object.values(inputs)
    const sum = rest.reduce(
      (total, term) => trace.node('Add', [total, trace.name(term)]),
      trace.name(first!),
    )
    return trace.symbol(sum, first!.shape, tracedType(first!.dtype))
  }),
]

type Write = (trace: TraceBackend, a: string, b: string, dtype: TracedType) => string

function arithmeticRule(kernelName: string, write: Write, dtype?: TracedType): Rule {
  return rule(kernelName, (trace, { a, b }) => {
    const type = operandType(kernelName, a!)
    const shape = broadcastShape(a!.shape, b!.shape)
    return elementwise(trace, [a!, b!], shape, dtype ?? type, (left, right) =>
      write(trace, left!, right!, type),
    )
  })
}

function comparisonRule(kernelName: string, write: Write): Rule {
  return rule(kernelName, (trace, { a, b }) => {
    const shape = broadcastShape(a!.shape, b!.shape)
    // ONNX orders numbers only.
    const dtype = a!.dtype === 'bool' ? 'int32' : tracedType(a!.dtype)
    if (a!.dtype !== 'bool') {
      return elementwise(trace, [a!, b!], shape, 'bool', (left, right) =>
        write(trace, left!, right!, dtype),
      )
    }
    const sides = [castName(trace, a!, dtype), castName(trace, b!, dtype)] as const
    return trace.symbol(write(trace, ...sides, dtype), shape, 'bool')
  })
}

function operandType(kernelName: string, x: TensorInfo): TracedType {
  const dtype = tracedType(x.dtype)
  if (dtype === 'bool') {
    throw new Error(`${kernelName} of bool tensors cannot be traced; cast them to int32 or float32`)
  }
  return dtype
}

/** A product; one with ones, as gradients of sums are made of, is an expansion or nothing. */
function multiply(trace: TraceBackend, a: TensorInfo, b: TensorInfo): TensorInfo {
  const dtype = operandType('Multiply', a)
  const shape = broadcastShape(a.shape, b.shape)
  for (const [ones, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (trace.repeatedValue(ones) !== 1) continue
    if (shape.join() === other.shape.join()) return trace.alias(other)
    return trace.symbol(
      trace.node('Expand', [trace.name(other), trace.integers(shape)]),
      shape,
      dtype,
    )
  }
  return elementwise(trace, [a, b], shape, dtype, (...names) => trace.node('Mul', names))
}

// ⌊a/b⌋ as int32; integers go through float64, which holds their quotient well enough to floor it.
function floorDiv(trace: TraceBackend, a: string, b: string, dtype: TracedType): string {
  const to = dataTypeCode('float64')
  const [left, right] =
    dtype === 'float32'
      ? [a, b]
      : [trace.node('Cast', [a], { to }), trace.node('Cast', [b], { to })]
  const floored = trace.node('Floor', [trace.node('Div', [left, right])])
  return trace.node('Cast', [floored], { to: dataTypeCode('int32') })
}

// The remainder takes the sign of the divisor.
function mod(trace: TraceBackend, a: string, b: string, dtype: TracedType): string {
  if (dtype === 'int32') return trace.node('Mod', [a, b], { fmod: 0 })
  const zero = trace.scalar(0, dtype)
  const remainder = trace.node('Mod', [a, b], { fmod: 1 })
  const turned = trace.node('Mod', [trace.node('Add', [remainder, b]), b], { fmod: 1 })
  const signs = [a, b].map((side) => trace.node('Less', [side, zero]))
  return trace.node('Where', [trace.node('Equal', signs), remainder, turned])
}

// ONNX has no Atan2: arctan(a/b) where b > 0, else turned by half a circle, and ±π/2 or 0 where b = 0.
function atan2(trace: TraceBackend, a: string, b: string): string {
  const number = (value: number) => trace.scalar(value, 'float32')
  const where = (condition: string, then: string, otherwise: string) =>
    trace.node('Where', [condition, then, otherwise])
  const zero = number(0)
  const angle = trace.node('Atan', [trace.node('Div', [a, b])])
  const above = trace.node('Greater', [a, zero])
  const below = trace.node('Less', [a, zero])
  const turn = where(below, number(-Math.PI), number(Math.PI))
  const upright = where(above, number(Math.PI / 2), where(below, number(-Math.PI / 2), zero))
  const left = where(trace.node('Less', [b, zero]), trace.node('Add', [angle, turn]), angle)
  return where(trace.node('Equal', [b, zero]), upright, left)
}
