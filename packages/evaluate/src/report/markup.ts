/** HTML or SVG that is safe to insert as it is. */
export interface Markup {
  readonly markup: string
}

export type Content = string | number | Markup | readonly Content[]

/**
 * A template for HTML and SVG: text put into it is escaped, markup is not, lists are joined. Escaping is what happens
 * when nothing is said, so that no name of a file or a class can break out of a page. Indentation of the template
 * is dropped, a line break stays.
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const literals = parts.map((part) => part.replace(/\s*\n\s*/g, '\n'))
  const inserted = contents.map((content, index) => markupOf(content) + literals[index + 1]!)
  return { markup: literals[0]! + inserted.join('') }
}

/** Nothing. */
export const nothing: Markup = { markup: '' }

/** Trusted text of this program, such as a style sheet. */
export function trusted(text: string): Markup {
  return { markup: text }
}

function markupOf(content: Content): string {
  if (typeof content === 'string') return escaped(content)
  if (typeof content === 'number') return String(content)
  if ('markup' in content) return content.markup
  return content.map(markupOf).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Also replaces control characters, which HTML cannot hold, and halves of surrogate pairs, which UTF-8 cannot. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character]!)
    .replace(/[^\P{Cc}\n\t]|\p{Cs}/gu, '\u{fffd}')
}
