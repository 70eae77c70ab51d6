import { random } from '@serflow/core'
import type { Speaker } from './folds-speakers.js'
import { groupBy } from './groups.js'

/** Pairs of speakers that are looked at in all trials together; they take about a tenth of a second. */
const mostPairs = 30_000
const mostTrials = 100

/**
 * Speakers in groups alike in gender and emotions. They are dealt like cards, one gender after the other, where the
 * next goes on where the last one stopped: groups differ by at most one speaker, and by at most one of each gender.
 * Then speakers of one gender change places as long as that makes the counts of utterances by emotion more even.
 *
 * Exchanges end where no pair helps, which need not be the best there is; so they begin anew from other orders of the
 * speakers and genders (seeded, so the same everywhere), and the first of the most even is taken. Of a dozen speakers
 * that is nearly always the best there is; of many, where a trial takes longer, there are fewer trials.
 *
 * @param speakers in the order of the first trial
 * @param groups 1 to the number of speakers
 */
export function mostEven(
  speakers: readonly Speaker[],
  groups: number,
): readonly (readonly Speaker[])[] {
  const pairs = Math.max(1, (speakers.length * (speakers.length - 1)) / 2)
  // Groups of one are what they are.
  const trials = groups < speakers.length ? Math.min(mostTrials, Math.ceil(mostPairs / pairs)) : 1
  let best = evenOut(dealt(speakers, groups))
  for (let trial = 1; trial < trials && best.unevenness > 0; trial++) {
    const found = evenOut(dealt(random('k-speakers', trial).shuffle(speakers), groups))
    if (found.unevenness < best.unevenness) best = found
  }
  return best.groups
}

/** Genders in the order in which they first occur. */
function dealt(speakers: readonly Speaker[], groups: number): readonly (readonly Speaker[])[] {
  const cards = [...groupBy(speakers, ({ gender }) => gender).values()].flat()
  return Array.from({ length: groups }, (_, group) =>
    cards.filter((_, index) => index % groups === group),
  )
}

/** After so many rounds through all pairs the groups stay as they are; few corpora need more than four. */
const mostRounds = 30

interface Grouped {
  readonly groups: readonly (readonly Speaker[])[]
  /** Σ over groups and emotions (groups · count − total)², in whole numbers, so that every machine agrees. */
  readonly unevenness: number
}

/**
 * Two speakers of one gender in two groups change places where that lowers the unevenness. All pairs are tried in the
 * order given, again and again, until no exchange helps. Each group keeps its number of speakers and of each gender.
 */
function evenOut(groups: readonly (readonly Speaker[])[]): Grouped {
  const evened = groups.map((group) => [...group])
  const own = scaledCounts(groups)
  const surplus = surplusOf(groups, own)
  for (let round = 0, exchanged = true; exchanged && round < mostRounds; round++) {
    exchanged = false
    for (const [i, group] of evened.entries()) {
      for (let j = i + 1; j < evened.length; j++) {
        const other = evened[j]!
        for (let a = 0; a < group.length; a++) {
          for (let b = 0; b < other.length; b++) {
            const [left, right] = [group[a]!, other[b]!]
            if (left.gender !== right.gender) continue
            if (!exchange(surplus[i]!, surplus[j]!, own.get(left)!, own.get(right)!)) continue
            group[a] = right
            other[b] = left
            exchanged = true
          }
        }
      }
    }
  }
  const unevenness = surplus.reduce(
    (sum, values) => values.reduce((squares, value) => squares + value * value, sum),
    0,
  )
  return { groups: evened, unevenness }
}

/** Groups · count of each emotion. */
function scaledCounts(groups: readonly (readonly Speaker[])[]): ReadonlyMap<Speaker, Float64Array> {
  const speakers = groups.flat()
  const emotions = [...new Set(speakers.flatMap(({ counts = {} }) => Object.keys(counts)))].sort()
  return new Map(
    speakers.map((speaker) => [
      speaker,
      Float64Array.from(emotions, (emotion) => groups.length * (speaker.counts?.[emotion] ?? 0)),
    ]),
  )
}

/** By group and emotion: groups · count − total. */
function surplusOf(
  groups: readonly (readonly Speaker[])[],
  own: ReadonlyMap<Speaker, Float64Array>,
): Float64Array[] {
  const sums = groups.map((group) =>
    own.get(group[0]!)!.map((_, emotion) => {
      return group.reduce((sum, speaker) => sum + own.get(speaker)![emotion]!, 0)
    }),
  )
  return sums.map((counts) =>
    counts.map((count, emotion) => {
      return count - sums.reduce((sum, others) => sum + others[emotion]!, 0) / groups.length
    }),
  )
}

/** Moves what `right` has more than `left` to the first group where the sum of squares falls by that. */
function exchange(
  first: Float64Array,
  second: Float64Array,
  left: Float64Array,
  right: Float64Array,
): boolean {
  let gain = 0
  for (let emotion = 0; emotion < first.length; emotion++) {
    const by = right[emotion]! - left[emotion]!
    gain += by * (second[emotion]! - first[emotion]! - by)
  }
  if (gain <= 0) return false
  for (let emotion = 0; emotion < first.length; emotion++) {
    const by = right[emotion]! - left[emotion]!
    first[emotion]! += by
    second[emotion]! -= by
  }
  return true
}
