import { expect, test } from 'vitest'
import { counted, level, listed, percent, points } from './wording.js'

test('long lists are cut and say how much is missing', () => {
  expect(listed(['a', 'b'])).toBe('a, b')
  expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more')
})

test('a noun agrees with its number', () => {
  expect(counted(1, 'fold')).toBe('1 fold')
  expect(counted(0, 'fold')).toBe('0 folds')
  expect(counted(2, 'copy', 'copies')).toBe('2 copies')
})

test('rates are per cent with one decimal, levels without needless ones', () => {
  expect(percent(0.6541)).toBe('65.4 %')
  expect(percent(1)).toBe('100.0 %')
  expect(level(0.95)).toBe('95 %')
  expect(level(0.999)).toBe('99.9 %')
})

test('differences are points with a sign, and nothing is +0.0 or −0.0', () => {
  expect(points(0.0123)).toBe('+1.2')
  expect(points(-0.0123)).toBe('−1.2')
  expect(points(-0.0001)).toBe('0.0')
})
