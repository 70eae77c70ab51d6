import { expect, test } from 'vitest'
import { oneCycle } from './schedule.js'

test('the schedule is that of PyTorch', () => {
  // torch 2.15: OneCycleLR(SGD([p], lr=1), max_lr=0.5, total_steps=10), lr of each step
  const torch = [
    0.02, 0.26, 0.5, 0.475242316, 0.405872827, 0.305631011, 0.194370989, 0.094129173, 0.024759684,
    2e-6,
  ]
  torch.forEach((rate, step) => expect(oneCycle(step, 10, 0.5)).toBeCloseTo(rate, 8))
})

test.each([1, 2, 3, 7])('%i steps stay between 0 and the peak', (steps) => {
  for (let step = 0; step < steps; step++) {
    const rate = oneCycle(step, steps, 1)
    expect(rate).toBeGreaterThan(0)
    expect(rate).toBeLessThanOrEqual(1)
  }
})
