/**
 * For each of `count` things the first one, by its place, that it is linked to, directly or by way of others; itself
 * where there is none before it.
 */
export function firstLinked(
  count: number,
  links: readonly (readonly [number, number])[],
): number[] {
  const parents = Array.from({ length: count }, (_, place) => place)
  const rootOf = (place: number): number => {
    let root = place
    while (parents[root] !== root) root = parents[root]!
    return root
  }
  for (const [left, right] of links) {
    const roots = [rootOf(left), rootOf(right)]
    parents[Math.max(...roots)] = Math.min(...roots)
  }
  return parents.map((_, place) => rootOf(place))
}

/** Links between each value and the first one that is equal; null equals nothing. */
export function equalPairs(values: readonly (string | null)[]): (readonly [number, number])[] {
  const firsts = new Map<string, number>()
  return values.flatMap((value, place) => {
    if (value === null) return []
    const first = firsts.get(value)
    if (first === undefined) firsts.set(value, place)
    return first === undefined ? [] : [[first, place] as const]
  })
}
