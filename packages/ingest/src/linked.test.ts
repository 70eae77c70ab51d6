import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equalPairs, firstLinked } from './linked.js'

test('links lead to the first of a group, by way of others too', () => {
  expect(
    firstLinked(6, [
      [4, 5],
      [1, 4],
      [5, 2],
    ]),
  ).toEqual([0, 1, 1, 3, 1, 1])
  expect(firstLinked(0, [])).toEqual([])
})

test('whatever the order of the links, ends of a link are in one group and firsts are their own', () => {
  const link = fc.tuple(fc.nat(19), fc.nat(19))
  fc.assert(
    fc.property(fc.array(link, { maxLength: 30 }), (links) => {
      const firsts = firstLinked(20, links)
      for (const [left, right] of links) expect(firsts[left]).toBe(firsts[right])
      firsts.forEach((first, place) => {
        expect(first).toBeLessThanOrEqual(place)
        expect(firsts[first]).toBe(first)
      })
      expect(firstLinked(20, links.map(([a, b]) => [b, a] as const).reverse())).toEqual(firsts)
    }),
  )
})

test('equal values are linked to the first of them, and null to nothing', () => {
  expect(equalPairs(['a', null, 'b', 'a', null, 'a'])).toEqual([
    [0, 3],
    [0, 5],
  ])
})
