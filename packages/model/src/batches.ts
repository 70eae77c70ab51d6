import type { Random } from '@serflow/core'
import type { Standardiser } from './standardise.js'

/** A clip's embeddings with what training needs to know of it. */
export interface Example {
  readonly utteranceId: string
  /** Class index. */
  readonly label: number
  /** The original and its copies: [segments·dimension] each. */
  readonly variants: readonly Float32Array[]
}

/** One drawn variant in a batch. */
export interface Draw {
  readonly label: number
  readonly values: Float32Array
  readonly segments: number
}

/**
 * One epoch: each example once, as one of its variants drawn at random, in batches of clips of like length, in
 * random order. Like lengths keep padding small (1.7 times fewer steps than padding all to the longest).
 */
export function epochBatches(
  examples: readonly Example[],
  dimension: number,
  batch: number,
  random: Random,
): readonly (readonly Draw[])[] {
  const draws = random.shuffle(
    examples.map((example): Draw => {
      const values = example.variants[random.integer(example.variants.length)]!
      return { label: example.label, values, segments: values.length / dimension }
    }),
  )
  // The sort is stable, so clips of one length stay in random order.
  draws.sort((left, right) => left.segments - right.segments)
  const batches: Draw[][] = []
  for (let start = 0; start < draws.length; start += batch) {
    batches.push(draws.slice(start, start + batch))
  }
  return random.shuffle(batches)
}

/** A clip mixed into another: which one of the batch, and the share λ that stays with the first. */
export interface Mixture {
  readonly partner: number
  readonly share: number
}

/**
 * Standardises and mixes a batch: row = λ·z(a) + (1 − λ)·z(b), z(v) = (v − mean) / deviation. A segment that one
 * of the two lacks counts as 0, the mean; one that both lack is padding.
 *
 * @param segments the batch's length; at least that of its longest clip
 * @param target [batch, segments, dimension], overwritten
 * @param mask [batch, segments], overwritten
 */
export function fillBatch(
  draws: readonly Draw[],
  mixtures: readonly Mixture[],
  { mean, deviation }: Standardiser,
  segments: number,
  target: Float32Array,
  mask: Float32Array,
): void {
  const dimension = mean.length
  const inverse = inverseOf(deviation)
  target.fill(0)
  mask.fill(0)
  for (const [row, draw] of draws.entries()) {
    const { partner, share } = mixtures[row]!
    const other = draws[partner]!
    addStandardised(target, row * segments * dimension, draw, share, mean, inverse)
    if (share < 1)
      addStandardised(target, row * segments * dimension, other, 1 - share, mean, inverse)
    const present = share < 1 ? Math.max(draw.segments, other.segments) : draw.segments
    mask.fill(1, row * segments, row * segments + present)
  }
  // A row without a clip attends to its first, zero segment: a softmax over nothing is not defined.
  const rows = mask.length / segments
  for (let row = draws.length; row < rows; row++) mask[row * segments] = 1
}

function addStandardised(
  target: Float32Array,
  offset: number,
  { values, segments }: Draw,
  share: number,
  mean: Float32Array,
  inverse: Float32Array,
): void {
  const dimension = mean.length
  for (let segment = 0; segment < segments; segment++) {
    const start = segment * dimension
    const place = offset + start
    for (let d = 0; d < dimension; d++) {
      target[place + d]! += share * (values[start + d]! - mean[d]!) * inverse[d]!
    }
  }
}

const inverses = new WeakMap<Float32Array, Float32Array>()

function inverseOf(deviation: Float32Array): Float32Array {
  let inverse = inverses.get(deviation)
  if (!inverse) {
    inverse = deviation.map((value) => 1 / value)
    inverses.set(deviation, inverse)
  }
  return inverse
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
