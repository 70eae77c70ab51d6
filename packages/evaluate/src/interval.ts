/** A mean over speakers and the interval it is known to. Bounds are null where one speaker alone tells nothing of others. */
export interface SpeakerMean {
  readonly mean: number
  readonly low: number | null
  readonly high: number | null
}

/**
 * Student's t interval of a mean over speakers:
 *
 *   mean ± t((1 + confidence)/2, n − 1) · s/√n,  s² = Σ (x − mean)² / (n − 1)
 *
 * The speaker is the unit, since clips of one speaker are alike. With few speakers it covers what it says, where
 * resampling speakers covers too little.
 *
 * @param values one a speaker, such as the speaker's own unweighted average recall
 * @param confidence 0..1 exclusive, such as 0.95
 * @throws RangeError if there is no value, or confidence is not between 0 and 1
 */
export function speakerInterval(values: readonly number[], confidence: number): SpeakerMean {
  const speakers = values.length
  if (speakers === 0) throw new RangeError('a mean over no speaker is not defined')
  const mean = sum(values) / speakers
  if (speakers === 1) return { mean, low: null, high: null }
  const variance = sum(values.map((value) => (value - mean) ** 2)) / (speakers - 1)
  const half = centralT(confidence, speakers - 1) * Math.sqrt(variance / speakers)
  return { mean, low: mean - half, high: mean + half }
}

/**
 * Mean of left − right over speakers, with its interval. Paired: what makes a speaker easy or hard for both cancels.
 *
 * @param left one value a speaker
 * @param right of the same speakers in the same order
 * @throws RangeError if the lengths differ or are 0
 */
export function pairedDifference(
  left: readonly number[],
  right: readonly number[],
  confidence: number,
): SpeakerMean {
  if (left.length !== right.length) {
    throw new RangeError(`${left.length} speakers cannot be paired with ${right.length}`)
  }
  return speakerInterval(
    left.map((value, index) => value - right[index]!),
    confidence,
  )
}

/**
 * The t with probability `confidence` between −t and t: the quantile at (1 + confidence)/2 of Student's distribution.
 *
 * With t = √df · tan θ the probability is a finite sum of positive terms in θ, so θ is found by halving (0, π/2).
 *
 * @param confidence 0..1 exclusive
 * @param degreesOfFreedom positive integer
 * @throws RangeError outside of these
 * @see Abramowitz & Stegun, 26.7.3 and 26.7.4
 */
export function centralT(confidence: number, degreesOfFreedom: number): number {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`confidence is ${confidence}, expected a number between 0 and 1`)
  }
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new RangeError(`degreesOfFreedom is ${degreesOfFreedom}, expected a positive integer`)
  }
  let low = 0
  let high = Math.PI / 2
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return Math.sqrt(degreesOfFreedom) * Math.tan(middle)
    if (centralProbability(middle, degreesOfFreedom) < confidence) low = middle
    else high = middle
  }
}

/** Probability between −t and t, t = √df · tan θ. */
function centralProbability(theta: number, degreesOfFreedom: number): number {
  const cosine = Math.cos(theta)
  const odd = degreesOfFreedom % 2 === 1
  let term = odd ? cosine : 1
  let series = odd && degreesOfFreedom === 1 ? 0 : term
  for (let k = odd ? 3 : 2; k < degreesOfFreedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine
    series += term
  }
  const probability = Math.sin(theta) * series
  return odd ? (2 / Math.PI) * (theta + probability) : probability
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
