import { besselI0, halfWidth, rateRatio, type Ratio } from './resample-taps.js'

/**
 * How often a rate is halved before the filter that brings it to the new one: as long as half of it is still 1.25 times
 * the new rate. The filter needs a number of taps in proportion to the rate that it starts from.
 */
export function halvingsOf({ up, down }: Ratio): number {
  let halvings = 0
  while (down >= 1.25 * up * 2 ** (halvings + 1)) halvings++
  return halvings
}

/** What is left of a ratio after halvings. */
export function restOf({ up, down }: Ratio, halvings: number): Ratio {
  return rateRatio(down, up * 2 ** halvings)
}

/**
 * Taps of the half-band filter of one halving: a sinc under a Kaiser window, 120 dB, flat to the new rate's Nyquist
 * frequency and down where it would fold back below that. Every second tap but the centre is 0.
 *
 *   h[n] = 0.5 · sinc((n − centre) / 2) · kaiser(n),  n = 0…2·centre,  centre odd
 *
 * @param rate the rate that is halved, over the rate wanted in the end; more than 2
 * @returns the taps at even n; the centre's is 0.5
 * @see Vaidyanathan 1993, "Multirate Systems and Filter Banks", 4.6.2
 */
export function halvingTaps(rate: number): Float64Array {
  const transition = (2 * Math.PI * (rate / 2 - 1)) / rate
  const length = (halvingDb - 7.95) / (2.285 * transition) + 1
  const centre = 2 * Math.ceil((length - 3) / 4) + 1
  const beta = 0.1102 * (halvingDb - 8.7)
  const top = besselI0(beta)
  return Float64Array.from({ length: centre + 1 }, (_, i) => {
    const distance = 2 * i - centre
    const angle = (Math.PI * distance) / 2
    const window = besselI0(beta * Math.sqrt(1 - (distance / (centre + 1)) ** 2)) / top
    return 0.5 * (Math.sin(angle) / angle) * window
  })
}

/**
 * What a part of a sound must have so that its resampled samples are bit by bit those of the whole: it begins with a
 * whole number of rounds of `down` input and `up` output samples, and `reach` input samples lie around what is wanted.
 */
export function roundsOf(ratio: Ratio): Ratio & { readonly reach: number } {
  if (ratio.up === ratio.down) return { ...ratio, reach: 0 }
  const halvings = halvingsOf(ratio)
  const { up, down } = restOf(ratio, halvings)
  let reach = halfWidth(ratio.up, ratio.down) + 2 ** halvings
  for (let halving = 0; halving < halvings; halving++) {
    reach += 2 ** halving * halvingTaps(ratio.down / ratio.up / 2 ** halving).length
  }
  return { up, down: down * 2 ** halvings, reach }
}

const halvingDb = 120
