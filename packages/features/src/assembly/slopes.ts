// @ts-nocheck AssemblyScript, not TypeScript

// Slopes over rows that lie one behind the other; rows before the first and after the last are there too.
// `values` counts float32 and is a multiple of 4, as is a row's length; rowBytes is the distance of two rows.

/** target = scale·Σ k·(c[t + k] − c[t − k]), k = 1…radius */
export function slope(
  rows: usize,
  target: usize,
  values: i32,
  rowBytes: usize,
  radius: i32,
  scale: f32,
): void {
  const factor = f32x4.splat(scale)
  for (const end = rows + ((<usize>values) << 2); rows < end; rows += 16, target += 16) {
    let ahead = rows + rowBytes
    let behind = rows - rowBytes
    let sum = f32x4.sub(v128.load(ahead), v128.load(behind))
    for (let k = 2; k <= radius; k++) {
      ahead += rowBytes
      behind -= rowBytes
      const difference = f32x4.sub(v128.load(ahead), v128.load(behind))
      sum = f32x4.add(sum, f32x4.mul(f32x4.splat(<f32>k), difference))
    }
    v128.store(target, f32x4.mul(sum, factor))
  }
}

/** target = Σ w[k]·((c[t + k] − c[t]) + (c[t − k] − c[t])), k = 1…radius; weights are w[1]… */
export function bend(
  rows: usize,
  target: usize,
  values: i32,
  rowBytes: usize,
  radius: i32,
  weights: usize,
): void {
  for (const end = rows + ((<usize>values) << 2); rows < end; rows += 16, target += 16) {
    const middle = v128.load(rows)
    let ahead = rows
    let behind = rows
    let sum = f32x4.splat(0)
    for (let k = 0; k < radius; k++) {
      ahead += rowBytes
      behind -= rowBytes
      const both = f32x4.add(
        f32x4.sub(v128.load(ahead), middle),
        f32x4.sub(v128.load(behind), middle),
      )
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + ((<usize>k) << 2)), both))
    }
    v128.store(target, sum)
  }
}

/**
 * Rows of three sources to rows of triples. A row of the target is 12·bands bytes; where bands is no multiple of 4 its
 * last vector reaches into the next row, which is written later.
 */
export function interleave(
  a: usize,
  b: usize,
  c: usize,
  target: usize,
  rows: i32,
  rowBytes: usize,
  bands: i32,
): void {
  for (let row = 0; row < rows; row++) {
    let o = target + <usize>row * <usize>bands * 12
    for (let i: usize = 0; i < rowBytes; i += 16, o += 48) {
      const p = v128.load(a + i)
      const q = v128.load(b + i)
      const r = v128.load(c + i)
      const pq = v128.shuffle<f32>(p, q, 0, 4, 1, 5)
      v128.store(o, v128.shuffle<f32>(pq, r, 0, 1, 4, 2))
      const qr = v128.shuffle<f32>(q, r, 1, 5, 2, 6)
      v128.store(o, v128.shuffle<f32>(qr, p, 0, 1, 6, 2), 16)
      const rp = v128.shuffle<f32>(r, p, 2, 7, 3, 3)
      v128.store(o, v128.shuffle<f32>(rp, q, 0, 1, 7, 2), 32)
    }
    a += rowBytes
    b += rowBytes
    c += rowBytes
  }
}
