import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { expectSameAsCpu, floats, integers } from './compare.fixture.js'

const size = fc.integer({ min: 1, max: 5 })
const runs = { numRuns: 20 }

const products = fc
  .record({
    batch: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    rows: size,
    inner: size,
    columns: size,
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  })
  .map(({ batch, rows, inner, columns, transposeA, transposeB }) => ({
    a: [...batch, ...(transposeA ? [inner, rows] : [rows, inner])],
    b: [...batch, ...(transposeB ? [columns, inner] : [inner, columns])],
    transposeA,
    transposeB,
  }))

test('matMul is as in the CPU backend, with each side transposed or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      products.chain((product) =>
        fc.tuple(fc.constant(product), floats(product.a), floats(product.b)),
      ),
      ([{ transposeA, transposeB }, a, b]) =>
        expectSameAsCpu(
          ({ a, b }) => ({ y: tf.matMul(a!, b!, transposeA, transposeB) }),
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

test('matMul broadcasts over leading axes, and so does its gradient', async () => {
  await fc.assert(
    fc.asyncProperty(floats([3, 2, 4]), floats([1, 4, 2]), (a, b) =>
      expectSameAsCpu(
        ({ a, b }) => ({ y: tf.matMul(a!, b!) }),
        { a, b },
        {
          gradients: ['a', 'b'],
          against: 'differences',
        },
      ),
    ),
    { numRuns: 3 },
  )
})

test('matMul of integers is as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      products.chain((product) =>
        fc.tuple(fc.constant(product), integers(product.a), integers(product.b)),
      ),
      ([{ transposeA, transposeB }, a, b]) =>
        expectSameAsCpu(({ a, b }) => ({ y: tf.matMul(a!, b!, transposeA, transposeB) }), { a, b }),
    ),
    { numRuns: 8 },
  )
})

test('dot and outer products, which are reshaped to matrices, are as in the CPU backend', async () => {
  await fc.assert(
    fc.asyncProperty(floats([4]), floats([4]), floats([4, 3]), (a, b, c) =>
      expectSameAsCpu(
        ({ a, b, c }) => ({
          dot: tf.dot(a!, b!),
          vectorMatrix: tf.dot(a!, c!),
          outer: tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
        }),
        { a, b, c },
        { gradients: ['a', 'b', 'c'], tolerance: 1e-5 },
      ),
    ),
    runs,
  )
})

const equations: [string, number[], number[]?][] = [
  ['ij,jk->ik', [2, 3], [3, 4]],
  ['ij,kj->ki', [2, 3], [4, 3]],
  ['bij,bjk->bik', [2, 3, 4], [2, 4, 2]],
  ['ij,ij->', [2, 3], [2, 3]],
  ['i,j->ij', [2], [3]],
  ['abc->ca', [2, 3, 4]],
  ['ij->', [2, 3]],
  ['ij->ji', [2, 3]],
]

test.each(equations)('einsum %s is as in the CPU backend', async (equation, first, second) => {
  await fc.assert(
    fc.asyncProperty(floats(first), floats(second ?? [1]), (a, b) =>
      second === undefined
        ? expectSameAsCpu(
            ({ a }) => ({ y: tf.einsum(equation, a!) }),
            { a },
            { gradients: ['a'], against: 'differences', tolerance: 1e-5 },
          )
        : expectSameAsCpu(
            ({ a, b }) => ({ y: tf.einsum(equation, a!, b!) }),
            { a, b },
            { gradients: ['a', 'b'], against: 'differences', tolerance: 1e-5 },
          ),
    ),
    { numRuns: 3 },
  )
})

test('einsum sums over what one side alone has', async () => {
  // Columns of [[1, 2, 3], [4, 5, 6]] add up to 5, 7 and 9. The CPU backend gives [3, 1] here.
  const compiled = await compile(
    ({ a, b }) => ({
      y: tf.einsum('ij,k->jk', a!, b!),
      da: tf.grad((a) => tf.sum(tf.einsum('ij,k->jk', a, b!)))(a!),
    }),
    { a: { shape: [2, 3] }, b: { shape: [2] } },
  )
  const { y, da } = await compiled({
    a: Float32Array.of(1, 2, 3, 4, 5, 6),
    b: Float32Array.of(1, 10),
  })
  expect([...y!.data]).toEqual([5, 50, 7, 70, 9, 90])
  expect([...da!.data]).toEqual(new Array(6).fill(11))
  await compiled.dispose()
})
