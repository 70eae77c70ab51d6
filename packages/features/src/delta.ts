import { expectShape, type Tensor } from '@serflow/core/plain'

/**
 * Slope of each band over time: a least-squares line through 2·radius + 1 frames.
 *
 *   d[t] = Σ k·(c[t+k] − c[t−k]) / (2·Σ k²),  k = 1…radius
 *
 * Frames before the first and after the last repeat the edge frame, so there are as many slopes as frames.
 *
 * @param logMel shape [frames, bands], natural log of power
 * @param radius frames on each side, at least 1
 * @returns shape [frames, bands], change of log power per frame
 * @throws RangeError if radius is not a positive integer or the shape is another
 * @see The HTK Book, 5.9 "Delta, Acceleration and Third Differential Coefficients"
 */
export function delta(logMel: Tensor, radius = 2): Tensor {
  if (!Number.isInteger(radius) || radius < 1) {
    throw new RangeError(`delta radius ${radius} is no positive integer`)
  }
  expectShape(logMel, [-1, -1], 'input of delta')
  const values = logMel.data
  const frames = logMel.shape[0]!
  const bands = logMel.shape[1]!
  const data = new Float32Array(values.length)
  const sums = new Float64Array(bands)
  const scale = 1 / (2 * sumOfSquares(radius))
  for (let frame = 0; frame < frames; frame++) {
    sums.fill(0)
    for (let k = 1; k <= radius; k++) {
      const ahead = Math.min(frames - 1, frame + k) * bands
      const behind = Math.max(0, frame - k) * bands
      for (let band = 0; band < bands; band++) {
        sums[band]! += k * (values[ahead + band]! - values[behind + band]!)
      }
    }
    for (let band = 0; band < bands; band++) data[frame * bands + band] = sums[band]! * scale
  }
  return { data, shape: [frames, bands] }
}

function sumOfSquares(last: number): number {
  return (last * (last + 1) * (2 * last + 1)) / 6
}
