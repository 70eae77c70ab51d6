import { isShared, kernelsOf, sharedArray } from './memory.js'

/** Four 32-bit words that choose a mask. */
export type SeedWords = readonly [number, number, number, number]

const chunk = 16384
let scratch: Float32Array | undefined

/**
 * Fills an array with a dropout mask: 0 with probability `rate`, else 1 / (1 − rate), so that the mean is 1.
 *
 * The numbers come from four interleaved xoshiro128+ generators whose states are mixed from the seed; a word
 * below ⌊rate·2³²⌋ drops. The same seed gives the same mask everywhere, and a longer mask begins with the shorter.
 * An array made by `sharedArray` is filled in place, another through a copy.
 *
 * @param rate probability of 0, from 0 up to and without 1
 * @param seedWords unsigned 32-bit integers; other numbers are taken modulo 2³²
 * @throws RangeError if `rate` is not in [0, 1)
 * @see Blackman & Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021)
 */
export function fillDropoutMask(target: Float32Array, rate: number, seedWords: SeedWords): void {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout rate ${rate} is not in [0, 1)`)
  const state = initialState(seedWords)
  const threshold = Math.floor(rate * 2 ** 32)
  const kept = 1 / (1 - rate)
  if (isShared(target)) {
    kernelsOf(target).dropoutMask(target, state, threshold, kept)
    return
  }
  scratch ??= sharedArray(chunk)
  for (let start = 0; start < target.length; start += chunk) {
    const part = scratch.subarray(0, Math.min(chunk, target.length - start))
    kernelsOf(part).dropoutMask(part, state, threshold, kept)
    target.set(part, start)
  }
}

// Word j of generator l, at 4·j + l: every word depends on all of the seed.
function initialState(seedWords: SeedWords): Uint32Array {
  const golden = 0x9e3779b9
  let digest = 0
  for (const word of seedWords) digest = mix((digest ^ word) + golden)
  const state = Uint32Array.from({ length: 16 }, (_, index) =>
    mix(seedWords[index >> 2]! ^ mix(digest + Math.imul(golden, index + 1))),
  )
  for (let lane = 0; lane < 4; lane++) {
    // A generator whose state is all zeros stays there.
    if (!(state[lane]! | state[4 + lane]! | state[8 + lane]! | state[12 + lane]!)) state[lane] = 1
  }
  return state
}

// The finaliser of MurmurHash3, a bijection of 32-bit words in which each bit moves all others.
function mix(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
