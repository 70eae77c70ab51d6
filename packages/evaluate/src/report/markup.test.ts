import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html, nothing, trusted } from './markup.js'

test('text is escaped, markup and trusted text are not, lists are joined', () => {
  const inner = html`<b>${'a < b & "c" \'d\''}</b>`
  expect(inner.markup).toBe('<b>a &lt; b &amp; &quot;c&quot; &#39;d&#39;</b>')
  expect(html`<p>${[inner, ' ', 1]}${nothing}${trusted('<hr>')}</p>`.markup).toBe(
    `<p>${inner.markup} 1<hr></p>`,
  )
})

test('no text breaks out of an element or an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { markup } = html`<i title="${text}">${text}</i>`
      expect(markup.match(/[<>]/g)).toHaveLength(4)
      expect(markup.match(/"/g)).toHaveLength(2)
    }),
  )
})

test('what neither HTML nor UTF-8 can hold is replaced', () => {
  expect(html`${'a\u0000b\ud800c\td😀'}`.markup).toBe('a\ufffdb\ufffdc\td😀')
})

test('the indentation of a template is dropped, that of text is kept', () => {
  const parts = ['<p>\n    ', '\n  </p>']
  const template = Object.assign(parts, { raw: parts })
  expect(html(template, 'a\n  b').markup).toBe('<p>\na\n  b\n</p>')
})
