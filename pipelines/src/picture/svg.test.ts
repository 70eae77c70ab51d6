import fc from 'fast-check'
import { expect, test } from 'vitest'
import { element, escaped, label, polyline, rounded } from './svg.js'

test('words with marks, accents and emoji are kept; what XML cannot hold is replaced', () => {
  expect(escaped('Grüße <&> "你好" 🎙')).toBe('Grüße &lt;&amp;&gt; &quot;你好&quot; 🎙')
  expect(escaped('a\0b\u001bc\ud800d\ufffee')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde')
})

test('no words can leave their element', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (words) => {
      const svg = label(words, { 'data-name': words })
      expect(svg).toMatch(/^<text data-name="[^"<>]*">[^<>]*<\/text>$/)
    }),
  )
})

test('numbers are rounded, without a minus before zero', () => {
  expect([1 / 3, -0.001, 12, 1e-9].map(rounded)).toEqual(['0.33', '0', '12', '0'])
  expect(element('rect', { x: 2 / 3, class: undefined })).toBe('<rect x="0.67"/>')
  expect(
    polyline([
      [0, 1],
      [2.345, -3],
    ]),
  ).toBe('M0 1L2.35 -3')
})
