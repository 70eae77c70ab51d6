import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { kernelsOf, sharedArray } from './memory.js'
import { plainKernels } from './plain.js'

const value = fc.float({ min: -8, max: 8, noNaN: true })
const fraction = fc.double({ min: 0, max: 0.999, noNaN: true })
const words = fc.array(fc.nat(2 ** 32 - 1), { minLength: 16, maxLength: 16 })

/** The same arrays, each a multiple of four long, in shared memory and in ordinary memory. */
const quadruples = fc.integer({ min: 1, max: 6 }).chain((fours) => {
  const array = fc.array(value, { minLength: 4 * fours, maxLength: 4 * fours })
  return fc.tuple(array, array, array, array).map((arrays) => {
    const block = sharedArray(16 * fours)
    return {
      shared: arrays.map((values, index) => {
        const view = block.subarray(4 * fours * index, 4 * fours * (index + 1))
        view.set(values)
        return view
      }),
      plain: arrays.map((values) => Float32Array.from(values)),
    }
  })
})

test('shared arrays have kernels of their own, other arrays the plain ones', () => {
  expect(kernelsOf(sharedArray(4))).not.toBe(plainKernels)
  expect(kernelsOf(new Float32Array(4))).toBe(plainKernels)
})

test('the sum of squares has the bits of the plain one', () => {
  fc.assert(
    fc.property(quadruples, ({ shared, plain }) => {
      expect(kernelsOf(shared[0]!).sumOfSquares(shared[0]!)).toBe(
        plainKernels.sumOfSquares(plain[0]!),
      )
    }),
  )
})

test('a step of AdamW has the bits of the plain one', () => {
  const constants = fc.record({
    gradientScale: fraction,
    keep: fraction,
    beta1: fraction,
    beta2: fraction,
    rate: fraction,
    correction: fc.double({ min: 1, max: 100, noNaN: true }),
    epsilon: fc.constant(1e-8),
  })
  fc.assert(
    fc.property(quadruples, constants, ({ shared, plain }, step) => {
      for (const [arrays, kernels] of [
        [shared, kernelsOf(shared[0]!)],
        [plain, plainKernels],
      ] as const) {
        const [weights, gradients, means, squares] = arrays
        squares!.forEach((square, index) => (squares![index] = Math.abs(square)))
        kernels.adam(
          { weights: weights!, gradients: gradients!, means: means!, squares: squares! },
          step,
        )
      }
      expect(shared.map((array) => [...array])).toEqual(plain.map((array) => [...array]))
    }),
  )
})

test('a step of gradient descent has the bits of the plain one', () => {
  const constants = fc.record({
    gradientScale: fraction,
    decay: fraction,
    momentum: fraction,
    rate: fraction,
  })
  fc.assert(
    fc.property(quadruples, constants, ({ shared, plain }, step) => {
      for (const [arrays, kernels] of [
        [shared, kernelsOf(shared[0]!)],
        [plain, plainKernels],
      ] as const) {
        const [weights, gradients, velocities] = arrays
        kernels.sgd({ weights: weights!, gradients: gradients!, velocities: velocities! }, step)
      }
      expect(shared.map((array) => [...array])).toEqual(plain.map((array) => [...array]))
    }),
  )
})

test('a dropout mask has the bits of the plain one, and so has the state after it', () => {
  fc.assert(
    fc.property(words, fc.nat(40), fraction, (state, length, rate) => {
      const target = sharedArray(length + 4)
      const masks = [target.subarray(0, length), new Float32Array(length)] as const
      const states = [Uint32Array.from(state), Uint32Array.from(state)] as const
      const threshold = Math.floor(rate * 2 ** 32)
      kernelsOf(target).dropoutMask(masks[0], states[0], threshold, 1 / (1 - rate))
      plainKernels.dropoutMask(masks[1], states[1], threshold, 1 / (1 - rate))
      expect(masks[0]).toEqual(masks[1])
      expect(states[0]).toEqual(states[1])
      // Nothing is written past the end.
      expect([...target.subarray(length)]).toEqual([0, 0, 0, 0])
    }),
  )
})

test('an array of more than 4 GiB is an error that says so', () => {
  expect(() => sharedArray(2 ** 30)).toThrow('4 GiB')
})

test('where WebAssembly has no SIMD, arrays are ordinary and kernels plain', async () => {
  vi.stubGlobal('WebAssembly', { validate: () => false })
  vi.resetModules()
  const { kernelsOf: fallback, sharedArray: ordinary } = await import('./memory.js')
  const { plainKernels: plain } = await import('./plain.js')
  expect(ordinary(3)).toEqual(new Float32Array(3))
  expect(fallback(ordinary(4))).toBe(plain)
  vi.unstubAllGlobals()
})
