import { readFileSync } from 'node:fs'
import { parkMiller } from './random-data.fixture.js'

interface GoldenCase {
  rows: number
  columns: number
  targets: number
  lambda: number
  seed: number
  mean: number[]
  deviation: number[]
  scores: number[][]
  weighted?: boolean
}

/** What scikit-learn made, with the rows it was given. */
export function goldenRidge() {
  const file = new URL('../../../tests/golden/model/backbone-ridge.json', import.meta.url)
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: GoldenCase[] }
  return cases.map((made) => {
    const rows = randomRows(made.rows + made.scores.length, made.columns, made.seed)
    const targets = Array.from({ length: made.targets }, (_, target) =>
      Float64Array.from({ length: made.rows }, (_, row) => (row % made.targets === target ? 1 : 0)),
    )
    const weights = made.weighted
      ? Float64Array.from({ length: made.rows }, (_, row) => 0.5 + (row % 4) * 0.5)
      : undefined
    return {
      ...made,
      weights,
      training: rows.slice(0, made.rows),
      tested: rows.slice(made.rows),
      targets,
    }
  })
}

/** As random_rows in backbone-ridge.py. */
function randomRows(rows: number, columns: number, seed: number): Float32Array[] {
  const next = parkMiller(seed)
  const powers = [0.01, 0.1, 1, 10, 100]
  return Array.from({ length: rows }, () =>
    Float32Array.from({ length: columns }, (_, column) => {
      const value = (next() - 0.5) * powers[column % 5]! + powers[column % 3]!
      return column === 5 ? 0.7 : value
    }),
  )
}
