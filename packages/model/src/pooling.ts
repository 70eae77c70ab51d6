import { sizeOf, type Tensor } from '@serflow/core'

/**
 * Averages over `size` places as a matrix, `rows` even parts that overlap where they do not divide:
 *
 *   row r covers places ⌊r·size/rows⌋ … ⌈(r+1)·size/rows⌉ − 1, each with weight 1/count
 *
 * With more rows than places, places repeat.
 *
 * @returns shape [size, rows]; `values · matrix` pools the last axis of `values`
 * @throws RangeError if size or rows is not a positive integer
 * @see PyTorch, AdaptiveAvgPool1d
 */
export function adaptivePooling(size: number, rows: number): Tensor {
  for (const extent of [size, rows]) {
    if (!Number.isInteger(extent) || extent < 1) {
      throw new RangeError(
        `pooling of ${size} places to ${rows} rows: both must be positive integers`,
      )
    }
  }
  const shape = [size, rows]
  const data = new Float32Array(sizeOf(shape))
  for (let row = 0; row < rows; row++) {
    const start = Math.floor((row * size) / rows)
    const end = Math.ceil(((row + 1) * size) / rows)
    for (let place = start; place < end; place++) data[place * rows + row] = 1 / (end - start)
  }
  return { data, shape }
}
