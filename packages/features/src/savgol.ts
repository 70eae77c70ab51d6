import { expectShape, type Tensor } from '@serflow/core/plain'
import { delta } from './delta.js'

/**
 * Slope of the line that fits 2·radius + 1 frames best; the first and last `radius` frames have the slope of the line
 * through the first and last 2·radius + 1. Between them it is that of delta.
 *
 * A clip of fewer frames takes the greatest radius that fits; with one or two frames the slope is 0.
 *
 * @param logMel shape [frames, bands]
 * @returns shape [frames, bands], change per frame
 * @throws RangeError as delta does
 * @see scipy.signal.savgol_filter with polyorder=1, deriv=1, mode='interp', on which librosa.feature.delta stands and
 *   which refuses a clip of fewer frames
 */
export function savgolSlope(logMel: Tensor, radius: number): Tensor {
  const fitting = fittingRadius(logMel, radius)
  const slope = delta(logMel, fitting || radius)
  return repeatEdges(slope, fitting)
}

/**
 * Second derivative of the parabola that fits 2·radius + 1 frames best, with the edges of savgolSlope.
 *
 *   d[t] = Σ w[k]·((c[t + k] − c[t]) + (c[t − k] − c[t])),  k = 1…radius,  with w of bendWeights
 *
 * @param logMel shape [frames, bands]
 * @returns shape [frames, bands], change per frame and frame
 * @see scipy.signal.savgol_filter with polyorder=2, deriv=2, mode='interp'
 */
export function savgolBend(logMel: Tensor, radius: number): Tensor {
  expectShape(logMel, [-1, -1], 'input of savgolBend')
  const [frames, bands] = [logMel.shape[0]!, logMel.shape[1]!]
  const fitting = fittingRadius(logMel, radius)
  const weights = bendWeights(fitting)
  const values = logMel.data
  const data = new Float32Array(values.length)
  for (let i = fitting * bands; i < (frames - fitting) * bands; i++) {
    const middle = values[i]!
    let sum = 0
    for (let k = 1; k <= fitting; k++) {
      const both = values[i + k * bands]! - middle + (values[i - k * bands]! - middle)
      sum += weights[k - 1]! * both
    }
    data[i] = sum
  }
  return repeatEdges({ data, shape: [frames, bands] }, fitting)
}

/**
 * Weights of the second derivative for k = 1…radius: those of both sides are alike, and that of the middle is minus
 * all others, so that a constant has bend 0 exactly.
 *
 *   w[k] = 2·(k² − m)/Σ (j² − m)²,  j = −radius…radius,  with m the mean of j²
 */
export function bendWeights(radius: number): Float64Array {
  const offsets = Array.from({ length: 2 * radius + 1 }, (_, index) => (index - radius) ** 2)
  const mean = offsets.reduce((sum, square) => sum + square, 0) / offsets.length
  const total = offsets.reduce((sum, square) => sum + (square - mean) ** 2, 0)
  return Float64Array.from({ length: radius }, (_, index) => {
    return (2 * ((index + 1) ** 2 - mean)) / total
  })
}

/** The greatest radius up to the wanted one whose 2·radius + 1 frames the clip has. */
export function fittingRadius({ shape }: Pick<Tensor, 'shape'>, radius: number): number {
  return Math.min(radius, Math.floor(Math.max(0, shape[0]! - 1) / 2))
}

/** The first and last `radius` rows become those beside them; without a radius there is nothing but 0. */
function repeatEdges({ data, shape }: Tensor, radius: number): Tensor {
  if (radius === 0) return { data: data.fill(0), shape }
  const [frames, bands] = [shape[0]!, shape[1]!]
  const first = radius * bands
  const last = (frames - radius - 1) * bands
  for (let row = 0; row < radius; row++) {
    data.copyWithin(row * bands, first, first + bands)
    data.copyWithin((frames - 1 - row) * bands, last, last + bands)
  }
  return { data, shape }
}
