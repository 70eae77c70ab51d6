/** The minimal standard generator of Park and Miller, which the golden scripts use too: numbers in (0, 1). */
export function parkMiller(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}
