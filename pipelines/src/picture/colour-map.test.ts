import { expect, test } from 'vitest'
import { blueRed, magma, paletteOf } from './colour-map.js'

const colour = (palette: Uint8Array, at: number) => [...palette.subarray(3 * at, 3 * at + 3)]

/** CIE 1976 lightness of an sRGB colour, 0…100. */
function lightness([red, green, blue]: number[]): number {
  const linear = [red!, green!, blue!].map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance
}

test('magma has its published colours, and gets lighter from one to the next', () => {
  const palette = paletteOf(magma)
  expect(palette.length).toBe(768)
  // Of the 256 in d3-scale-chromatic 3.1.0, interpolateMagma.
  const known = { 0: [0, 0, 4], 100: [137, 40, 129], 200: [253, 152, 105], 255: [252, 253, 191] }
  for (const [at, wanted] of Object.entries(known)) {
    colour(palette, Number(at)).forEach((value, channel) => {
      expect(Math.abs(value - wanted[channel]!)).toBeLessThanOrEqual(3)
    })
  }
  const steps = Array.from({ length: 256 }, (_, at) => lightness(colour(palette, at)))
  steps.slice(1).forEach((step, at) => expect(step).toBeGreaterThan(steps[at]!))
})

test('the diverging map is white in the middle, blue below and red above, equally dark at both ends', () => {
  const palette = paletteOf(blueRed)
  const [low, middle, high] = [0, 127, 255].map((at) => colour(palette, at))
  expect(Math.min(...middle!)).toBeGreaterThan(244)
  expect(low![2]).toBeGreaterThan(low![0]!)
  expect(high![0]).toBeGreaterThan(high![2]!)
  expect(Math.abs(lightness(low!) - lightness(high!))).toBeLessThan(3)
})
