// @ts-nocheck AssemblyScript, not TypeScript

// Compiled by scripts/build-kernels.mjs. Floats are float32, sizes are counts of values, addresses are bytes.
// Every output is made by the same operations in the same order wherever it lies in a block, so parts of a sound are
// bit by bit those of the whole, on every machine.

/** 16-bit integers to sample / 2^15. */
export function decode16(from: usize, to: usize, samples: i32): void {
  const scale = f32x4.splat(1.0 / 32768.0)
  for (let i: i32 = 0; i < samples; i += 8) {
    const v = v128.load(from + (<usize>i << 1))
    const at = to + (<usize>i << 2)
    v128.store(at, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(v)), scale))
    v128.store(at, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(v)), scale), 16)
  }
}

/** Pairs of 16-bit integers to their mean / 2^15. */
export function decode16Pairs(from: usize, to: usize, frames: i32): void {
  const scale = f32x4.splat(1.0 / 65536.0)
  for (let i: i32 = 0; i < frames; i += 4) {
    const v = v128.load(from + (<usize>i << 2))
    const sums = i32x4.extadd_pairwise_i16x8_s(v)
    v128.store(to + (<usize>i << 2), f32x4.mul(f32x4.convert_i32x4_s(sums), scale))
  }
}

/** 24-bit integers to sample / 2^23. */
export function decode24(from: usize, to: usize, samples: i32): void {
  const scale = f32x4.splat(1.0 / 8388608.0)
  for (let i: i32 = 0; i < samples; i += 4) {
    v128.store(to + (<usize>i << 2), f32x4.mul(f32x4.convert_i32x4_s(four24(from + <usize>i * 3)), scale))
  }
}

/** Pairs of 24-bit integers to their mean / 2^23. */
export function decode24Pairs(from: usize, to: usize, frames: i32): void {
  const scale = f32x4.splat(1.0 / 16777216.0)
  for (let i: i32 = 0; i < frames; i += 4) {
    const left = four24(from + <usize>i * 6)
    const right = four24(from + <usize>i * 6 + 12)
    const sums = i32x4.add(
      v128.shuffle<i32>(left, right, 0, 2, 4, 6),
      v128.shuffle<i32>(left, right, 1, 3, 5, 7),
    )
    v128.store(to + (<usize>i << 2), f32x4.mul(f32x4.convert_i32x4_s(sums), scale))
  }
}

/** Four 24-bit integers; each goes to the upper bytes of a lane, and back with its sign. */
@inline
function four24(from: usize): v128 {
  const spread = i8x16(16, 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11)
  return i32x4.shr_s(i8x16.swizzle(v128.load(from), spread), 8)
}

/** to[column][row] = from[row][column]; strides in values. */
export function transpose(
  from: usize,
  fromStride: i32,
  to: usize,
  toStride: i32,
  rows: i32,
  columns: i32,
): void {
  if (columns == 2 && fromStride == 2) return split2(from, to, toStride, rows)
  if (columns == 3 && fromStride == 3) return split3(from, to, toStride, rows)
  if (rows == 2 && toStride == 2) return join2(from, fromStride, to, columns)
  const a = <usize>fromStride << 2
  const b = <usize>toStride << 2
  let row: i32 = 0
  for (; row + 4 <= rows; row += 4) {
    let source = from + <usize>row * a
    let target = to + (<usize>row << 2)
    let column: i32 = 0
    for (; column + 4 <= columns; column += 4) {
      const r0 = v128.load(source)
      const r1 = v128.load(source + a)
      const r2 = v128.load(source + 2 * a)
      const r3 = v128.load(source + 3 * a)
      const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5)
      const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5)
      const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7)
      const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7)
      v128.store(target, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5))
      v128.store(target + b, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7))
      v128.store(target + 2 * b, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5))
      v128.store(target + 3 * b, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7))
      source += 16
      target += 4 * b
    }
    for (; column < columns; column++) {
      store<f32>(target, load<f32>(source))
      store<f32>(target, load<f32>(source + a), 4)
      store<f32>(target, load<f32>(source + 2 * a), 8)
      store<f32>(target, load<f32>(source + 3 * a), 12)
      source += 4
      target += b
    }
  }
  for (; row < rows; row++) {
    let source = from + <usize>row * a
    let target = to + (<usize>row << 2)
    for (let column: i32 = 0; column < columns; column++) {
      store<f32>(target, load<f32>(source))
      source += 4
      target += b
    }
  }
}

