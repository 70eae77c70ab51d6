/**
 * FrontEndKernel.moments in plain loops. Four sums by the place in the part, as two vectors of float64 have them, so
 * that both kernels give the same bits.
 */
export function plainMoments(samples: Float32Array, bounds: Int32Array): Float64Array {
  const found = new Float64Array(2 * (bounds.length - 1))
  for (let part = 0; part + 1 < bounds.length; part++) {
    const values = samples.subarray(bounds[part]!, bounds[part + 1]!)
    const mean = values.length === 0 ? 0 : foursSum(values, 0, false) / values.length
    found[2 * part] = mean
    found[2 * part + 1] = foursSum(values, mean, true)
  }
  return found
}

/** Σ (x − mean), or Σ (x − mean)². */
function foursSum(values: Float32Array, mean: number, isSquared: boolean): number {
  const term = (index: number) => {
    const deviation = values[index]! - mean
    return isSquared ? deviation * deviation : deviation
  }
  let [a, b, c, d] = [0, 0, 0, 0]
  const fours = values.length - (values.length % 4)
  for (let i = 0; i < fours; i += 4) {
    a += term(i)
    b += term(i + 1)
    c += term(i + 2)
    d += term(i + 3)
  }
  let sum = a + b + (c + d)
  for (let i = fours; i < values.length; i++) sum += term(i)
  return sum
}
