import { afterAll, beforeAll, expect, test } from 'vitest'
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
import { parkMiller } from './random-data.fixture.js'

let products: Products
beforeAll(async () => {
  products = await openProducts()
})
afterAll(() => products.close())

function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const next = parkMiller(seed)
  return { data: Float64Array.from({ length: rows * columns }, () => next() - 0.5), rows, columns }
}

const at = ({ data, columns }: Matrix, row: number, column: number) => data[row * columns + column]!

/** Rows of a matrix in blocks of `size`, in single precision. */
function blocksOf({ data, rows, columns }: Matrix, size: number): SingleMatrix[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, block) => {
    const part = Float32Array.from(data.slice(block * size * columns, (block + 1) * size * columns))
    return { data: part, rows: part.length / columns, columns }
  })
}

const inner = (length: number, term: (k: number) => number) =>
  Array.from({ length }, (_, k) => term(k)).reduce((sum, value) => sum + value, 0)

test('products are those of the plain loops', async () => {
  const [a, b, c] = [randomMatrix(5, 7, 1), randomMatrix(7, 3, 2), randomMatrix(4, 7, 3)]
  const plain = await products.times(a, b)
  const transposed = await products.timesTransposed(a, c)
  expect([plain.rows, plain.columns]).toEqual([5, 3])
  expect([transposed.rows, transposed.columns]).toEqual([5, 4])
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 3; j++) {
      expect(at(plain, i, j)).toBeCloseTo(
        inner(7, (k) => at(a, i, k) * at(b, k, j)),
        14,
      )
    }
    for (let j = 0; j < 4; j++) {
      expect(at(transposed, i, j)).toBeCloseTo(
        inner(7, (k) => at(a, i, k) * at(c, j, k)),
        14,
      )
    }
  }
})

test.each([
  [13, 4],
  [12, 4],
  [3, 8],
  [1, 1],
  [70, 32],
])('a system of %i unknowns in tiles of %i is solved', async (size, tileSize) => {
  const x = randomMatrix(size, size + 5, size)
  const gram = lowerTiles(size, tileSize)
  const square = (i: number, j: number) => inner(size + 5, (k) => at(x, i, k) * at(x, j, k))
  for (const [i, row] of gram.tiles.entries()) {
    for (const [j, { data, rows, columns }] of row.entries()) {
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns; c++) {
          data[r * columns + c] = square(i * tileSize + r, j * tileSize + c)
        }
      }
    }
  }
  await cholesky(products, gram)
  const wanted = Float64Array.from({ length: size }, (_, i) => Math.sin(i))
  const rightSide = Float64Array.from({ length: size }, (_, i) =>
    inner(size, (j) => square(i, j) * wanted[j]!),
  )
  const found = solveWithFactor(gram, rightSide)
  for (let i = 0; i < size; i++) expect(found[i]).toBeCloseTo(wanted[i]!, 8)
})

test('a gram matrix is summed over the goes, to single precision', async () => {
  const [rows, columns, tileSize] = [7, 50, 3]
  const x = randomMatrix(rows, columns, 6)
  const gram = lowerTiles(rows, tileSize)
  await addGram(products, gram, blocksOf(x, tileSize))
  await addGram(products, gram, blocksOf(x, tileSize))
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      const tile = gram.tiles[Math.floor(i / tileSize)]![Math.floor(j / tileSize)]!
      const wanted = 2 * inner(columns, (k) => at(x, i, k) * at(x, j, k))
      expect(at(tile, i % tileSize, j % tileSize)).toBeCloseTo(wanted, 5)
    }
  }
})

test('the factor is lower triangular and gives the matrix back', async () => {
  // 4 2 / 2 10 = (2 0 / 1 3) times its transpose
  const matrix = lowerTiles(2, 1)
  const values = [[4], [2, 10]]
  values.forEach((row, i) => row.forEach((value, j) => (matrix.tiles[i]![j]!.data[0] = value)))
  await cholesky(products, matrix)
  expect(matrix.tiles.map((row) => row.map(({ data }) => data[0]))).toEqual([[2], [1, 3]])
})

test('a matrix that is not positive definite and a right side of another length are refused', async () => {
  await expect(cholesky(products, lowerTiles(3, 2))).rejects.toThrow('not positive definite')
  const poisoned = lowerTiles(1)
  poisoned.tiles[0]![0]!.data[0] = NaN
  await expect(cholesky(products, poisoned)).rejects.toThrow('not positive definite')
  expect(() => solveWithFactor(lowerTiles(3), new Float64Array(2))).toThrow(
    'the right side has 2 values, expected 3',
  )
})
