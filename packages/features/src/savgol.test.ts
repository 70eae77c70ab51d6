import fc from 'fast-check'
import { expect, test } from 'vitest'
import { delta } from './delta.js'
import { bendWeights, savgolBend, savgolSlope } from './savgol.js'

const track = (values: readonly number[]) => ({
  data: Float32Array.from(values),
  shape: [values.length, 1],
})

test('weights of the second derivative over five frames are those of Savitzky and Golay', () => {
  // (2, −1, −2, −1, 2)/7
  expect([...bendWeights(2)].map((weight) => 7 * weight)).toEqual([
    expect.closeTo(-1, 12),
    expect.closeTo(2, 12),
  ])
})

test('a parabola has its slope and its bend away from the ends, which have those of the fit beside them', () => {
  const parabola = track(Array.from({ length: 12 }, (_, t) => 3 * t * t - 5 * t + 1))
  const slope = savgolSlope(parabola, 2).data
  const bend = savgolBend(parabola, 2).data
  for (let t = 2; t < 10; t++) expect(slope[t]).toBeCloseTo(6 * t - 5, 4)
  expect([...slope.subarray(0, 3)]).toEqual([slope[2], slope[2], slope[2]])
  expect([...slope.subarray(9)]).toEqual([slope[9], slope[9], slope[9]])
  for (const value of bend) expect(value).toBeCloseTo(6, 4)
})

test('between the ends the slope is that of delta', () => {
  const value = fc.float({ min: -100, max: 20, noNaN: true })
  fc.assert(
    fc.property(fc.array(value, { minLength: 9, maxLength: 60 }), (values) => {
      const found = savgolSlope(track(values), 4).data
      const regression = delta(track(values), 4).data
      expect(found.subarray(4, values.length - 4)).toEqual(
        regression.subarray(4, values.length - 4),
      )
    }),
  )
})

test.each([1, 2, 3, 8, 9, 30])('a constant of %d frames has slope and bend 0 exactly', (frames) => {
  const constant = track(new Array<number>(frames).fill(-73.25))
  for (const { data, shape } of [savgolSlope(constant, 4), savgolBend(constant, 4)]) {
    expect(shape).toEqual([frames, 1])
    expect([...data].every((value) => value === 0)).toBe(true)
  }
})

test('a clip of fewer frames takes as many as it has; one or two have no slope', () => {
  const ramp = (frames: number) => track(Array.from({ length: frames }, (_, t) => 0.5 * t))
  for (const frames of [3, 4, 5, 8]) {
    for (const slope of savgolSlope(ramp(frames), 4).data) expect(slope).toBeCloseTo(0.5, 6)
    for (const bend of savgolBend(ramp(frames), 4).data) expect(bend).toBeCloseTo(0, 6)
  }
  for (const frames of [1, 2]) {
    expect([...savgolSlope(ramp(frames), 4).data]).toEqual(new Array(frames).fill(0))
    expect([...savgolBend(ramp(frames), 4).data]).toEqual(new Array(frames).fill(0))
  }
})

test('no frame has no slope', () => {
  const nothing = { data: new Float32Array(0), shape: [0, 64] }
  expect(savgolSlope(nothing, 4)).toEqual(nothing)
  expect(savgolBend(nothing, 4)).toEqual(nothing)
})

test('a radius that is no positive integer, or another shape, is refused', () => {
  expect(() => savgolSlope(track([1, 2, 3]), 0)).toThrow('delta radius 0 is no positive integer')
  expect(() => savgolBend({ data: new Float32Array(8), shape: [2, 2, 2] }, 2)).toThrow(
    'input of savgolBend has shape [2, 2, 2], expected [any, any]',
  )
})
