/**
 * Text with what a terminal would obey instead of showing made visible: control characters and marks that turn the
 * direction of writing become escapes such as `\n` and `\u202e`. A file may have any of them in its name.
 */
export function visible(text: string): string {
  return text.replace(obeyed, (character) => {
    const short = JSON.stringify(character).slice(1, -1)
    if (short.startsWith('\\')) return short
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

// eslint-disable-next-line no-control-regex
const obeyed = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
