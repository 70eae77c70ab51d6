// @ts-nocheck AssemblyScript, not TypeScript

// The front end in WebAssembly SIMD: log-mels of ../log-mel.ts, four frames a vector in float32. The float32 of a band
// far below the rest of its frame is not exact enough; such frames are told and done again in float64, two a vector.
// A lane never sees another, so what a frame gives does not depend on the frames beside it.

export { allFinite, moments, preEmphasise32, preEmphasise64 } from './samples'
export { bend, interleave, slope } from './slopes'
import { splitPower, transform } from './fft'
import { logarithm32, logarithm64 } from './logarithm'

// Addresses and counts in a table of u32, one for each precision. ../kernels/simd-tables.ts writes them.
const half = 0
const windowLength = 4
const window = 8
const turns = 12
const splitTurns = 16
const firstBins = 20
const binCounts = 24
const weights = 28
const limits = 32
const bands = 36
const hop = 40
const scratchA = 44
const scratchB = 48
const power = 52
const isMagnitude = 56
/** float64: added before the logarithm; the least value that goes into it; factor on the logarithm */
const added = 64
const least = 72
const factor = 80

@inline
function entry(table: usize, name: usize): usize {
  return <usize>load<u32>(table + name)
}

/**
 * Log-mels of frames that begin at y, y + hop …, as rows of `bands` values.
 *
 * @param flagged numbers of the frames that float32 is not exact enough for
 * @returns how many they are
 */
export function logMel32(table: usize, y: usize, frames: i32, target: usize, flagged: usize): i32 {
  const bins = entry(table, half)
  const rowBytes = entry(table, bands) << 2
  const hopBytes = entry(table, hop) << 2
  const spectrum = entry(table, power)
  const add = f32x4.splat(<f32>load<f64>(table + added))
  const low = f32x4.splat(<f32>load<f64>(table + least))
  const scale = f32x4.splat(<f32>load<f64>(table + factor))
  let found = 0
  for (let frame = 0; frame < frames; frame += 4) {
    const a = entry(table, scratchA)
    const length = entry(table, windowLength)
    pack4(y + <usize>frame * hopBytes, hopBytes, entry(table, window), length, a)
    const z = transform<f32>(a, entry(table, scratchB), bins, length >> 1, entry(table, turns))
    let energy = splitPower<f32>(z, spectrum, bins, entry(table, splitTurns))
    // Beyond this a product of two values may overflow.
    let isExact = f32x4.le(energy, f32x4.splat(1e36))
    if (load<u32>(table + isMagnitude)) {
      // Below this the squares of small values vanish, and their roots would be felt.
      isExact = v128.and(isExact, f32x4.ge(energy, f32x4.splat(1e-20)))
      roots<f32>(spectrum, bins)
      energy = f32x4.sqrt(energy)
    }
    let weight = entry(table, weights)
    const first = entry(table, firstBins)
    const counts = entry(table, binCounts)
    const limit = entry(table, limits)
    // Sums first, logarithms after: four at once share their constants. The transform's scratch is free by now.
    let place = entry(table, scratchB)
    for (let band: usize = 0; band < rowBytes; band += 4, place += 16) {
      let bin = spectrum + (<usize>load<u32>(first + band) << 4)
      let sum = f32x4.splat(0)
      const end = bin + (<usize>load<u32>(counts + band) << 4)
      for (; bin < end; bin += 16, weight += 4) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(bin), v128.load32_splat(weight)))
      }
      sum = f32x4.max(f32x4.add(sum, add), low)
      const lowest = f32x4.mul(energy, v128.load32_splat(limit + band))
      isExact = v128.and(isExact, f32x4.ge(sum, lowest))
      v128.store(place, sum)
    }
    place = entry(table, scratchB)
    let row = target + <usize>frame * rowBytes
    for (let band: usize = 0; band < rowBytes; band += 16, row += 16, place += 64) {
      const v0 = f32x4.mul(logarithm32(v128.load(place)), scale)
      const v1 = f32x4.mul(logarithm32(v128.load(place, 16)), scale)
      const v2 = f32x4.mul(logarithm32(v128.load(place, 32)), scale)
      const v3 = f32x4.mul(logarithm32(v128.load(place, 48)), scale)
      const t0 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5)
      const t1 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5)
      const t2 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7)
      const t3 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7)
      v128.store(row, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5))
      v128.store(row + rowBytes, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7))
      v128.store(row + 2 * rowBytes, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5))
      v128.store(row + 3 * rowBytes, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7))
    }
    const exact = i32x4.bitmask(isExact)
    if (exact != 15) {
      for (let lane = 0; lane < 4 && frame + lane < frames; lane++) {
        if ((exact >> lane) & 1) continue
        store<i32>(flagged + ((<usize>found) << 2), frame + lane)
        found++
      }
    }
  }
  return found
}

