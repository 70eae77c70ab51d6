import type { Speaker } from './folds-speakers.js'

/** After so many rounds through all pairs the groups stay as they are; few corpora need more than four. */
const mostRounds = 30

/**
 * Groups of speakers whose counts of utterances by emotion are as even as exchanges make them. Two speakers of one
 * gender in two groups change places where that lowers
 *
 *   Σ over groups and emotions (groups · count − total)²
 *
 * which is in whole numbers, so every machine agrees. All pairs are tried in the order given, again and again, until
 * no exchange helps. Each group keeps its number of speakers and of each gender.
 */
export function evenOut(groups: readonly (readonly Speaker[])[]): readonly (readonly Speaker[])[] {
  const evened = groups.map((group) => [...group])
  const emotions = [
    ...new Set(groups.flat().flatMap(({ counts = {} }) => Object.keys(counts))),
  ].sort()
  const countsOf = ({ counts = {} }: Speaker) => emotions.map((emotion) => counts[emotion] ?? 0)
  const own = new Map(groups.flat().map((speaker) => [speaker, countsOf(speaker)]))
  const surplus = surplusOf(evened, own, emotions.length)

  for (let round = 0; round < mostRounds; round++) {
    let exchanged = false
    for (const [i, group] of evened.entries()) {
      for (const [j, other] of evened.entries()) {
        if (j <= i) continue
        for (let a = 0; a < group.length; a++) {
          for (let b = 0; b < other.length; b++) {
            const [left, right] = [group[a]!, other[b]!]
            if (left.gender !== right.gender) continue
            const change = own
              .get(right)!
              .map((count, index) => evened.length * (count - own.get(left)![index]!))
            if (gainOf(surplus[i]!, surplus[j]!, change) <= 0) continue
            group[a] = right
            other[b] = left
            change.forEach((by, index) => {
              surplus[i]![index]! += by
              surplus[j]![index]! -= by
            })
            exchanged = true
          }
        }
      }
    }
    if (!exchanged) break
  }
  return evened
}

/** [groups][emotions]: groups · count − total. */
function surplusOf(
  groups: readonly (readonly Speaker[])[],
  own: ReadonlyMap<Speaker, readonly number[]>,
  emotions: number,
): number[][] {
  const sums = groups.map((group) =>
    Array.from({ length: emotions }, (_, index) =>
      group.reduce((sum, speaker) => sum + own.get(speaker)![index]!, 0),
    ),
  )
  return sums.map((counts) =>
    counts.map((count, index) => {
      const total = sums.reduce((sum, others) => sum + others[index]!, 0)
      return groups.length * count - total
    }),
  )
}

/** By how much the sum of squares falls. */
function gainOf(left: readonly number[], right: readonly number[], change: readonly number[]) {
  return change.reduce((gain, by, index) => {
    const [a, b] = [left[index]!, right[index]!]
    return gain + a * a + b * b - (a + by) ** 2 - (b - by) ** 2
  }, 0)
}
