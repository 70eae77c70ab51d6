import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connectedSpans } from './connected-spans.js'

type Times = readonly [number | null, number | null, string?]
const spans = (times: readonly Times[]) =>
  times.map(([startSeconds, endSeconds, digest = 'file']) => ({ digest, startSeconds, endSeconds }))
/** The spans of each name, by their places. */
const groupsOf = (...times: readonly Times[]) => {
  const names = connectedSpans(spans(times))
  return [...new Set(names)].map((name) =>
    names.flatMap((each, place) => (each === name ? [place] : [])),
  )
}

test('windows that slide over a file are one, and so is the whole with its parts', () => {
  expect(groupsOf([0, 2], [1.2, 3.2], [2.4, 4.4], [5, 6])).toEqual([[0, 1, 2], [3]])
  expect(groupsOf([null, null], [3, 4], [7, null])).toEqual([[0, 1, 2]])
  expect(groupsOf([3, 4], [null, 3.5], [3.8, null])).toEqual([[0, 1, 2]])
})

test('what touches, or has less than a tenth of a second in common, is apart; other files are', () => {
  expect(groupsOf([0, 2], [2, 4], [3.95, 5])).toEqual([[0], [1], [2]])
  expect(groupsOf([0, 2], [0, 2, 'other'], [1, 3, 'other'])).toEqual([[0], [1, 2]])
})

test('equal spans are one however short they are', () => {
  expect(groupsOf([1, 1.05], [1, 1.05], [1.05, 1.1])).toEqual([[0, 1], [2]])
  expect(groupsOf([0, 10], [3, 3.05], [4, 6])).toEqual([[0, 1, 2]])
})

test('groups do not depend on the order', () => {
  const span = fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 5 })).map(([start, length]) => ({
    digest: 'file',
    startSeconds: start / 2,
    endSeconds: (start + length) / 2,
  }))
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), (all) => {
      const names = connectedSpans(all)
      expect(connectedSpans([...all].reverse())).toEqual([...names].reverse())
      for (const [i, left] of all.entries()) {
        for (const [j, right] of all.entries()) {
          const common =
            Math.min(left.endSeconds, right.endSeconds) -
            Math.max(left.startSeconds, right.startSeconds)
          if (common >= 0.1) expect(names[i]).toBe(names[j])
        }
      }
    }),
  )
})
