import {
  addGram,
  cholesky,
  lowerTiles,
  openProducts,
  solveWithFactor,
  type Matrix,
  type Products,
  type SingleMatrix,
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
 *   minimise over w, b:  Σ v·(z·w + b − t)² + λ·|w|²,   z = (row − mean) / deviation
 *
 * for each target t, with v the rows' weights, which mean and deviation have too. In the dual form, with the rows
 * of Z and t − mean of t multiplied by √v: w = Zᵀ·(Z·Zᵀ + λ)⁻¹·(t − mean of t). Takes half of rows²·dimension
 * multiplications, which are in single precision: Z·Zᵀ is right to about 1e-7 of its largest eigenvalue, so a λ
 * of less than that is not told from 0. All else is in double.
 *
 * @param rows training rows, [dimension] each
 * @param targets one array a target, one value a row
 * @param lambda weight of the penalty, above 0
 * @param weights one a row, from 0 up; 1 each by default
 * @throws RangeError if there are no rows, lengths differ, or lambda is not above 0
 * @see Saunders, Gammerman & Vovk 1998, "Ridge regression learning algorithm in dual variables"
 */
export async function fitRidge(
  rows: readonly Float32Array[],
  targets: readonly Float64Array[],
  lambda: number,
  weights: Float64Array = new Float64Array(rows.length).fill(1),
): Promise<RidgeModel> {
  if (!(lambda > 0)) throw new RangeError(`ridge: lambda is ${lambda}, expected a number above 0`)
  for (const target of targets) {
    if (target.length !== rows.length) {
      throw new RangeError(`ridge: ${target.length} values in a target for ${rows.length} rows`)
    }
  }
  if (weights.length !== rows.length) {
    throw new RangeError(`ridge: ${weights.length} weights for ${rows.length} rows`)
  }
  const dimension = rows[0]?.length ?? 0
  const standardiser = columnMoments(rows, dimension, weights)
  const roots = weights.map(Math.sqrt)
  const products = await openProducts()
  const gram = lowerTiles(rows.length, tileSize)
  const buffer = new Float32Array(rows.length * Math.min(dimension, chunkColumns))
  for (const range of chunks(dimension)) {
    await addGram(products, gram, standardisedBlocks(rows, roots, standardiser, range, buffer))
  }
  gram.tiles.forEach((row, i) => addToDiagonal(row[i]!, lambda))
  await cholesky(products, gram)

  const intercepts = targets.map((target) => weightedMean(target, weights))
  const duals = targets.map((target, index) =>
    solveWithFactor(
      gram,
      target.map((value, row) => roots[row]! * (value - intercepts[index]!)),
    ),
  )
  const fitted = await weightsOf(products, rows, roots, standardiser, duals)
  await products.close()
  return { standardiser, weights: fitted, intercepts }
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

/** Turns differences between scores, which the penalty shrinks, into log odds; near the likeliest on RAVDESS. */
const sharpness = 8

/**
 * Scores of one-hot classes as probabilities: softmax of 8·score. Ridge regression has no probabilities of its
 * own; the order of the classes is that of the scores.
 */
export function ridgeProbabilities(scores: readonly number[]): number[] {
  const top = Math.max(...scores)
  const weights = scores.map((score) => Math.exp(sharpness * (score - top)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

interface Range {
  readonly start: number
  readonly end: number
}

function chunks(dimension: number): Range[] {
  return Array.from({ length: Math.ceil(dimension / chunkColumns) }, (_, chunk) => ({
    start: chunk * chunkColumns,
    end: Math.min(dimension, (chunk + 1) * chunkColumns),
  }))
}

/** Some columns of the standardised rows times their roots, as many rows to a block as a tile has; in `buffer`. */
function standardisedBlocks(
  rows: readonly Float32Array[],
  roots: Float64Array,
  { mean, deviation }: Standardiser<Float64Array>,
  { start, end }: Range,
  buffer: Float32Array,
): SingleMatrix[] {
  const columns = end - start
  let at = 0
  for (const [index, row] of rows.entries()) {
    const root = roots[index]!
    for (let column = start; column < end; column++, at++) {
      buffer[at] = (root * (row[column]! - mean[column]!)) / deviation[column]!
    }
  }
  return Array.from({ length: Math.ceil(rows.length / tileSize) }, (_, block) => {
    const first = block * tileSize
    const last = Math.min(rows.length, first + tileSize)
    const data = buffer.subarray(first * columns, last * columns)
    return { data, rows: last - first, columns }
  })
}

/**
 * w = Zᵀ·dual for each target, from the rows as they are: with β = √v·dual, w = (rowsᵀ·β − mean·Σβ) / deviation.
 */
async function weightsOf(
  products: Products,
  rows: readonly Float32Array[],
  roots: Float64Array,
  { mean, deviation }: Standardiser<Float64Array>,
  duals: readonly Float64Array[],
): Promise<Float64Array[]> {
  const factors = duals.map((dual) => dual.map((value, row) => roots[row]! * value))
  const totals = factors.map((values) => values.reduce((sum, value) => sum + value, 0))
  const weights = duals.map(() => new Float64Array(mean.length))
  const block = new Float64Array(tileSize * mean.length)
  for (let first = 0; first < rows.length; first += tileSize) {
    const some = rows.slice(first, first + tileSize)
    some.forEach((row, index) => block.set(row, index * mean.length))
    const matrix = {
      data: block.subarray(0, some.length * mean.length),
      rows: some.length,
      columns: mean.length,
    }
    const product = await products.times(rowsOf(factors, first, first + some.length), matrix)
    weights.forEach((target, index) => {
      for (let column = 0, at = index * mean.length; column < target.length; column++, at++) {
        target[column] = target[column]! + product.data[at]!
      }
    })
  }
  weights.forEach((target, index) => {
    for (let column = 0; column < target.length; column++) {
      target[column] = (target[column]! - totals[index]! * mean[column]!) / deviation[column]!
    }
  })
  return weights
}

/** A part of each array as the row of a matrix. */
function rowsOf(arrays: readonly Float64Array[], start: number, end: number): Matrix {
  const columns = end - start
  const data = new Float64Array(arrays.length * columns)
  arrays.forEach((array, row) => data.set(array.subarray(start, end), row * columns))
  return { data, rows: arrays.length, columns }
}

function addToDiagonal({ data, rows }: Matrix, value: number): void {
  for (let i = 0; i < rows; i++) data[i * rows + i] = data[i * rows + i]! + value
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return values.reduce((sum, value, row) => sum + weights[row]! * value, 0) / total
}
