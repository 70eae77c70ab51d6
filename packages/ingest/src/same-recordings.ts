import { bandPairs, hopSeconds, isSounding, leastFrames } from './fingerprint.js'

/**
 * Which fingerprints are of one recording, whole or in part. Pairs of places in the list, ascending; a recording that
 * matches several is paired with each.
 *
 * Two are the same where, at one shift, at most `mostErrors` of the bits differ in the frames that sound in both, which
 * are about a second or more and half of the shorter one (turns of a conversation may overlap), and where it fits there only: a tone that stands matches itself at any shift, which says nothing.
 *
 * Shifts are found by words of 12 bits that occur in both. The time grows with the square of the number of recordings.
 *
 * @param fingerprints null: what has none matches nothing
 */
export function sameRecordings(
  fingerprints: readonly (Uint32Array | null)[],
): (readonly [number, number])[] {
  const index = wordIndex(fingerprints)
  const pairs: (readonly [number, number])[] = []
  for (const [second, own] of fingerprints.entries()) {
    if (!own) continue
    const matched = new Set<number>()
    for (const [first, shift] of index.likelyShifts(second)) {
      if (matched.has(first) || !isSame(fingerprints[first]!, own, shift)) continue
      matched.add(first)
    }
    pairs.push(...[...matched].map((first) => [first, second] as const))
  }
  return pairs.sort(([a, b], [c, d]) => a - c || b - d)
}

/**
 * Share of the bits that may differ. Codecs and half a hop of delay together reach 0.18; different utterances, one
 * sentence spoken by two or by one person twice among them, come down to 0.27.
 */
const mostErrors = 0.21
/** Elsewhere a recording that is told by its shift differs by more than this, in bits. */
const leastErrorsAside = 0.33
/** Windows that far apart share no sample. */
const aside = Math.ceil(0.256 / hopSeconds)
/** Words of 12 bits that agree at a shift, for it to be looked at. */
const leastVotes = 4

function isSame(left: Uint32Array, right: Uint32Array, shift: number): boolean {
  const least = Math.max(leastFrames, Math.min(soundingFrames(left), soundingFrames(right)) / 2)
  // Where the delay is half a hop, both neighbours fit about as well; votes may be for either.
  const fits = [shift - 1, shift, shift + 1].find(
    (each) => errorShare(left, right, each, least) <= mostErrors,
  )
  if (fits === undefined) return false
  return [fits - aside, fits + aside].every(
    (other) => !(errorShare(left, right, other, leastFrames / 2) < leastErrorsAside),
  )
}

function soundingFrames(words: Uint32Array): number {
  return words.reduce((count, word) => count + (word === 0 ? 0 : 1), 0)
}

/** Share of bits that differ where left[i + shift] and right[i] both sound; NaN for fewer than `least` frames. */
function errorShare(left: Uint32Array, right: Uint32Array, shift: number, least: number): number {
  let frames = 0
  let errors = 0
  const end = Math.min(right.length, left.length - shift)
  for (let i = Math.max(0, -shift); i < end; i++) {
    const a = left[i + shift]!
    const b = right[i]!
    if (!(a & b & isSounding)) continue
    frames++
    errors += bitCount(a ^ b)
  }
  return frames < least ? NaN : errors / (frames * bandPairs)
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** Where each half of a word occurs. */
function wordIndex(fingerprints: readonly (Uint32Array | null)[]) {
  const halves = 2
  const bits = bandPairs / halves
  const keyOf = (word: number, half: number) =>
    (half << bits) | ((word >>> (half * bits)) & ((1 << bits) - 1))
  const frames = fingerprints.reduce((sum, words) => sum + (words?.length ?? 0), 0)
  const longest = fingerprints.reduce((most, words) => Math.max(most, words?.length ?? 0), 0)

  // A counting sort of all frames by their key; `owners` and `places` tell whose frame it is, and which.
  const starts = new Uint32Array((halves << bits) + 1)
  const each = (take: (key: number, owner: number, place: number) => void) => {
    fingerprints.forEach((words, owner) =>
      words?.forEach((word, place) => {
        if (word === 0) return
        for (let half = 0; half < halves; half++) take(keyOf(word, half), owner, place)
      }),
    )
  }
  each((key) => starts[key + 1]!++)
  for (let key = 1; key < starts.length; key++) starts[key]! += starts[key - 1]!
  const owners = new Uint32Array(halves * frames)
  const places = new Uint32Array(halves * frames)
  const next = starts.slice()
  each((key, owner, place) => {
    const at = next[key]!++
    owners[at] = owner
    places[at] = place
  })

  // Votes for each earlier recording and shift: the room of one begins at `rooms[owner]`.
  const rooms = new Float64Array(fingerprints.length + 1)
  fingerprints.forEach((words, owner) => {
    rooms[owner + 1] = rooms[owner]! + (words ? words.length + longest : 0)
  })
  const votes = new Uint16Array(rooms.at(-1)!)
  return {
    /** Earlier recordings and shifts that several words agree on, most first. */
    likelyShifts(own: number): (readonly [number, number])[] {
      const found: { readonly owner: number; readonly slot: number }[] = []
      const cast = (take: (slot: number, owner: number) => void) => {
        fingerprints[own]!.forEach((word, place) => {
          if (word === 0) return
          for (let half = 0; half < halves; half++) {
            const key = keyOf(word, half)
            for (let at = starts[key]!; at < next[key]! && owners[at]! < own; at++) {
              take(rooms[owners[at]!]! + places[at]! - place + longest, owners[at]!)
            }
          }
        })
      }
      cast((slot, owner) => {
        if (++votes[slot]! === leastVotes) found.push({ owner, slot })
      })
      const counted = found.map((each) => ({ ...each, count: votes[each.slot]! }))
      cast((slot) => (votes[slot] = 0))
      return counted
        .sort((left, right) => right.count - left.count || left.slot - right.slot)
        .map(({ owner, slot }) => [owner, slot - rooms[owner]! - longest])
    },
  }
}
