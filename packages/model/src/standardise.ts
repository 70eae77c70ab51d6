/** Per column: what is subtracted, and what is divided by after. */
export interface Standardiser<Column = Float32Array> {
  readonly mean: Column
  readonly deviation: Column
}

/** Below this a column counts as constant. */
const smallestDeviation = 1e-6

/**
 * Mean and population standard deviation of each column, in one pass in double precision. Whoever fits it
 * hands over training rows only.
 *
 *   standardised = (value − mean) / deviation
 *
 * A constant column has deviation 1, so that it becomes 0 and an unseen value in it stays finite and small.
 *
 * @param dimension length of each row
 * @throws RangeError if there is no row, or a row has another length
 * @see Welford 1962, "Note on a method for calculating corrected sums of squares and products"; West 1979 for weights
 */
export function fitStandardiser(rows: Iterable<Float32Array>, dimension: number): Standardiser {
  const { mean, deviation } = columnMoments(rows, dimension)
  return { mean: Float32Array.from(mean), deviation: Float32Array.from(deviation) }
}

/** As `fitStandardiser`, without rounding to float32, and with a weight for each row where they are given. */
export function columnMoments(
  rows: Iterable<Float32Array>,
  dimension: number,
  weights?: Float64Array,
): Standardiser<Float64Array> {
  const mean = new Float64Array(dimension)
  const squares = new Float64Array(dimension)
  let count = 0
  let total = 0
  for (const row of rows) {
    if (row.length !== dimension) {
      throw new RangeError(`row ${count} has ${row.length} values, expected ${dimension}`)
    }
    const weight = weights?.[count] ?? 1
    count++
    if (weight === 0) continue
    total += weight
    const share = weight / total
    for (let column = 0; column < dimension; column++) {
      const value = row[column]!
      const before = value - mean[column]!
      mean[column] = mean[column]! + before * share
      squares[column] = squares[column]! + weight * before * (value - mean[column]!)
    }
  }
  if (total === 0) throw new RangeError('no row to fit the standardisation on')
  const deviation = squares.map((sum) => {
    const spread = Math.sqrt(sum / total)
    return spread < smallestDeviation ? 1 : spread
  })
  return { mean, deviation }
}
