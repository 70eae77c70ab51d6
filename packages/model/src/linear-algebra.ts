import { createSession, graphBuilder } from '@serflow/tfjs-onnx'
import { Tensor as OrtTensor, type InferenceSession } from 'onnxruntime-node'

/** Numbers in rows, double precision, row-major. */
export interface Matrix {
  readonly data: Float64Array
  readonly rows: number
  readonly columns: number
}

/** The same in single precision, where twice the speed is worth more than digits. */
export interface SingleMatrix {
  readonly data: Float32Array
  readonly rows: number
  readonly columns: number
}

/** Products through ONNX Runtime on one thread; `close` frees its memory. */
export interface Products {
  /** a · b */
  times(a: Matrix, b: Matrix): Promise<Matrix>
  /** a · bᵀ */
  timesTransposed(a: Matrix, b: Matrix): Promise<Matrix>
  /** a · bᵀ in single precision */
  singleTimesTransposed(a: SingleMatrix, b: SingleMatrix): Promise<SingleMatrix>
  close(): Promise<void>
}

/**
 * The lower triangle of a square matrix, in square tiles: `tiles[i][j]`, j ≤ i, is at row i·tileSize and column
 * j·tileSize; the last row of tiles is as small as what is left. Above the diagonal a diagonal tile's values
 * are not used.
 */
export interface LowerTiles {
  readonly size: number
  readonly tileSize: number
  readonly tiles: readonly (readonly Matrix[])[]
}

/** Opens the one operator that everything heavy here is made of, in the forms it is needed in. */
export async function openProducts(): Promise<Products> {
  const sessions = await Promise.all([
    productSession('float64', 0),
    productSession('float64', 1),
    productSession('float32', 1),
  ])
  const [plain, transposed, single] = sessions
  return {
    async times(a, b) {
      const data = await multiply(plain, 'float64', a, b)
      if (!(data instanceof Float64Array)) throw new Error('products: not float64')
      return { data, rows: a.rows, columns: b.columns }
    },
    async timesTransposed(a, b) {
      const data = await multiply(transposed, 'float64', a, b)
      if (!(data instanceof Float64Array)) throw new Error('products: not float64')
      return { data, rows: a.rows, columns: b.rows }
    },
    async singleTimesTransposed(a, b) {
      const data = await multiply(single, 'float32', a, b)
      if (!(data instanceof Float32Array)) throw new Error('products: not float32')
      return { data, rows: a.rows, columns: b.rows }
    },
    async close() {
      await Promise.all(sessions.map((session) => session.release()))
    },
  }
}

/** A lower triangle of zeros. */
export function lowerTiles(size: number, tileSize = 256): LowerTiles {
  const extents = Array.from({ length: Math.ceil(size / tileSize) }, (_, i) =>
    Math.min(tileSize, size - i * tileSize),
  )
  const tiles = extents.map((rows, i) =>
    extents
      .slice(0, i + 1)
      .map((columns) => ({ data: new Float64Array(rows * columns), rows, columns })),
  )
  return { size, tileSize, tiles }
}

/**
 * Adds x · xᵀ to a lower triangle, in place. The products are in single precision; for a wide x, call it with
 * some columns at a time, so that their sum is in double.
 *
 * @param blocks rows of x, as many to a block as the tiles have
 */
export async function addGram(
  products: Products,
  { tiles }: LowerTiles,
  blocks: readonly SingleMatrix[],
): Promise<void> {
  for (const [i, row] of tiles.entries()) {
    for (const [j, tile] of row.entries()) {
      add(tile, await products.singleTimesTransposed(blocks[i]!, blocks[j]!))
    }
  }
}

/**
 * Cholesky factor L of a symmetric positive definite matrix A = L·Lᵀ, in place; right-looking by tiles.
 *
 * @throws RangeError if the matrix is not positive definite
 * @see Golub & Van Loan 2013, "Matrix Computations", algorithm 4.2.2 and section 4.2.5
 */
export async function cholesky(products: Products, { tiles }: LowerTiles): Promise<void> {
  for (let k = 0; k < tiles.length; k++) {
    const diagonal = tiles[k]![k]!
    factorise(diagonal)
    const inverse = inverseOfLower(diagonal)
    for (let i = k + 1; i < tiles.length; i++) {
      const panel = tiles[i]![k]!
      panel.data.set((await products.timesTransposed(panel, inverse)).data)
    }
    for (let i = k + 1; i < tiles.length; i++) {
      for (let j = k + 1; j <= i; j++) {
        add(tiles[i]![j]!, await products.timesTransposed(tiles[i]![k]!, tiles[j]![k]!), -1)
      }
    }
  }
}

