import type { Audio } from '@serflow/core'

/** A sample rate changes by up / down, in lowest terms. */
export interface Ratio {
  readonly up: number
  readonly down: number
}

/**
 * The same sound at another sample rate: a polyphase FIR filter of linear phase, centred, so nothing is delayed.
 *
 *   y[i] = Σ x[k] · h[centre + i·down − k·up],  samples before the first and after the last are 0
 *
 * with h from `resamplingTaps`, up / down = new rate / old rate in lowest terms. Sums are float64.
 * Flat to 0.9125 of the lower Nyquist frequency (7.3 kHz for 16 kHz); aliases and images are below −100 dB.
 *
 * @returns round(samples · up / down) samples; the same object where the rate is already right
 * @throws RangeError if a rate is not a positive integer
 */
export function resample(audio: Audio, sampleRateHz: number): Audio {
  const from = audio.sampleRateHz
  if (from === sampleRateHz) return audio
  for (const rate of [from, sampleRateHz]) {
    if (!Number.isInteger(rate) || rate <= 0) {
      throw new RangeError(`a sample rate is ${rate} Hz, expected a positive integer`)
    }
  }
  return { samples: resampleBy(audio.samples, rateRatio(from, sampleRateHz)), sampleRateHz }
}

/** The ratio between two rates in lowest terms. */
export function rateRatio(from: number, to: number): Ratio {
  const divisor = greatestCommonDivisor(from, to)
  return { up: to / divisor, down: from / divisor }
}

/** Resampling by a ratio in lowest terms; see `resample`. */
export function resampleBy(samples: Float32Array, { up, down }: Ratio): Float32Array {
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

/**
 * Taps of the low-pass filter at the rate old · up: a sinc under a Kaiser window.
 *
 *   h[n] = gain · sinc(cutoff · (n − centre) / up) · I0(β·√(1 − ((n − centre)/centre)²)) / I0(β),  n = 0…2·centre
 *
 * cutoff is the middle of the transition band, in cycles per half an input sample; gain = cutoff, so that a constant
 * stays as it is. The band from 0.9125 to 1 of the lower Nyquist frequency is the transition; 105 dB below it.
 *
 * @param up new rate / greatest common divisor of the rates
 * @param down old rate / greatest common divisor
 * @returns 2·centre + 1 taps, symmetric
 * @see Kaiser 1974; Oppenheim & Schafer, "Discrete-Time Signal Processing", 7.5.3
 */
export function resamplingTaps(up: number, down: number): Float64Array {
  const centre = up * halfWidth(up, down)
  const tap = tapFunction(up, down)
  return Float64Array.from({ length: 2 * centre + 1 }, (_, n) => tap(n - centre))
}

const stopbandDb = 105
const passband = 0.9125
/** Input samples a block holds, about: its float64 copy stays in the second-level cache. */
const blockSamples = 16384
/** Outputs computed at a time, see `filterSix`. */
const lanes = 6
/** Taps kept for a ratio: 32 MB at most. A ratio with more computes each phase's taps when it meets it. */
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
  const tap = tapFunction(up, down)
  const kept: (Float64Array | undefined)[] = []
  const keep = up * width <= mostTapsKept
  const tapsOf = (phase: number) => {
    const found = kept[phase]
    if (found) return found
    const taps = Float64Array.from({ length: width }, (_, k) => tap(phase + (half - k) * up))
    if (keep) kept[phase] = taps
    return taps
  }
  // A corpus has few rates; a caller that tries many must not fill the memory.
  if (tables.size >= 8) tables.clear()
  tables.set(key, tapsOf)
  return tapsOf
}

/** Half of the filter's length in input samples, by Kaiser's formula: as far as an output sample looks to each side. */
export function halfWidth(up: number, down: number): number {
  const nyquist = Math.min(1, up / down)
  const transition = Math.PI * (1 - passband) * nyquist
  return Math.ceil((stopbandDb - 7.95) / (2.285 * transition) / 2)
}

/** The tap at a distance from the centre, in samples of the rate old · up; 0 outside the filter. */
function tapFunction(up: number, down: number): (distance: number) => number {
  const centre = up * halfWidth(up, down)
  const cutoff = ((1 + passband) / 2) * Math.min(1, up / down)
  const beta = 0.1102 * (stopbandDb - 8.7)
  const top = besselI0(beta)
  return (distance) => {
    const position = distance / centre
    if (Math.abs(position) > 1) return 0
    const angle = (Math.PI * cutoff * distance) / up
    const sinc = distance === 0 ? 1 : Math.sin(angle) / angle
    return (cutoff * sinc * besselI0(beta * Math.sqrt(1 - position * position))) / top
  }
}

/** Modified Bessel function of the first kind and order 0, by its series: Σ ((x/2)^k / k!)². */
function besselI0(x: number): number {
  const quarter = (x * x) / 4
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k)
    sum += term
  }
  return sum
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
