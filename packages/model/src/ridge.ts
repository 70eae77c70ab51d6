import { expectShape, type Tensor } from '@serflow/core'
import {
  addGram,
  cholesky,
  lowerTiles,
  openProducts,
  solveWithFactor,
  type Matrix,
} from './linear-algebra.js'
import { columnMoments, type Standardiser } from './standardise.js'

/** A linear score for each target, of rows standardised by the training rows. */
export interface RidgeModel {
  readonly standardiser: Standardiser<Float64Array>
  /** One [dimension] a target. */
  readonly weights: readonly Float64Array[]
  /** One a target: its mean over the training rows. */
  readonly intercepts: readonly number[]
}

const tileSize = 256
/** Columns at a time, so that the standardised rows never lie in memory as a whole. */
const chunkColumns = 1536

/**
 * Ridge regression on standardised columns, with an intercept that is not penalised:
 *
 *   minimise over w, b:  Σ (z·w + b − t)² + λ·|w|²,   z = (row − mean) / deviation
 *
 * for each target t, in the dual form, exact in double precision: w = Zᵀ·(Z·Zᵀ + λ)⁻¹·(t − mean of t).
 * Takes rows² · dimension multiplications, half of that because Z·Zᵀ is symmetric.
 *
 * @param rows training rows, [dimension] each
 * @param targets one array a target, one value a row
 * @param lambda weight of the penalty, above 0
 * @throws RangeError if there are no rows, lengths differ, or lambda is not above 0
 * @see Saunders, Gammerman & Vovk 1998, "Ridge regression learning algorithm in dual variables"
 */
export async function fitRidge(
  rows: readonly Float32Array[],
  targets: readonly Float64Array[],
  lambda: number,
): Promise<RidgeModel> {
  if (!(lambda > 0)) throw new RangeError(`ridge: lambda is ${lambda}, expected a number above 0`)
  for (const target of targets) {
    if (target.length !== rows.length) {
      throw new RangeError(`ridge: ${target.length} values in a target for ${rows.length} rows`)
    }
  }
  const dimension = rows[0]?.length ?? 0
  const standardiser = columnMoments(rows, dimension)
  const gram = lowerTiles(rows.length, tileSize)
  const products = await openProducts()
  for (let start = 0; start < dimension; start += chunkColumns) {
    const end = Math.min(dimension, start + chunkColumns)
    await addGram(products, gram, standardisedBlocks(rows, standardiser, start, end))
  }
  gram.tiles.forEach((row, i) => addToDiagonal(row[i]!, lambda))
  await cholesky(products, gram)
  await products.close()

  const intercepts = targets.map(meanOf)
  const duals = targets.map((target, index) =>
    solveWithFactor(
      gram,
      target.map((value) => value - intercepts[index]!),
    ),
  )
  return { standardiser, weights: weightsOf(rows, standardiser, duals), intercepts }
}

/** Scores of one row, one a target: z·w + b. */
export function ridgeScores(model: RidgeModel, row: Float32Array): number[] {
  const { mean, deviation } = model.standardiser
  if (row.length !== mean.length) {
    throw new RangeError(`ridge: the row has ${row.length} values, expected ${mean.length}`)
  }
  const standardised = Float64Array.from(row, (value, c) => (value - mean[c]!) / deviation[c]!)
  return model.weights.map((weights, target) =>
    weights.reduce((sum, weight, c) => sum + weight * standardised[c]!, model.intercepts[target]!),
  )
}

/** Turns differences between ridge scores of one-hot classes, about 0..1, into log odds. */
const sharpness = 5

/**
 * Scores of one-hot classes as probabilities: softmax of 5·score. Ridge regression has no probabilities of its
 * own; the order of the classes is that of the scores.
 */
export function ridgeProbabilities(scores: readonly number[]): number[] {
  const top = Math.max(...scores)
  const weights = scores.map((score) => Math.exp(sharpness * (score - top)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

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
  for (let at = 0; at < data.length; at++) mean[at % dimension] = mean[at % dimension]! + data[at]!
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

function standardisedBlocks(
  rows: readonly Float32Array[],
  { mean, deviation }: Standardiser<Float64Array>,
  start: number,
  end: number,
): Matrix[] {
  const columns = end - start
  const blocks: Matrix[] = []
  for (let first = 0; first < rows.length; first += tileSize) {
    const block = rows.slice(first, first + tileSize)
    const data = new Float64Array(block.length * columns)
    let at = 0
    for (const row of block) {
      for (let column = start; column < end; column++, at++) {
        data[at] = (row[column]! - mean[column]!) / deviation[column]!
      }
    }
    blocks.push({ data, rows: block.length, columns })
  }
  return blocks
}

/** w = Zᵀ·dual for each target. */
function weightsOf(
  rows: readonly Float32Array[],
  { mean, deviation }: Standardiser<Float64Array>,
  duals: readonly Float64Array[],
): Float64Array[] {
  const dimension = mean.length
  const weights = duals.map(() => new Float64Array(dimension))
  const standardised = new Float64Array(dimension)
  for (const [index, row] of rows.entries()) {
    for (let column = 0; column < dimension; column++) {
      standardised[column] = (row[column]! - mean[column]!) / deviation[column]!
    }
    for (const [target, sum] of weights.entries()) {
      const dual = duals[target]![index]!
      for (let column = 0; column < dimension; column++) {
        sum[column] = sum[column]! + dual * standardised[column]!
      }
    }
  }
  return weights
}

function addToDiagonal({ data, rows }: Matrix, value: number): void {
  for (let i = 0; i < rows; i++) data[i * rows + i] = data[i * rows + i]! + value
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
