/** Attributes by name; those that are undefined are left out. Numbers are rounded to a hundredth. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

/** An SVG element; its content is SVG already, see escaped. */
export function element(name: string, attributes: Attributes, ...content: string[]): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value!)}"`,
    )
    .join('')
  return content.length === 0
    ? `<${name}${list}/>`
    : `<${name}${list}>${content.join('')}</${name}>`
}

/** A text element, for words that may hold any character. */
export function label(words: string, attributes: Attributes): string {
  return element('text', attributes, escaped(words))
}

/** Text for XML 1.0: marks are escaped, and characters that it cannot hold at all are U+FFFD. */
export function escaped(words: string): string {
  return words
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (mark) => marks[mark]!)
}

/** A number to a hundredth, without needless digits. */
export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100 || 0)
}

/** A path through points, straight from one to the next. */
export function polyline(points: Iterable<readonly [number, number]>): string {
  let path = ''
  for (const [x, y] of points) path += `${path === '' ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`
  return path
}

const marks: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
