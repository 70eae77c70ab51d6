/** The word that was probably meant: the known one with the fewest edits, if these are few; else undefined. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const [closest] = known
    .map((name) => ({ name, edits: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((left, right) => left.edits - right.edits)
  if (!closest) return undefined
  const { name, edits } = closest
  // A word that is changed throughout is another word.
  return edits <= Math.max(2, word.length / 3) && edits < word.length ? name : undefined
}

/** Levenshtein's distance: the fewest letters to insert, delete or replace. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const swap = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)
      next[j] = Math.min(swap, row[j]! + 1, next[j - 1]! + 1)
    }
    row = next
  }
  return row[right.length]!
}
