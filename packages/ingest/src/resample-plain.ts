import { halfWidth, tapFunction, type Ratio } from './resample-taps.js'

/** The definition: one filter, sums in float64. See `resample`. */
export function resamplePlain(samples: Float32Array, { up, down }: Ratio): Float32Array {
  const output = new Float32Array(Math.round((samples.length * up) / down))
  const half = halfWidth(up, down)
  const tapsOf = phases(up, down)
  // A block is a whole number of rounds through the phases, so that each phase meets many outputs with one set of taps.
  const rounds = lanes * Math.ceil(blockSamples / (lanes * Math.max(up, down)))
  const block = new Float32Array(rounds * up)
  const input = new Float64Array((rounds + 1) * down + 2 * half + 1)
  for (let first = 0; first < output.length; first += block.length) {
    const outputs = Math.min(output.length - first, block.length)
    copyPadded(samples, (first / up) * down - half, input)
    for (let phase = 0; phase < Math.min(up, outputs); phase++) {
      // Output first + phase lies at input (phase · down) / up: a whole part and a remainder, which picks the taps.
      const start = Math.floor((phase * down) / up)
      const taps = tapsOf((phase * down) % up)
      for (let at = phase; at < outputs; at += lanes * up) {
        filterSix(input, start + ((at - phase) / up) * down, down, taps, block, at, up)
      }
    }
    output.set(block.subarray(0, outputs), first)
  }
  return output
}

/** Input samples a block holds, about: its float64 copy stays in the second-level cache. */
const blockSamples = 16384
/** Outputs computed at a time, see `filterSix`. */
const lanes = 6
/**
 * Taps kept for a ratio: 32 MB at most. Of a ratio with more, such as 16000/44101, the phases share one table by distance, half
 * as large by symmetry; where that is too large as well, each phase's taps are computed when it is met.
 */
const mostTapsKept = 4_000_000

/**
 * Six outputs of one phase. Neighbours are `down` input samples apart, so with taps taken in steps of `down` the sample
 * that one output needs now is the one that the output before it needs next: two loads serve six products.
 */
function filterSix(
  input: Float64Array,
  start: number,
  down: number,
  taps: Float64Array,
  output: Float32Array,
  at: number,
  up: number,
): void {
  const width = taps.length
  const offsets = Math.min(down, width)
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let sum4 = 0
  let sum5 = 0
  for (let offset = 0; offset < offsets; offset++) {
    let from = start + offset
    let x0 = input[from]!
    let x1 = input[(from += down)]!
    let x2 = input[(from += down)]!
    let x3 = input[(from += down)]!
    let x4 = input[(from += down)]!
    for (let k = offset; k < width; k += down) {
      const x5 = input[(from += down)]!
      const tap = taps[k]!
      sum0 += tap * x0
      sum1 += tap * x1
      sum2 += tap * x2
      sum3 += tap * x3
      sum4 += tap * x4
      sum5 += tap * x5
      x0 = x1
      x1 = x2
      x2 = x3
      x3 = x4
      x4 = x5
    }
  }
  output[at] = sum0
  output[at + up] = sum1
  output[at + 2 * up] = sum2
  output[at + 3 * up] = sum3
  output[at + 4 * up] = sum4
  output[at + 5 * up] = sum5
}

/** Samples from `start` on, with zeros outside the sound. */
function copyPadded(samples: Float32Array, start: number, into: Float64Array): void {
  const from = Math.max(0, start)
  const to = Math.min(samples.length, start + into.length)
  into.fill(0)
  if (to > from) into.set(samples.subarray(from, to), from - start)
}

const tables = new Map<string, (phase: number) => Float64Array>()

/** Taps of a phase in the order of the input, 2·half + 1 of them; kept by ratio. */
function phases(up: number, down: number): (phase: number) => Float64Array {
  const key = `${up}/${down}`
  const known = tables.get(key)
  if (known) return known
  const half = halfWidth(up, down)
  const width = 2 * half + 1
  const kept: (Float64Array | undefined)[] = []
  const keep = up * width <= mostTapsKept
  const exact = tapFunction(up, down)
  const tap = !keep && up * half < mostTapsKept ? tabled(exact, up * half) : exact
  const tapsOf = (phase: number) => {
    const found = kept[phase]
    if (found) return found
    const taps = new Float64Array(width)
    for (let k = 0; k < width; k++) taps[k] = tap(phase + (half - k) * up)
    if (keep) kept[phase] = taps
    return taps
  }
  // A corpus has few rates; a caller that tries many must not fill the memory.
  if (tables.size >= 8) tables.clear()
  tables.set(key, tapsOf)
  return tapsOf
}

/** The same taps, each computed once. */
function tabled(tap: (distance: number) => number, centre: number): (distance: number) => number {
  const table = new Float64Array(centre + 1)
  return (distance) => {
    const at = Math.abs(distance)
    if (at > centre) return 0
    // Those that are 0 are few.
    return table[at] || (table[at] = tap(at))
  }
}
