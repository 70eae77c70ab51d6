// @ts-nocheck AssemblyScript, not TypeScript

// Natural logarithms of four numbers m·2^e, by a polynomial and in a fixed order: the same bits on every machine.
// After logf of the Cephes library (Moshier 1992), whose error is below 2^−23 of the result.

@inline
export function logarithm(mantissas: v128, exponents: v128): v128 {
  // mantissas in [0.5, 1]; those below √½ are doubled
  const isLow = f32x4.lt(mantissas, f32x4.splat(0.707106781186547524))
  const e = f32x4.convert_i32x4_s(i32x4.add(exponents, isLow))
  const doubled = f32x4.add(mantissas, v128.and(mantissas, isLow))
  const x = f32x4.sub(doubled, f32x4.splat(1))
  const square = f32x4.mul(x, x)
  let y = f32x4.splat(7.0376836292e-2)
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(-1.151461031e-1))
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.167699874e-1))
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(-1.2420140846e-1))
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.4249322787e-1))
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(-1.6668057665e-1))
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(2.0000714765e-1))
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(-2.4999993993e-1))
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(3.3333331174e-1))
  y = f32x4.mul(f32x4.mul(y, x), square)
  // ln 2 in two parts, so that e times the first is exact
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.1219444e-4)))
  y = f32x4.sub(y, f32x4.mul(square, f32x4.splat(0.5)))
  return f32x4.add(f32x4.add(x, y), f32x4.mul(e, f32x4.splat(0.693359375)))
}

/** Of four float32 that are normal and above zero. */
@inline
export function logarithm32(values: v128): v128 {
  const mantissas = v128.or(
    v128.and(values, i32x4.splat(0x007fffff)),
    i32x4.splat(0x3f000000),
  )
  return logarithm(mantissas, i32x4.sub(i32x4.shr_u(values, 23), i32x4.splat(126)))
}

/** Of two float64 that are normal and above zero, as float32 in lanes 0 and 1. */
@inline
export function logarithm64(values: v128): v128 {
  const mantissas = v128.or(
    v128.and(values, i64x2.splat(0x000fffffffffffff)),
    i64x2.splat(0x3fe0000000000000),
  )
  const exponents = i64x2.shr_u(values, 52)
  return logarithm(
    f32x4.demote_f64x2_zero(mantissas),
    i32x4.sub(v128.shuffle<i32>(exponents, exponents, 0, 2, 0, 2), i32x4.splat(1022)),
  )
}
