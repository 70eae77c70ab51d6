import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shortened, wrapped } from './caption.js'

test('a line is broken at blanks, and nothing of it is lost', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrapped('one', 7)).toEqual(['one'])
  const words = fc.array(fc.stringMatching(/^\S{1,12}$/), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(words, fc.integer({ min: 12, max: 60 }), (given, most) => {
      const lines = wrapped(given.join(' '), most)
      expect(lines.join(' ')).toBe(given.join(' '))
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(most)
    }),
  )
})

test('lines are about as long as each other', () => {
  const words = 'word '.repeat(27).trim()
  expect(wrapped(words, 130).map(({ length }) => length)).toEqual([79, 54])
})

test('a word that is too long has a line of its own', () => {
  expect(wrapped('a verylongword b', 4)).toEqual(['a', 'verylongword', 'b'])
})

test('beginning and end of a long name stay, and a wide letter counts twice', () => {
  expect(shortened('short.wav', 9)).toBe('short.wav')
  expect(shortened('a-rather-long.wav', 9)).toBe('a-ra\u2026.wav')
  expect(shortened('\u540d'.repeat(9), 9)).toBe('\u540d\u540d\u2026\u540d\u540d')
})
