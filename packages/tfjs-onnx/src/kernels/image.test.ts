import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { expectSameAsCpu, floats } from './compare.fixture.js'

const side = fc.integer({ min: 1, max: 6 })

const resizings = fc
  .record({
    from: fc.tuple(side, side),
    to: fc.tuple(side, side),
    // The two exclude each other.
    alignment: fc.constantFrom('corners', 'centres', 'none'),
  })
  .map(({ from, to, alignment }) => ({
    shape: [2, ...from, 2],
    size: to,
    alignCorners: alignment === 'corners',
    halfPixelCenters: alignment === 'centres',
  }))
  .chain((resizing) => fc.tuple(fc.constant(resizing), floats(resizing.shape)))

test.each(['resizeBilinear', 'resizeNearestNeighbor'] as const)(
  '%s is as in the CPU backend, its gradient as differences',
  async (name) => {
    await fc.assert(
      fc.asyncProperty(resizings, ([{ size, alignCorners, halfPixelCenters }, x]) =>
        expectSameAsCpu(
          ({ x }) => ({
            y: tf.image[name](x as tf.Tensor4D, size, alignCorners, halfPixelCenters),
          }),
          { x },
          { gradients: ['x'], against: 'differences', tolerance: 1e-5 },
        ),
      ),
      { numRuns: 30 },
    )
  },
)

test('without half pixels, the gradients are as in the CPU backend, for one square', async () => {
  // The CPU backend gives the bilinear gradient the shape [batch, width, height, channels], and its gradient of the
  // nearest neighbour reads past the end of a second image.
  await fc.assert(
    fc.asyncProperty(floats([1, 3, 3, 2]), side, fc.boolean(), (x, size, alignCorners) =>
      expectSameAsCpu(
        ({ x }) => ({
          linear: tf.image.resizeBilinear(x as tf.Tensor4D, [size, 4], alignCorners),
          nearest: tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [size, 4], alignCorners),
        }),
        { x },
        { gradients: ['x'], tolerance: 1e-5 },
      ),
    ),
    { numRuns: 10 },
  )
})

test('with half pixels, each pixel gets what it gave', async () => {
  // Two pixels to four: the first and last are copies, between them lie 3/4·a + 1/4·b and 1/4·a + 3/4·b. The CPU
  // backend leaves half pixels out of the gradient: 1 + 1/2 + … of its own grid.
  const compiled = await compile(
    ({ x }) => ({
      dx: tf.grad((x) =>
        tf.sum(
          tf.mul(
            tf.image.resizeBilinear(x as tf.Tensor4D, [1, 4], false, true),
            tf.tensor4d([1, 2, 3, 4], [1, 1, 4, 1]),
          ),
        ),
      )(x!),
    }),
    { x: { shape: [1, 1, 2, 1] } },
  )
  const { dx } = await compiled({ x: Float32Array.of(1, 2) })
  expect([...dx!.data]).toEqual([1 + 2 * 0.75 + 3 * 0.25, 2 * 0.25 + 3 * 0.75 + 4])
  await compiled.dispose()
})

test('flipLeftRight is as in the CPU backend, its gradient as differences', async () => {
  await fc.assert(
    fc.asyncProperty(floats([2, 2, 3, 2]), (x) =>
      expectSameAsCpu(
        ({ x }) => ({ y: tf.image.flipLeftRight(x as tf.Tensor4D) }),
        { x },
        { gradients: ['x'], against: 'differences' },
      ),
    ),
    { numRuns: 3 },
  )
})
