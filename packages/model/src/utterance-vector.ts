import { expectShape, type Tensor } from '@serflow/core'

/**
 * A clip of any length as one row: the mean of each embedding value over its segments, then the population
 * standard deviation of each.
 *
 * @param embeddings [segments, dimension], at least one segment
 * @returns 2·dimension values
 */
export function utteranceVector(embeddings: Tensor): Float32Array {
  expectShape(embeddings, [-1, -1], 'embeddings')
  const [segments, dimension] = embeddings.shape as [number, number]
  if (segments === 0) throw new RangeError('embeddings of a clip without segments')
  const mean = new Float64Array(dimension)
  const squares = new Float64Array(dimension)
  const { data } = embeddings
  for (let segment = 0, at = 0; segment < segments; segment++) {
    for (let column = 0; column < dimension; column++, at++) {
      mean[column] = mean[column]! + data[at]!
    }
  }
  for (let column = 0; column < dimension; column++) mean[column] = mean[column]! / segments
  for (let segment = 0, at = 0; segment < segments; segment++) {
    for (let column = 0; column < dimension; column++, at++) {
      const difference = data[at]! - mean[column]!
      squares[column] = squares[column]! + difference * difference
    }
  }
  const vector = new Float32Array(2 * dimension)
  vector.set(mean)
  vector.set(
    squares.map((sum) => Math.sqrt(sum / segments)),
    dimension,
  )
  return vector
}
