import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { trace } from '../trace.js'
import { expectSameAsCpu, floats, integers, shapePairs, shapes, truths } from './compare.fixture.js'

const runs = { numRuns: 8 }

type Pair = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor

const smooth: Record<string, Pair> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  pow: tf.pow,
  atan2: tf.atan2,
}

test.each(Object.entries(smooth))('%s is as in the CPU backend', async (_name, apply) => {
  await fc.assert(
    fc.asyncProperty(
      shapePairs().chain(([a, b]) => fc.tuple(floats(a, 0.5, 3), floats(b, 0.5, 3))),
      ([a, b]) =>
        expectSameAsCpu(
          ({ a, b }) => ({ y: apply(a!, b!) }),
          { a, b },
          {
            gradients: ['a', 'b'],
            tolerance: 1e-5,
          },
        ),
    ),
    runs,
  )
})

const kinked: Record<string, Pair> = {
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
}

// TensorFlow.js has no gradients of these where shapes differ.
test.each(Object.entries(kinked))('%s is as in the CPU backend', async (_name, apply) => {
  await fc.assert(
    fc.asyncProperty(
      shapes().chain((shape) => fc.tuple(floats(shape), floats(shape))),
      ([a, b]) =>
        expectSameAsCpu(({ a, b }) => ({ y: apply(a!, b!) }), { a, b }, { gradients: ['a', 'b'] }),
    ),
    runs,
  )
})

test.each(Object.entries(kinked))(
  'the gradient of %s is that of differences',
  async (_name, apply) => {
    await fc.assert(
      fc.asyncProperty(
        // Apart from each other, so that a small step does not cross the kink.
        shapePairs().chain(([a, b]) => fc.tuple(integers(a), integers(b))),
        ([a, b]) =>
          expectSameAsCpu(
            ({ a, b }) => ({ y: apply(a!, tf.add(b!, 0.5)) }),
            { a: asFloats(a, 1), b: asFloats(b, 1) },
            { gradients: ['a', 'b'], against: 'differences' },
          ),
      ),
      runs,
    )
  },
)

test('mod and floorDiv take the sign of the divisor', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapePairs().chain(([a, b]) =>
        fc.tuple(integers(a, -40, 40), integers(b, 1, 12), integers(a), integers(b, 1, 5)),
      ),
      ([quartersOfA, quartersOfB, i, j]) => {
        // Numbers that both sides hold exactly: at a multiple of the divisor the results jump.
        const [a, b] = [asFloats(quartersOfA, 0.25), asFloats(quartersOfB, 0.25)]
        return expectSameAsCpu(
          ({ a, b, i, j }) => ({
            mod: tf.mod(a!, b!),
            modNegative: tf.mod(a!, tf.neg(b!)),
            floorDiv: tf.floorDiv(a!, b!),
            integerMod: tf.mod(i!, tf.neg(j!)),
            integerFloorDiv: tf.floorDiv(i!, j!),
            integerFloorDivNegative: tf.floorDiv(i!, tf.neg(j!)),
            integerDiv: tf.div(i!, j!),
          }),
          { a, b, i, j },
        )
      },
    ),
    runs,
  )
})

test('mod and prelu have the gradients of TensorFlow.js', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes(3).chain((shape) => fc.tuple(floats(shape, 0.5, 9), floats(shape.slice(1), 0.5, 3))),
      ([a, b]) =>
        expectSameAsCpu(
          ({ a, b }) => ({ mod: tf.mod(a!, b!), prelu: tf.prelu(tf.sub(a!, 4), b!) }),
          { a, b },
          { gradients: ['a', 'b'], tolerance: 1e-5 },
        ),
    ),
    runs,
  )
})

test('atan2 is right in all quadrants and on the axes', async () => {
  const sides = [-2, 0, 2]
  const a = sides.flatMap((y) => sides.map(() => y))
  const b = sides.flatMap(() => sides)
  await expectSameAsCpu(({ a, b }) => ({ y: tf.atan2(a!, b!) }), {
    a: { data: Float32Array.from(a), shape: [9], dtype: 'float32' },
    b: { data: Float32Array.from(b), shape: [9], dtype: 'float32' },
  })
})