/** Rows of two; writes up to 3 values more than `rows` in each plane. */
function split2(from: usize, to: usize, stride: i32, rows: i32): void {
  const other = to + (<usize>stride << 2)
  for (let i: usize = 0; i < <usize>rows << 2; i += 16) {
    const a = v128.load(from + 2 * i)
    const b = v128.load(from + 2 * i, 16)
    v128.store(to + i, v128.shuffle<f32>(a, b, 0, 2, 4, 6))
    v128.store(other + i, v128.shuffle<f32>(a, b, 1, 3, 5, 7))
  }
}

function split3(from: usize, to: usize, stride: i32, rows: i32): void {
  const second = to + (<usize>stride << 2)
  const third = second + (<usize>stride << 2)
  for (let i: usize = 0; i < <usize>rows << 2; i += 16) {
    const a = v128.load(from + 3 * i)
    const b = v128.load(from + 3 * i, 16)
    const c = v128.load(from + 3 * i, 32)
    const ab = v128.shuffle<f32>(a, b, 1, 4, 2, 5)
    const bc = v128.shuffle<f32>(b, c, 2, 5, 3, 6)
    v128.store(to + i, v128.shuffle<f32>(v128.shuffle<f32>(a, b, 0, 3, 6, 6), c, 0, 1, 2, 5))
    v128.store(second + i, v128.shuffle<f32>(ab, bc, 0, 1, 4 + 2, 4 + 3))
    v128.store(third + i, v128.shuffle<f32>(v128.shuffle<f32>(a, b, 2, 5, 5, 5), c, 0, 1, 4, 7))
  }
}

function join2(from: usize, stride: i32, to: usize, columns: i32): void {
  const other = from + (<usize>stride << 2)
  for (let i: usize = 0; i < <usize>columns << 2; i += 16) {
    const a = v128.load(from + i)
    const b = v128.load(other + i)
    v128.store(to + 2 * i, v128.shuffle<f32>(a, b, 0, 4, 1, 5))
    v128.store(to + 2 * i, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16)
  }
}

/**
 * out[m] = Σ over rows, Σ over u of taps[u] · x[m + u], for m = 0 to outputs, in blocks of 24.
 *
 * A row of the table is three words: address of x, address of its taps, number of taps. The taps of a row of 8 or more
 * are sorted by the remainder of u by 4: neighbours in that order meet values four apart, which is what the vector of
 * the next four outputs met before, so one load and one tap serve six products.
 */
