import { bandPairs, hopSeconds, isSounding, leastFrames } from './fingerprint.js'

/** Two fingerprints that are of one recording, by their places in a list. */
export interface Likeness {
  readonly first: number
  readonly second: number
  /** What they have in common, as a share of the longer one: 1 for whole copies, small for an excerpt. */
  readonly share: number
}

/** From this share of the longer one on, two recordings are taken for one, and below it for parts of one. */
export const leastSameShare = 0.5

/**
 * Which fingerprints are of one recording, whole or in part, in the order of their places; what matches several is
 * paired with each.
 *
 * Two match where, at one shift, at most `mostErrors` of the bits differ in the frames that sound in both, which are
 * about a second or more and half of the shorter one, and where it fits there only: a tone that stands matches itself
 * at any shift, which says nothing. Neither do words that come again and again, as of a tone that swells. Of what is
 * shorter than a second fewer bits may differ, and it is no excerpt of a long one.
 *
 * Shifts are found by words of 12 bits that occur in both. The time grows with the square of the number of recordings.
 *
 * @param given fingerprints; null: what has none matches nothing
 */
export function sameRecordings(given: readonly (Uint32Array | null)[]): Likeness[] {
  const fingerprints = given.map((words) => (words && isVaried(words) ? words : null))
  const index = wordIndex(fingerprints)
  const found: Likeness[] = []
  for (const [second, own] of fingerprints.entries()) {
    if (!own) continue
    const shares = new Map<number, number>()
    for (const [first, shift] of index.likelyShifts(second)) {
      if (shares.has(first)) continue
      const share = shareInCommon(fingerprints[first]!, own, shift)
      if (share > 0) shares.set(first, share)
    }
    found.push(...[...shares].map(([first, share]) => ({ first, second, share })))
  }
  return found.sort((a, b) => a.first - b.first || a.second - b.second)
}

/**
 * Share of the bits that may differ. Codecs and half a hop of delay together reach 0.18; different utterances, one
 * sentence spoken by two or by one person twice among them, come down to 0.27, and of synthetic voices to 0.208.
 */
const mostErrors = 0.2
/** Elsewhere a recording that is told by its shift differs by more than this, in bits. */
const leastErrorsAside = 0.33
/** Windows that far apart share no sample. */
const aside = Math.ceil(0.256 / hopSeconds)
/** Words of 12 bits that agree at a shift, for it to be looked at. */
const leastVotes = 4

/** About a second of sound; of less, two different ones may look alike. */
const usualFrames = 32
/** The same for what is shorter: of a million pairs of 0.4 s of speech none comes below 0.14. */
const mostErrorsOfShort = 0.08

/** Of the longer one; 0 where they do not match. */
function shareInCommon(left: Uint32Array, right: Uint32Array, shift: number): number {
  const frames = [soundingFrames(left), soundingFrames(right)]
  const [shorter, longer] = [Math.min(...frames), Math.max(...frames)]
  const isShort = shorter < usualFrames
  const least = isShort ? Math.max(leastFrames, longer / 2) : Math.max(usualFrames, shorter / 2)
  const most = isShort ? mostErrorsOfShort : mostErrors
  // Where the delay is half a hop, both neighbours fit about as well; votes may be for either.
  const fits = [shift - 1, shift, shift + 1].find(
    (each) => compare(left, right, each, least).errors <= most,
  )
  if (fits === undefined) return 0
  const isElsewhere = [fits - aside, fits + aside].some(
    (other) => compare(left, right, other, leastFrames).errors < leastErrorsAside,
  )
  return isElsewhere ? 0 : compare(left, right, fits, least).frames / longer
}

/** Of speech nine of ten words are no other's, and of 0.4 s of it three of four; of a tone that swells and fades half. */
const leastDifferent = 0.7

function isVaried(words: Uint32Array): boolean {
  const sounding = words.filter((word) => word !== 0)
  return new Set(sounding).size >= leastDifferent * sounding.length
}

function soundingFrames(words: Uint32Array): number {
  return words.reduce((count, word) => count + (word === 0 ? 0 : 1), 0)
}

/** Frames in which left[i + shift] and right[i] both sound, and the share of bits that differ; NaN for fewer than `least`. */
function compare(left: Uint32Array, right: Uint32Array, shift: number, least: number) {
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
  return { frames, errors: frames < least ? NaN : errors / (frames * bandPairs) }
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