test('comparisons and logic are as in the CPU backend, for each type', async () => {
  const comparisons = ['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'] as const
  const logic = ['logicalAnd', 'logicalOr', 'logicalXor'] as const
  await fc.assert(
    fc.asyncProperty(
      shapePairs().chain(([a, b]) =>
        fc.tuple(
          floats(a, -1, 1),
          floats(b, -1, 1),
          integers(a, -2, 2),
          integers(b, -2, 2),
          truths(a),
          truths(b),
        ),
      ),
      ([a, b, i, j, p, q]) =>
        expectSameAsCpu(
          ({ a, b, i, j, p, q }) =>
            Object.fromEntries([
              ...comparisons.flatMap((name) => [
                [`${name}-float32`, tf[name](a!, b!)],
                [`${name}-int32`, tf[name](i!, j!)],
                [`${name}-bool`, tf[name](p!, q!)],
              ]),
              ...logic.map((name) => [name, tf[name](p!, q!)]),
            ]),
          { a, b, i, j, p, q },
        ),
    ),
    runs,
  )
})

test('integer arithmetic is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapePairs().chain(([a, b]) => fc.tuple(integers(a), integers(b, 0, 3))),
      ([i, j]) =>
        expectSameAsCpu(
          ({ i, j }) => ({
            add: tf.add(i!, j!),
            sub: tf.sub(i!, j!),
            mul: tf.mul(i!, j!),
            maximum: tf.maximum(i!, j!),
            minimum: tf.minimum(i!, j!),
            squaredDifference: tf.squaredDifference(i!, j!),
            pow: tf.pow(i!, j!),
            mixed: tf.mul(i!, tf.cast(j!, 'float32')),
          }),
          { i, j },
        ),
    ),
    runs,
  )
})

test('where chooses values', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes(3).chain((shape) =>
        fc.tuple(truths(shape), floats(shape), floats(shape), integers(shape)),
      ),
      async ([condition, a, b, i]) => {
        await expectSameAsCpu(
          ({ condition, a, b }) => ({ y: tf.where(condition!, a!, b!) }),
          { condition, a, b },
          { gradients: ['a', 'b'] },
        )
        await expectSameAsCpu(({ i }) => ({ y: tf.where(tf.greater(i!, 0), i!, tf.neg(i!)) }), {
          i,
        })
      },
    ),
    runs,
  )
})

test('Select chooses rows by a vector', async () => {
  const compiled = await compile(
    ({ rows, a, b }) => ({
      y: tf.engine().runKernel<tf.Tensor>('Select', { condition: rows!, t: a!, e: b! }),
    }),
    { rows: { shape: [2], dtype: 'bool' }, a: { shape: [2, 2] }, b: { shape: [2, 2] } },
  )
  const a = Float32Array.of(1, 2, 3, 4)
  const b = Float32Array.of(5, 6, 7, 8)
  const { y } = await compiled({ rows: Uint8Array.of(0, 1), a, b })
  expect([...y!.data]).toEqual([5, 6, 3, 4])
  await compiled.dispose()
})

test('addN is the sum of its terms, of any type', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes(2).chain((shape) => fc.tuple(floats(shape), floats(shape), integers(shape))),
      async ([a, b, i]) => {
        await expectSameAsCpu(({ i }) => ({ y: tf.addN([i!, i!, i!]) }), { i })
        await expectSameAsCpu(
          ({ a, b }) => ({ y: tf.addN([a!, b!, a!]) }),
          { a, b },
          {
            gradients: ['a', 'b'],
            against: 'differences',
          },
        )
      },
    ),
    runs,
  )
})

test('a product with ones on either side is what it would be with other numbers', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapePairs().chain(([a, b]) => fc.tuple(floats(a), fc.constant(b), fc.constantFrom(0, 1, 2))),
      ([a, shape, value]) =>
        expectSameAsCpu(
          ({ a }) => ({
            left: tf.mul(tf.fill(shape, value), a!),
            right: tf.mul(a!, tf.fill(shape, value)),
            sum: tf.add(tf.fill(shape, value), a!),
          }),
          { a },
          { gradients: ['a'] },
        ),
    ),
    runs,
  )
})

test('arithmetic on truth values is an error that says to cast', () => {
  const condition = { shape: [2], dtype: 'bool' } as const
  expect(() => trace(({ c }) => ({ y: tf.add(c!, c!) }), { c: condition })).toThrow('cast them')
})

function asFloats(
  { data, shape }: { data: ArrayLike<number>; shape: readonly number[] },
  step: number,
) {
  const values = Float32Array.from(data, (value) => value * step)
  return { data: values, shape, dtype: 'float32' } as const
}
