/** A seeded stream of numbers. Nothing else in the project draws random numbers. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** Standard normal, by Box and Muller. */
  normal(): number
  /** Beta(a, b), by Jöhnk's method; for a, b up to about 1. */
  beta(a: number, b: number): number
  /** The items in random order (Fisher and Yates), as a new array. */
  shuffle<T>(items: readonly T[]): T[]
  /** A word of 32 random bits, unsigned. */
  word(): number
}

/**
 * xoshiro128** seeded from text through FNV-1a and splitmix32, so that a stream is named by what it is for:
 * `random('dropout', seed, fold)`. The same names give the same numbers on every machine.
 *
 * @see Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators"
 */
export function random(...names: readonly (string | number)[]): Random {
  const state = seedState(names.join('\u0000'))
  let [a, b, c, d] = state

  function word(): number {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }
  const uniform = () => word() / 4294967296
  const integer = (bound: number) => Math.floor(uniform() * bound)

  return {
    word,
    uniform,
    integer,
    normal() {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
      return radius * Math.cos(2 * Math.PI * uniform())
    },
    beta(alpha, beta) {
      for (;;) {
        const x = uniform() ** (1 / alpha)
        const y = uniform() ** (1 / beta)
        if (x + y > 0 && x + y <= 1) return x / (x + y)
      }
    },
    shuffle(items) {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(last + 1)
        const item = shuffled[last]!
        shuffled[last] = shuffled[other]!
        shuffled[other] = item
      }
      return shuffled
    },
  }
}

function seedState(text: string): [number, number, number, number] {
  let hash = 2166136261
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 16777619)
  const next = () => {
    hash = (hash + 0x9e3779b9) | 0
    let mixed = hash ^ (hash >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
  return [next(), next(), next(), next()]
}
