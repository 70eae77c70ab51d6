// @ts-nocheck AssemblyScript, not TypeScript

// Work on samples before they are framed. Addresses are in bytes, counts in values.

/** y[n] = x[n] − factor·x[n − 1], rounded once; x[−1] lies before x. Counts are taken up to the next multiple of 4. */
export function preEmphasise32(x: usize, y: usize, count: i32, factor: f64): void {
  const a = f64x2.splat(factor)
  for (const end = x + ((<usize>count) << 2); x < end; x += 16, y += 16) {
    const now = v128.load(x)
    const before = v128.load(x - 4)
    const low = f64x2.sub(
      f64x2.promote_low_f32x4(now),
      f64x2.mul(a, f64x2.promote_low_f32x4(before)),
    )
    const high = f64x2.sub(
      f64x2.promote_low_f32x4(v128.shuffle<i64>(now, now, 1, 1)),
      f64x2.mul(a, f64x2.promote_low_f32x4(v128.shuffle<i64>(before, before, 1, 1))),
    )
    v128.store(
      y,
      v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5),
    )
  }
}

/** The same, not rounded. */
export function preEmphasise64(x: usize, y: usize, count: i32, factor: f64): void {
  const a = f64x2.splat(factor)
  for (const end = x + ((<usize>count) << 2); x < end; x += 8, y += 16) {
    const now = f64x2.promote_low_f32x4(v128.load64_zero(x))
    const before = f64x2.promote_low_f32x4(v128.load64_zero(x - 4))
    v128.store(y, f64x2.sub(now, f64x2.mul(a, before)))
  }
}

/** Whether no value is infinite or NaN; values up to the next multiple of 4 count too. */
export function allFinite(x: usize, count: i32): bool {
  const exponent = i32x4.splat(0x7f800000)
  let found = i32x4.splat(0)
  for (const end = x + ((<usize>count) << 2); x < end; x += 16) {
    found = v128.or(found, i32x4.eq(v128.and(v128.load(x), exponent), exponent))
  }
  return !v128.any_true(found)
}

/**
 * Number of values, mean and Σ (x − mean)² of each part, as float64. Part p holds values bounds[p]…bounds[p + 1] − 1.
 * Four sums by the place in the part, as the plain version has them.
 */
export function moments(x: usize, bounds: usize, parts: i32, target: usize): void {
  for (let part = 0; part < parts; part++, bounds += 4, target += 16) {
    const start = x + ((<usize>load<i32>(bounds)) << 2)
    const end = x + ((<usize>load<i32>(bounds, 4)) << 2)
    const fours = start + ((end - start) & ~15)
    let low = f64x2.splat(0)
    let high = f64x2.splat(0)
    let at = start
    for (; at < fours; at += 16) {
      const values = v128.load(at)
      low = f64x2.add(low, f64x2.promote_low_f32x4(values))
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(values, values, 1, 1)))
    }
    let sum = total(low, high)
    for (; at < end; at += 4) sum += <f64>load<f32>(at)
    const count = <f64>((end - start) >> 2)
    const mean = end == start ? 0 : sum / count
    const middle = f64x2.splat(mean)
    low = f64x2.splat(0)
    high = f64x2.splat(0)
    for (at = start; at < fours; at += 16) {
      const values = v128.load(at)
      const first = f64x2.sub(f64x2.promote_low_f32x4(values), middle)
      const second = f64x2.sub(
        f64x2.promote_low_f32x4(v128.shuffle<i64>(values, values, 1, 1)),
        middle,
      )
      low = f64x2.add(low, f64x2.mul(first, first))
      high = f64x2.add(high, f64x2.mul(second, second))
    }
    let squares = total(low, high)
    for (; at < end; at += 4) {
      const deviation = <f64>load<f32>(at) - mean
      squares += deviation * deviation
    }
    store<f64>(target, mean)
    store<f64>(target, squares, 8)
  }
}

@inline
function total(low: v128, high: v128): f64 {
  return (
    f64x2.extract_lane(low, 0) +
    f64x2.extract_lane(low, 1) +
    (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1))
  )
}
