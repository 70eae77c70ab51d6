import { random } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPowerOfTwo, realFft } from './fft.js'

/** The definition, in loops. */
function plainPower(x: readonly number[]): number[] {
  return Array.from({ length: x.length / 2 + 1 }, (_, k) => {
    let re = 0
    let im = 0
    x.forEach((value, n) => {
      const angle = (-2 * Math.PI * ((k * n) % x.length)) / x.length
      re += value * Math.cos(angle)
      im += value * Math.sin(angle)
    })
    return re * re + im * im
  })
}

function fastPower(x: readonly number[]): Float64Array {
  const fft = realFft(x.length)
  const power = new Float64Array(x.length / 2 + 1)
  fft.input.set(x)
  fft.powerSpectrum(power)
  return power
}

test.each([4, 8, 16, 32, 64, 128, 256, 512, 1024])(
  'the power spectrum of %d numbers is that of the plain transform',
  (size) => {
    const x = Array.from({ length: size }, random('fft', size).normal)
    const power = fastPower(x)
    plainPower(x).forEach((expected, k) => {
      expect(Math.abs(power[k]! - expected)).toBeLessThan(1e-11 * size)
    })
  },
)

test('the power of all bins is the energy of the numbers times the size', () => {
  const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: 64,
    maxLength: 64,
  })
  fc.assert(
    fc.property(numbers, (x) => {
      const power = fastPower(x)
      let sum = power[0]! + power[32]!
      for (let k = 1; k < 32; k++) sum += 2 * power[k]!
      const energy = x.reduce((total, value) => total + value * value, 0)
      expect(sum).toBeCloseTo(64 * energy, 8)
    }),
  )
})

test('a transform leaves its input as it is and can be repeated', () => {
  const fft = realFft(32)
  const x = Float64Array.from({ length: 32 }, random('repeat').normal)
  fft.input.set(x)
  const first = new Float64Array(17)
  const second = new Float64Array(17)
  fft.powerSpectrum(first)
  fft.powerSpectrum(second)
  expect(fft.input).toEqual(x)
  expect(second).toEqual(first)
})

test('a size that is no power of two, or too small, is refused', () => {
  for (const size of [0, 1, 2, 3, 12, 400, 4.5, -8, NaN]) {
    expect(() => realFft(size)).toThrow(`FFT size ${size} is no power of two of at least 4`)
  }
})

test('powers of two are told from other numbers', () => {
  expect([1, 2, 64, 2 ** 40].every(isPowerOfTwo)).toBe(true)
  expect([0, -2, 0.5, 3, 513, Infinity, NaN].some(isPowerOfTwo)).toBe(false)
})
