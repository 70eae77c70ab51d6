/** A sample rate changes by up / down, in lowest terms. */
export interface Ratio {
  readonly up: number
  readonly down: number
}

/** The ratio between two rates in lowest terms. */
export function rateRatio(from: number, to: number): Ratio {
  const divisor = greatestCommonDivisor(from, to)
  return { up: to / divisor, down: from / divisor }
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

/** Half of the filter's length in input samples, by Kaiser's formula: as far as an output sample looks to each side. */
export function halfWidth(up: number, down: number): number {
  const nyquist = Math.min(1, up / down)
  const transition = Math.PI * (1 - passband) * nyquist
  return Math.ceil((stopbandDb - 7.95) / (2.285 * transition) / 2)
}

const stopbandDb = 105
const passband = 0.9125

/**
 * The tap at a distance from the centre, in samples of the rate old · up; 0 outside the filter.
 *
 * @param centre half of the filter's length, in the same samples
 */
export function tapFunction(
  up: number,
  down: number,
  centre = up * halfWidth(up, down),
): (distance: number) => number {
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
export function besselI0(x: number): number {
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
