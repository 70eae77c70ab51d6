import fc from 'fast-check'
import { expect, test } from 'vitest'
import { delta } from './delta.js'

const track = (values: readonly number[]) => ({
  data: Float32Array.from(values),
  shape: [values.length, 1],
})
const lengths = [1, 2, 3, 4, 5, 8, 80]

test('delta of t² gives the values worked out by hand', () => {
  // t = 0: (1·(1 − 0) + 2·(4 − 0)) / 10 = 0.9; the edge repeats, so both ends are flattened.
  const expected = [0.9, 2.2, 4.0, 6.0, 5.8, 4.1]
  const { data } = delta(track([0, 1, 4, 9, 16, 25]))
  expected.forEach((value, t) => expect(data[t]).toBeCloseTo(value, 5))
})

test('a ramp up or down has its slope, and no bend, away from the ends', () => {
  for (const [slope, offset] of [
    [0.25, -3],
    [-0.5, 0],
  ] as const) {
    const ramp = track(Array.from({ length: 80 }, (_, t) => slope * t + offset))
    const first = delta(ramp)
    const second = delta(first)
    for (let t = 2; t < 78; t++) expect(Math.abs(first.data[t]! - slope)).toBeLessThan(1e-6)
    for (let t = 4; t < 76; t++) expect(Math.abs(second.data[t]!)).toBeLessThan(1e-6)
  }
})

test('a step has its slope where it is, and the same on both sides', () => {
  const { data } = delta(track([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]))
  // between frames 4 and 5: (2)/10 two frames away, (1 + 2)/10 beside it
  const expected = [0, 0, 0, 0.2, 0.3, 0.3, 0.2, 0, 0, 0]
  expected.forEach((value, t) => expect(data[t]).toBeCloseTo(value, 6))
})

test.each(lengths)('a constant of %d frames has as many slopes, all exactly 0', (frames) => {
  const first = delta(track(new Array<number>(frames).fill(-7.5)))
  expect(first.shape).toEqual([frames, 1])
  expect([...first.data]).toEqual(new Array<number>(frames).fill(0))
})

test('delta of a straight line is its slope, away from the edges', () => {
  const number = fc.integer({ min: -100, max: 100 })
  fc.assert(
    fc.property(number, number, fc.integer({ min: 1, max: 4 }), (slope, offset, radius) => {
      const frames = 20
      const line = track(Array.from({ length: frames }, (_, t) => slope * t + offset))
      const { data } = delta(line, radius)
      for (let t = radius; t < frames - radius; t++) expect(data[t]).toBeCloseTo(slope, 3)
    }),
  )
})

test('bands do not mix, at any length: each slope is that of its band alone', () => {
  const value = fc.float({ min: -20, max: 20, noNaN: true })
  const input = fc
    .record({
      frames: fc.constantFrom(...lengths),
      bands: fc.integer({ min: 1, max: 5 }),
      radius: fc.integer({ min: 1, max: 3 }),
    })
    .chain((sizes) =>
      fc
        .array(value, {
          minLength: sizes.frames * sizes.bands,
          maxLength: sizes.frames * sizes.bands,
        })
        .map((values) => ({ ...sizes, values })),
    )
  fc.assert(
    fc.property(input, ({ frames, bands, radius, values }) => {
      const together = delta({ data: Float32Array.from(values), shape: [frames, bands] }, radius)
      expect(together.shape).toEqual([frames, bands])
      for (let band = 0; band < bands; band++) {
        const alone = delta(track(values.filter((_, i) => i % bands === band)), radius)
        alone.data.forEach((slope, t) => expect(together.data[t * bands + band]).toBe(slope))
      }
    }),
  )
})

test('a track played backwards has the opposite slopes, backwards', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1 }),
      (values) => {
        const forwards = delta(track(values)).data
        const backwards = delta(track([...values].reverse())).data.reverse()
        forwards.forEach((slope, t) => expect(backwards[t]! + slope).toBeCloseTo(0, 5))
      },
    ),
  )
})

test('a radius that is no positive integer is refused', () => {
  for (const radius of [0, -1, 1.5, NaN]) {
    expect(() => delta(track([1, 2]), radius)).toThrow(
      `delta radius ${radius} is no positive integer`,
    )
  }
})

test('a tensor of another shape is refused', () => {
  expect(() => delta({ data: new Float32Array(8), shape: [2, 2, 2] })).toThrow(
    'input of delta has shape [2, 2, 2], expected [any, any]',
  )
})
