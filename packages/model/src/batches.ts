import type { Random } from '@serflow/core'
import type { Standardiser } from './standardise.js'

/** A clip's embeddings with what training needs to know of it. */
export interface Example {
  readonly utteranceId: string
  /** Class index. */
  readonly label: number
  /** What is taught instead of the label alone: the share of each class. */
  readonly shares?: readonly number[]
  /** The original and its copies: [segments·dimension] each. */
  readonly variants: readonly Float32Array[]
}

/** One drawn variant in a batch. */
export interface Draw {
  readonly label: number
  readonly shares?: readonly number[]
  readonly values: Float32Array
  readonly segments: number
}

/**
 * One epoch in batches of clips of like length, in random order. Like lengths keep padding small (1.7 times fewer
 * steps than padding all to the longest). Each example is drawn once, as one of its variants.
 *
 * With `classDraws` exactly so many of each class are drawn: each example as often as the others of its class, and
 * what is left over goes to some of them, other ones each epoch. An example that is drawn again comes as another of
 * its variants, as long as there is one.
 *
 * @param classDraws by class index
 */
export function epochBatches(
  examples: readonly Example[],
  dimension: number,
  batch: number,
  random: Random,
  classDraws?: readonly number[],
): readonly (readonly Draw[])[] {
  const times = classDraws ? timesOf(examples, classDraws, random) : undefined
  const draws = random.shuffle(
    examples.flatMap((example, index): Draw[] =>
      drawVariants(example, times?.[index] ?? 1, random).map((values) => ({
        label: example.label,
        ...(example.shares ? { shares: example.shares } : {}),
        values,
        segments: values.length / dimension,
      })),
    ),
  )
  // The sort is stable, so clips of one length stay in random order.
  draws.sort((left, right) => left.segments - right.segments)
  const batches: Draw[][] = []
  for (let start = 0; start < draws.length; start += batch) {
    batches.push(draws.slice(start, start + batch))
  }
  return random.shuffle(batches)
}

/** How often each example is drawn. Nothing is drawn at random where the numbers come out even. */
function timesOf(
  examples: readonly Example[],
  classDraws: readonly number[],
  random: Random,
): readonly number[] {
  const times = new Array<number>(examples.length).fill(0)
  for (const [label, wanted] of classDraws.entries()) {
    const own = examples.flatMap((example, index) => (example.label === label ? [index] : []))
    if (own.length === 0) continue
    for (const index of own) times[index] = Math.floor(wanted / own.length)
    const rest = wanted % own.length
    if (rest > 0) for (const index of random.shuffle(own).slice(0, rest)) times[index]! += 1
  }
  return times
}

/** Variants in random order: each once before any comes again. */
function drawVariants(
  { variants }: Example,
  times: number,
  random: Random,
): readonly Float32Array[] {
  if (times === 0) return []
  const first = random.integer(variants.length)
  const drawn = [variants[first]!]
  let left = variants.filter((_, index) => index !== first)
  while (drawn.length < times) {
    if (left.length === 0) left = [...variants]
    const next = random.integer(left.length)
    drawn.push(left[next]!)
    left = left.filter((_, index) => index !== next)
  }
  return drawn
}

/** A clip mixed into another: which one of the batch, and the share λ that stays with the first. */
export interface Mixture {
  readonly partner: number
  readonly share: number
}

/** Where a batch is put: `segments` is at least the length of its longest clip. */
export interface BatchBuffers {
  readonly segments: number
  /** [batch, segments, dimension] */
  readonly values: Float32Array
  /** [batch, segments], 1 where there is a segment */
  readonly mask: Float32Array
}

/** Buffers for a batch of this many rows. */
export function batchBuffers(rows: number, segments: number, dimension: number): BatchBuffers {
  return {
    segments,
    values: new Float32Array(rows * segments * dimension),
    mask: new Float32Array(rows * segments),
  }
}

/**
 * Standardises, mixes and thins a batch: row = f·(λ·z(a) + (1 − λ)·z(b)), z(v) = (v − mean) / deviation. A segment
 * that one of the two lacks counts as 0, the mean; one that both lack is padding.
 *
 * @param target overwritten
 * @param factors f, of the size of the values; without them 1
 */
export function fillBatch(
  draws: readonly Draw[],
  mixtures: readonly Mixture[],
  standardiser: Standardiser,
  target: BatchBuffers,
  factors?: Float32Array,
): void {
  const { segments, values, mask } = target
  const dimension = standardiser.mean.length
  const scale = scaleOf(standardiser)
  const thinning = factors ?? onesOf(values.length)
  mask.fill(0)
  for (const [row, draw] of draws.entries()) {
    const { partner, share } = mixtures[row]!
    const other = draws[partner]!
    const present = share < 1 ? Math.max(draw.segments, other.segments) : draw.segments
    mask.fill(1, row * segments, row * segments + present)
    for (let segment = 0; segment < present; segment++) {
      const shareOfA = segment < draw.segments ? share : 0
      const shareOfB = segment < other.segments ? 1 - share : 0
      const place = (row * segments + segment) * dimension
      const from = segment * dimension
      mix(values, place, draw.values, shareOfA, other.values, shareOfB, from, scale, thinning)
    }
    values.fill(0, (row * segments + present) * dimension, (row + 1) * segments * dimension)
  }
  values.fill(0, draws.length * segments * dimension)
  // A row without a clip attends to its first, zero segment: a softmax over nothing is not defined.
  const rows = mask.length / segments
  for (let row = draws.length; row < rows; row++) mask[row * segments] = 1
}

/** What is subtracted from a value, and what it is multiplied by after. */
interface Scale {
  readonly mean: Float32Array
  readonly inverse: Float32Array
}

/** One segment: f·(λ·z(a) + μ·z(b)). The innermost loop of training: one pass, no division, no allocation. */
function mix(
  target: Float32Array,
  place: number,
  a: Float32Array,
  shareOfA: number,
  b: Float32Array,
  shareOfB: number,
  from: number,
  { mean, inverse }: Scale,
  factors: Float32Array,
): void {
  const shares = shareOfA + shareOfB
  const dimension = mean.length
  // A clip without a share may have ended here: reading beyond its end would be slow, and NaN.
  const first = shareOfA === 0 && shareOfB > 0 ? b : a
  const second = shareOfB > 0 ? b : a
  for (let d = 0; d < dimension; d++) {
    const mixed = shareOfA * first[from + d]! + shareOfB * second[from + d]! - shares * mean[d]!
    target[place + d] = mixed * inverse[d]! * factors[place + d]!
  }
}

const scales = new WeakMap<Standardiser, Scale>()

function scaleOf(standardiser: Standardiser): Scale {
  const known = scales.get(standardiser) ?? {
    mean: standardiser.mean,
    inverse: standardiser.deviation.map((value) => 1 / value),
  }
  scales.set(standardiser, known)
  return known
}

let ones = new Float32Array(0)

function onesOf(length: number): Float32Array {
  if (ones.length < length) ones = new Float32Array(length).fill(1)
  return ones
}

/** No mixing. */
export function unmixed(count: number): readonly Mixture[] {
  return Array.from({ length: count }, (_, partner) => ({ partner, share: 1 }))
}

/** Each clip with a random partner of its batch, λ from β(a, a); a = 0 is no mixing. */
export function drawMixtures(count: number, a: number, random: Random): readonly Mixture[] {
  if (a === 0) return unmixed(count)
  return random
    .shuffle(Array.from({ length: count }, (_, index) => index))
    .map((partner) => ({ partner, share: random.beta(a, a) }))
}
