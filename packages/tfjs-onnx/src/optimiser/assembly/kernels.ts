// @ts-nocheck AssemblyScript, not TypeScript

// The kernels of kernels.ts in WebAssembly SIMD. plain.ts is their reference: the same operations in the same
// order, so that both give the same bits. Addresses and counts are of float32 values; a count is a multiple of 4,
// except for the mask.

export function sumOfSquares(x: usize, count: i32): f64 {
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  const end = x + ((<usize>count) << 2)
  for (; x < end; x += 16) {
    const values = v128.load(x)
    const first = f64x2.promote_low_f32x4(values)
    const second = f64x2.promote_low_f32x4(i64x2.shuffle(values, values, 1, 1))
    low = f64x2.add(low, f64x2.mul(first, first))
    high = f64x2.add(high, f64x2.mul(second, second))
  }
  return (
    f64x2.extract_lane(low, 0) +
    f64x2.extract_lane(low, 1) +
    (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1))
  )
}

export function adam(
  weights: usize,
  gradients: usize,
  means: usize,
  squares: usize,
  count: i32,
  gradientScale: f32,
  keep: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  rate: f32,
  correction: f32,
  epsilon: f32,
): void {
  const scale = f32x4.splat(gradientScale)
  const shrink = f32x4.splat(keep)
  const b1 = f32x4.splat(beta1)
  const r1 = f32x4.splat(rest1)
  const b2 = f32x4.splat(beta2)
  const r2 = f32x4.splat(rest2)
  const lr = f32x4.splat(rate)
  const c2 = f32x4.splat(correction)
  const eps = f32x4.splat(epsilon)
  const bytes = (<usize>count) << 2
  for (let i: usize = 0; i < bytes; i += 16) {
    const g = f32x4.mul(v128.load(gradients + i), scale)
    const m = f32x4.add(f32x4.mul(v128.load(means + i), b1), f32x4.mul(g, r1))
    const v = f32x4.add(f32x4.mul(v128.load(squares + i), b2), f32x4.mul(f32x4.mul(g, g), r2))
    v128.store(means + i, m)
    v128.store(squares + i, v)
    const step = f32x4.div(f32x4.mul(m, lr), f32x4.add(f32x4.mul(f32x4.sqrt(v), c2), eps))
    v128.store(weights + i, f32x4.sub(f32x4.mul(v128.load(weights + i), shrink), step))
  }
}

export function sgd(
  weights: usize,
  gradients: usize,
  velocities: usize,
  count: i32,
  gradientScale: f32,
  decay: f32,
  momentum: f32,
  rate: f32,
): void {
  const scale = f32x4.splat(gradientScale)
  const lambda = f32x4.splat(decay)
  const mu = f32x4.splat(momentum)
  const lr = f32x4.splat(rate)
  const bytes = (<usize>count) << 2
  for (let i: usize = 0; i < bytes; i += 16) {
    const w = v128.load(weights + i)
    const g = f32x4.add(f32x4.mul(v128.load(gradients + i), scale), f32x4.mul(w, lambda))
    const v = f32x4.add(f32x4.mul(v128.load(velocities + i), mu), g)
    v128.store(velocities + i, v)
    v128.store(weights + i, f32x4.sub(w, f32x4.mul(v, lr)))
  }
}

// xoshiro128+ (Blackman & Vigna), one generator a lane; state is four vectors, one a word.
export function dropoutMask(
  target: usize,
  count: i32,
  state: usize,
  threshold: i32,
  kept: f32,
): void {
  let s0 = v128.load(state)
  let s1 = v128.load(state, 16)
  let s2 = v128.load(state, 32)
  let s3 = v128.load(state, 48)
  const limit = i32x4.splat(threshold)
  const value = f32x4.splat(kept)
  const end = target + ((<usize>count) << 2)
  while (target < end) {
    const random = i32x4.add(s0, s3)
    const shifted = i32x4.shl(s1, 9)
    s2 = v128.xor(s2, s0)
    s3 = v128.xor(s3, s1)
    s1 = v128.xor(s1, s2)
    s0 = v128.xor(s0, s3)
    s2 = v128.xor(s2, shifted)
    s3 = v128.or(i32x4.shl(s3, 11), i32x4.shr_u(s3, 21))
    const four = v128.and(i32x4.ge_u(random, limit), value)
    if (target + 16 <= end) {
      v128.store(target, four)
    } else {
      f32.store(target, f32x4.extract_lane(four, 0))
      if (target + 4 < end) f32.store(target, f32x4.extract_lane(four, 1), 4)
      if (target + 8 < end) f32.store(target, f32x4.extract_lane(four, 2), 8)
    }
    target += 16
  }
  v128.store(state, s0)
  v128.store(state, s1, 16)
  v128.store(state, s2, 32)
  v128.store(state, s3, 48)
}
