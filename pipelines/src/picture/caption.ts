/** Beginning and end of words that are wider than `most` letters; Chinese and the like have the width of two. */
export function shortened(words: string, most: number): string {
  const seen = [...new Intl.Segmenter().segment(words)].map(({ segment }) => segment)
  const widths = seen.map((each) => (each.codePointAt(0)! >= 0x1100 ? 2 : 1))
  if (sum(widths) <= most) return words
  let [start, end] = [0, seen.length]
  while (sum(widths.slice(0, start + 1)) < most / 2) start++
  while (sum(widths.slice(end - 1)) < most / 2) end--
  return `${seen.slice(0, start).join('')}\u2026${seen.slice(end).join('')}`
}

/**
 * Words in lines of at most `most` letters, broken at blanks, and of about one length, so that no word is left alone; a
 * word that is longer than that has a line of its own.
 */
export function wrapped(words: string, most: number): readonly string[] {
  const share = words.length / Math.ceil(words.length / most)
  const width = Math.min(most, Math.ceil(share) + 12)
  const lines: string[] = []
  let line = ''
  for (const word of words.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length > width && line !== '') {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