/** The same in float64, of the frames in a list; y is float64. */
export function logMel64(table: usize, y: usize, list: usize, count: i32, target: usize): void {
  const bins = entry(table, half)
  const rowBytes = entry(table, bands) << 2
  const hopBytes = entry(table, hop) << 3
  const spectrum = entry(table, power)
  const add = f64x2.splat(load<f64>(table + added))
  const low = f64x2.splat(load<f64>(table + least))
  const scale = f32x4.splat(<f32>load<f64>(table + factor))
  for (let index = 0; index < count; index += 2) {
    const one = <usize>load<i32>(list + ((<usize>index) << 2))
    const other = index + 1 < count ? <usize>load<i32>(list + ((<usize>index) << 2), 4) : one
    const a = entry(table, scratchA)
    const length = entry(table, windowLength)
    pack2(y + one * hopBytes, y + other * hopBytes, entry(table, window), length, a)
    const z = transform<f64>(a, entry(table, scratchB), bins, length >> 1, entry(table, turns))
    splitPower<f64>(z, spectrum, bins, entry(table, splitTurns))
    if (load<u32>(table + isMagnitude)) roots<f64>(spectrum, bins)
    let weight = entry(table, weights)
    const first = entry(table, firstBins)
    const counts = entry(table, binCounts)
    for (let band: usize = 0; band < rowBytes; band += 4) {
      let bin = spectrum + (<usize>load<u32>(first + band) << 4)
      let sum = f64x2.splat(0)
      const end = bin + (<usize>load<u32>(counts + band) << 4)
      for (; bin < end; bin += 16, weight += 8) {
        sum = f64x2.add(sum, f64x2.mul(v128.load(bin), v128.load64_splat(weight)))
      }
      const value = f32x4.mul(logarithm64(f64x2.max(f64x2.add(sum, add), low)), scale)
      store<f32>(target + one * rowBytes + band, f32x4.extract_lane(value, 0))
      store<f32>(target + other * rowBytes + band, f32x4.extract_lane(value, 1))
    }
  }
}

/** Four frames times the window, sample by sample: one vector holds the same sample of each. */
@inline
function pack4(y: usize, hopBytes: usize, window: usize, length: usize, target: usize): void {
  for (const end = y + (length << 2); y < end; y += 16, window += 16, target += 64) {
    const w = v128.load(window)
    const a = f32x4.mul(v128.load(y), w)
    const b = f32x4.mul(v128.load(y + hopBytes), w)
    const c = f32x4.mul(v128.load(y + 2 * hopBytes), w)
    const d = f32x4.mul(v128.load(y + 3 * hopBytes), w)
    const t0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
    const t1 = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
    const t2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
    const t3 = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
    v128.store(target, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5))
    v128.store(target, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7), 16)
    v128.store(target, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5), 32)
    v128.store(target, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7), 48)
  }
}

@inline
function pack2(one: usize, other: usize, window: usize, length: usize, target: usize): void {
  for (const end = one + (length << 3); one < end; one += 16, other += 16, window += 16, target += 32) {
    const w = v128.load(window)
    const a = f64x2.mul(v128.load(one), w)
    const b = f64x2.mul(v128.load(other), w)
    v128.store(target, v128.shuffle<f64>(a, b, 0, 2))
    v128.store(target, v128.shuffle<f64>(a, b, 1, 3), 16)
  }
}

function roots<T>(spectrum: usize, bins: usize): void {
  for (const end = spectrum + bins * 16; spectrum <= end; spectrum += 16) {
    v128.store(spectrum, v128.sqrt<T>(v128.load(spectrum)))
  }
}