/** Solves L·Lᵀ·x = y for one right side, with the factor that `cholesky` left. */
export function solveWithFactor(
  { size, tileSize, tiles }: LowerTiles,
  rightSide: Float64Array,
): Float64Array {
  if (rightSide.length !== size) {
    throw new RangeError(`the right side has ${rightSide.length} values, expected ${size}`)
  }
  const x = Float64Array.from(rightSide)
  const part = (i: number) => x.subarray(i * tileSize, (i + 1) * tileSize)
  for (let i = 0; i < tiles.length; i++) {
    for (let j = 0; j < i; j++) subtractProduct(part(i), tiles[i]![j]!, part(j))
    solveLower(tiles[i]![i]!, part(i))
  }
  for (let i = tiles.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < tiles.length; j++) {
      subtractTransposedProduct(part(i), tiles[j]![i]!, part(j))
    }
    solveLowerTransposed(tiles[i]![i]!, part(i))
  }
  return x
}

function productSession(type: 'float32' | 'float64', transB: 0 | 1): Promise<InferenceSession> {
  const graph = graphBuilder('product')
  const a = graph.input('a', type, ['rows', 'inner'])
  const b = graph.input('b', type, transB ? ['columns', 'inner'] : ['inner', 'columns'])
  graph.node('Gemm', [a, b], { transB }, ['product'])
  graph.output('product', type, ['rows', 'columns'])
  return createSession(graph.toBytes())
}

async function multiply(
  session: InferenceSession,
  type: 'float32' | 'float64',
  ...[a, b]: [Matrix, Matrix] | [SingleMatrix, SingleMatrix]
): Promise<unknown> {
  const tensorOf = ({ data, rows, columns }: Matrix | SingleMatrix) =>
    new OrtTensor(type, data, [rows, columns])
  const { product } = await session.run({ a: tensorOf(a), b: tensorOf(b) })
  return product?.data
}

/** sum += sign · part, in place. */
export function add(sum: Matrix, part: Matrix | SingleMatrix, sign: 1 | -1 = 1): void {
  for (let at = 0; at < sum.data.length; at++) sum.data[at] = sum.data[at]! + sign * part.data[at]!
}

/** Cholesky of one tile in place, row by row; clears what is above the diagonal. */
function factorise({ data, rows }: Matrix): void {
  for (let i = 0; i < rows; i++) {
    const row = i * rows
    for (let j = 0; j < i; j++) {
      data[row + j] = (data[row + j]! - dot(data, row, j * rows, j)) / data[j * rows + j]!
    }
    const pivot = data[row + i]! - dot(data, row, row, i)
    if (!(pivot > 0)) throw new RangeError('the matrix is not positive definite')
    data[row + i] = Math.sqrt(pivot)
    data.fill(0, row + i + 1, row + rows)
  }
}

function dot(data: Float64Array, first: number, second: number, length: number): number {
  let sum = 0
  for (let at = 0; at < length; at++) sum += data[first + at]! * data[second + at]!
  return sum
}

function inverseOfLower({ data, rows }: Matrix): Matrix {
  const inverse = new Float64Array(rows * rows)
  for (let i = 0; i < rows; i++) {
    const row = i * rows
    for (let k = 0; k < i; k++) {
      const factor = data[row + k]!
      for (let j = 0; j <= k; j++) {
        inverse[row + j] = inverse[row + j]! - factor * inverse[k * rows + j]!
      }
    }
    inverse[row + i] = 1
    for (let j = 0; j <= i; j++) inverse[row + j] = inverse[row + j]! / data[row + i]!
  }
  return { data: inverse, rows, columns: rows }
}

function subtractProduct(y: Float64Array, { data, rows, columns }: Matrix, x: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let j = 0; j < columns; j++) sum += data[i * columns + j]! * x[j]!
    y[i] = y[i]! - sum
  }
}

function subtractTransposedProduct(
  y: Float64Array,
  { data, rows, columns }: Matrix,
  x: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    const factor = x[i]!
    for (let j = 0; j < columns; j++) y[j] = y[j]! - factor * data[i * columns + j]!
  }
}

function solveLower({ data, rows }: Matrix, x: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    let value = x[i]!
    for (let j = 0; j < i; j++) value -= data[i * rows + j]! * x[j]!
    x[i] = value / data[i * rows + i]!
  }
}

function solveLowerTransposed({ data, rows }: Matrix, x: Float64Array): void {
  for (let i = rows - 1; i >= 0; i--) {
    const value = x[i]! / data[i * rows + i]!
    x[i] = value
    for (let j = 0; j < i; j++) x[j] = x[j]! - value * data[i * rows + j]!
  }
}
