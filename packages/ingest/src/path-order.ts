/**
 * Order of two texts by code points: the same on every machine and in every language setting. It differs from `<`
 * only for characters beyond U+FFFF, which JavaScript stores as two units.
 */
export function comparePaths(left: string, right: string): number {
  const others = right[Symbol.iterator]()
  for (const character of left) {
    const other = others.next()
    if (other.done) return 1
    if (character !== other.value) return character.codePointAt(0)! - other.value.codePointAt(0)!
  }
  return others.next().done ? 0 : -1
}
