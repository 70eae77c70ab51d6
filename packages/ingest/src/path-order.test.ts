import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparePaths } from './path-order.js'

test('paths are in the order of their UTF-8 bytes, which is that of code points', () => {
  const path = fc.string({
    unit: fc.constantFrom('a', 'B', '/', ' ', 'ü', '\uff5e', 'Ω', '😀'),
    maxLength: 5,
  })
  fc.assert(
    fc.property(path, path, (left, right) => {
      expect(Math.sign(comparePaths(left, right))).toBe(
        Buffer.compare(Buffer.from(left), Buffer.from(right)),
      )
    }),
    { numRuns: 500 },
  )
  // By UTF-16 units the first would come last.
  expect(comparePaths('\uff5e', '😀')).toBeLessThan(0)
})
