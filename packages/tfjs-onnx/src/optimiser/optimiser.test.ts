import { expect, test } from 'vitest'
import { createOptimiser } from './optimiser.js'

test('without decay or momentum a step of gradient descent is learning rate times gradient', () => {
  const { slots, step } = createOptimiser({ w: Float32Array.of(1, 2) }, { kind: 'sgd' })
  slots.w!.gradients.set([4, -8])
  step(0.25, 0.5)
  expect([...slots.w!.weights]).toEqual([0.5, 3])
})

test('the first step of Adam is the learning rate, whatever the size of the gradient', () => {
  const { slots, step } = createOptimiser({ w: new Float32Array(3) }, { kind: 'adam' })
  slots.w!.gradients.set([1e3, -1, 1e-3])
  step(0.5, 1)
  const expected = [-0.5, 0.5, -0.5]
  slots.w!.weights.forEach((weight, index) => expect(weight).toBeCloseTo(expected[index]!, 4))
})

test('only weights that decay do', () => {
  const initial = { w: Float32Array.of(1), bias: Float32Array.of(1) }
  const { slots, step } = createOptimiser(initial, { kind: 'adam', decay: 0.5, noDecay: ['bias'] })
  step(0.5, 1)
  expect(slots.w!.weights[0]).toBe(0.75)
  expect(slots.bias!.weights[0]).toBe(1)
})

test('the norm is of all gradients, and of nothing between them', () => {
  const initial = { a: new Float32Array(3), b: new Float32Array(17), c: new Float32Array(1) }
  const { slots, gradientNorm } = createOptimiser(initial, { kind: 'adam' })
  expect(gradientNorm()).toBe(0)
  slots.a!.gradients[2] = 2
  slots.b!.gradients[16] = 3
  slots.c!.gradients[0] = 6
  expect(gradientNorm()).toBe(7)
})

test('the initial values are copied', () => {
  const initial = Float32Array.of(1)
  const { slots } = createOptimiser({ w: initial }, { kind: 'sgd' })
  initial[0] = 5
  expect(slots.w!.weights[0]).toBe(1)
})

test('a name in noDecay that is no weight is an error', () => {
  expect(() =>
    createOptimiser({ w: new Float32Array(1) }, { kind: 'adam', noDecay: ['bias'] }),
  ).toThrow('there is no weight "bias"; expected some of w')
})

test.each([
  [{ kind: 'adam', beta1: 1 }, 'beta1 is 1'],
  [{ kind: 'adam', beta2: -0.1 }, 'beta2 is -0.1'],
  [{ kind: 'adam', epsilon: NaN }, 'epsilon is NaN'],
  [{ kind: 'adam', decay: -1 }, 'decay is -1'],
  [{ kind: 'sgd', momentum: 1 }, 'momentum is 1'],
] as const)('a setting out of its range is an error: %o', (options, message) => {
  expect(() => createOptimiser({ w: new Float32Array(1) }, options)).toThrow(message)
})
