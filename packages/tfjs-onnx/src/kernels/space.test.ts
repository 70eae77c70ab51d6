import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { expectSameAsCpu, floats, integers } from './compare.fixture.js'

const small = (max: number, min = 1) => fc.integer({ min, max })

test('spaceToBatchND and batchToSpaceND are as in the CPU backend, with their gradients', async () => {
  await fc.assert(
    fc.asyncProperty(floats([2, 4, 3, 2]), floats([12, 2, 3, 2]), (space, batch) =>
      expectSameAsCpu(
        ({ space, batch }) => ({
          toBatch: tf.spaceToBatchND(
            space!,
            [2, 3],
            [
              [1, 1],
              [0, 3],
            ],
          ),
          toSpace: tf.batchToSpaceND(
            batch!,
            [3, 2],
            [
              [1, 2],
              [0, 1],
            ],
          ),
        }),
        { space, batch },
        { gradients: ['space', 'batch'] },
      ),
    ),
    { numRuns: 4 },
  )
})

test('depthToSpace is as in the CPU backend, its gradient as differences', async () => {
  await fc.assert(
    fc.asyncProperty(floats([2, 2, 3, 8]), (x) =>
      expectSameAsCpu(
        ({ x }) => ({ y: tf.depthToSpace(x as tf.Tensor4D, 2) }),
        { x },
        { gradients: ['x'], against: 'differences' },
      ),
    ),
    { numRuns: 3 },
  )
})

test('depthToSpace of channels-first images takes the channels apart in the same order', async () => {
  const compiled = await compile(({ x }) => ({ y: tf.depthToSpace(x as tf.Tensor4D, 2, 'NCHW') }), {
    x: { shape: [1, 4, 1, 2] },
  })
  const { y } = await compiled({ x: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) })
  expect(y!.shape).toEqual([1, 1, 2, 4])
  expect([...y!.data]).toEqual([1, 3, 2, 4, 5, 7, 6, 8])
  await compiled.dispose()
})

test('mirrorPad is as in the CPU backend, its gradient as differences', async () => {
  const mirrored = fc.record({
    mode: fc.constantFrom<'reflect' | 'symmetric'>('reflect', 'symmetric'),
    paddings: fc.array(fc.tuple(small(2, 0), small(2, 0)), { minLength: 3, maxLength: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(
      mirrored,
      floats([3, 4, 3]),
      integers([3, 4, 3]),
      async ({ mode, paddings }, x, i) => {
        await expectSameAsCpu(
          ({ x }) => ({ y: tf.mirrorPad(x!, paddings, mode) }),
          { x },
          { gradients: ['x'], against: 'differences' },
        )
        await expectSameAsCpu(({ i }) => ({ y: tf.mirrorPad(i!, paddings, mode) }), { i })
      },
    ),
    { numRuns: 8 },
  )
})
