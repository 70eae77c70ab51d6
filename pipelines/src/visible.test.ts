import fc from 'fast-check'
import { expect, test } from 'vitest'
import { visible } from './visible.js'

test.each([
  ['new\nline.wav', 'new\\nline.wav'],
  ['a\tb\rc', 'a\\tb\\rc'],
  ['\u001b[31mred.wav', '\\u001b[31mred.wav'],
  ['\u009b2J', '\\u009b2J'],
  ['voice\u202egpj.wav', 'voice\\u202egpj.wav'],
  ['\u2028', '\\u2028'],
])('%j is shown as %s', (text, shown) => expect(visible(text)).toBe(shown))

test('letters of any script, signs and blanks stay as they are', () => {
  for (const text of ['Größe Ω データ 😀', 'שלום', '<script>"\\n"</script>', 'a b\u00a0c']) {
    expect(visible(text)).toBe(text)
  }
})

test('nothing that a terminal obeys is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visible(text)).not.toMatch(/\p{Cc}|[\u2028-\u202e\u2066-\u2069]/u)
    }),
  )
})