export function filter(table: usize, rows: i32, out: usize, outputs: i32): void {
  for (let m: i32 = 0; m < outputs; m += 24) {
    let s0 = f32x4.splat(0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    let s4 = s0
    let s5 = s0
    let entry = table
    for (let row: i32 = 0; row < rows; row++) {
      const x = <usize>load<u32>(entry) + (<usize>m << 2)
      let tap = <usize>load<u32>(entry, 4)
      const taps = load<i32>(entry, 8)
      entry += 12
      if (taps < 8) {
        for (let u: i32 = 0; u < taps; u++) {
          const at = x + (<usize>u << 2)
          const h = v128.load32_splat(tap)
          s0 = f32x4.add(s0, f32x4.mul(h, v128.load(at)))
          s1 = f32x4.add(s1, f32x4.mul(h, v128.load(at, 16)))
          s2 = f32x4.add(s2, f32x4.mul(h, v128.load(at, 32)))
          s3 = f32x4.add(s3, f32x4.mul(h, v128.load(at, 48)))
          s4 = f32x4.add(s4, f32x4.mul(h, v128.load(at, 64)))
          s5 = f32x4.add(s5, f32x4.mul(h, v128.load(at, 80)))
          tap += 4
        }
        continue
      }
      for (let remainder: i32 = 0; remainder < 4; remainder++) {
        let at = x + (<usize>remainder << 2)
        let count = (taps - remainder + 3) >> 2
        let x0 = v128.load(at)
        let x1 = v128.load(at, 16)
        let x2 = v128.load(at, 32)
        let x3 = v128.load(at, 48)
        let x4 = v128.load(at, 64)
        at += 80
        // Not unrolled: the compiler would then sum one output after the other, each addition waiting for the last.
        for (; count > 0; count--) {
          const h = v128.load32_splat(tap)
          const x5 = v128.load(at)
          s0 = f32x4.add(s0, f32x4.mul(h, x0))
          s1 = f32x4.add(s1, f32x4.mul(h, x1))
          s2 = f32x4.add(s2, f32x4.mul(h, x2))
          s3 = f32x4.add(s3, f32x4.mul(h, x3))
          s4 = f32x4.add(s4, f32x4.mul(h, x4))
          s5 = f32x4.add(s5, f32x4.mul(h, x5))
          x0 = x1
          x1 = x2
          x2 = x3
          x3 = x4
          x4 = x5
          tap += 4
          at += 16
        }
      }
    }
    const to = out + (<usize>m << 2)
    v128.store(to, s0)
    v128.store(to, s1, 16)
    v128.store(to, s2, 32)
    v128.store(to, s3, 48)
    v128.store(to, s4, 64)
    v128.store(to, s5, 80)
  }
}

/** The largest magnitude; reads up to 3 values more, which should be 0. Infinity where a sample is not finite. */
export function peak(from: usize, samples: i32): f32 {
  let most = f32x4.splat(0)
  let strange = f32x4.splat(0)
  for (let i: i32 = 0; i < samples; i += 4) {
    const x = v128.load(from + (<usize>i << 2))
    most = f32x4.max(most, f32x4.abs(x))
    // 0 for a number, NaN for what is none.
    strange = f32x4.add(strange, f32x4.mul(x, f32x4.splat(0)))
  }
  const sum =
    f32x4.extract_lane(strange, 0) +
    f32x4.extract_lane(strange, 1) +
    f32x4.extract_lane(strange, 2) +
    f32x4.extract_lane(strange, 3)
  if (sum != sum) return f32.MAX_VALUE * 2
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  )
}

/** The largest magnitude of 16-bit integers; reads up to 7 samples more, which should be 0. */
export function peak16(from: usize, samples: i32): i32 {
  let most = i16x8.splat(0)
  for (let i: i32 = 0; i < samples; i += 8) {
    // The magnitude of the least integer is right without a sign.
    most = i16x8.max_u(most, i16x8.abs(v128.load(from + (<usize>i << 1))))
  }
  const wide = i32x4.max_u(i32x4.extend_low_i16x8_u(most), i32x4.extend_high_i16x8_u(most))
  return largest(wide)
}

/** The largest magnitude of 24-bit integers; reads up to 16 bytes more, which should be 0. */
export function peak24(from: usize, samples: i32): i32 {
  let most = i32x4.splat(0)
  for (let i: i32 = 0; i < samples; i += 4) {
    most = i32x4.max_s(most, i32x4.abs(four24(from + <usize>i * 3)))
  }
  return largest(most)
}

@inline
function largest(lanes: v128): i32 {
  return max(
    max(i32x4.extract_lane(lanes, 0), i32x4.extract_lane(lanes, 1)),
    max(i32x4.extract_lane(lanes, 2), i32x4.extract_lane(lanes, 3)),
  )
}
