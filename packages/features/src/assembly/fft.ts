// @ts-nocheck AssemblyScript, not TypeScript

// The transform of ../fft.ts, one frame a lane: four of float32 or two of float64. A complex number is two vectors,
// real parts then imaginary parts.

const complex: usize = 32

/** (re + i·im)·(c + i·s) */
@inline
function storeTurned<T>(target: usize, re: v128, im: v128, c: v128, s: v128): void {
  v128.store(target, v128.sub<T>(v128.mul<T>(re, c), v128.mul<T>(im, s)))
  v128.store(target, v128.add<T>(v128.mul<T>(re, s), v128.mul<T>(im, c)), 16)
}

/** One pass over all numbers: `groups` butterflies of `stride` columns, or the first `count`. Six turns a group. */
export function radix4<T>(
  x: usize,
  y: usize,
  groups: usize,
  count: usize,
  stride: usize,
  turns: usize,
): void {
  const step = stride * complex
  const quarter = step * groups
  for (let p: usize = 0; p < count; p++) {
    const c1 = v128.load_splat<T>(turns, 0 * sizeof<T>())
    const s1 = v128.load_splat<T>(turns, 1 * sizeof<T>())
    const c2 = v128.load_splat<T>(turns, 2 * sizeof<T>())
    const s2 = v128.load_splat<T>(turns, 3 * sizeof<T>())
    const c3 = v128.load_splat<T>(turns, 4 * sizeof<T>())
    const s3 = v128.load_splat<T>(turns, 5 * sizeof<T>())
    turns += 6 * sizeof<T>()
    let i = x + step * p
    let o = y + 4 * step * p
    for (const end = i + step; i < end; i += complex, o += complex) {
      const aRe = v128.load(i)
      const aIm = v128.load(i, 16)
      const bRe = v128.load(i + quarter)
      const bIm = v128.load(i + quarter, 16)
      const cRe = v128.load(i + 2 * quarter)
      const cIm = v128.load(i + 2 * quarter, 16)
      const dRe = v128.load(i + 3 * quarter)
      const dIm = v128.load(i + 3 * quarter, 16)
      const sumRe = v128.add<T>(aRe, cRe)
      const sumIm = v128.add<T>(aIm, cIm)
      const differenceRe = v128.sub<T>(aRe, cRe)
      const differenceIm = v128.sub<T>(aIm, cIm)
      const otherRe = v128.add<T>(bRe, dRe)
      const otherIm = v128.add<T>(bIm, dIm)
      // −i·(b − d)
      const turnedRe = v128.sub<T>(bIm, dIm)
      const turnedIm = v128.sub<T>(dRe, bRe)
      v128.store(o, v128.add<T>(sumRe, otherRe))
      v128.store(o, v128.add<T>(sumIm, otherIm), 16)
      const oneRe = v128.add<T>(differenceRe, turnedRe)
      const oneIm = v128.add<T>(differenceIm, turnedIm)
      storeTurned<T>(o + step, oneRe, oneIm, c1, s1)
      const twoRe = v128.sub<T>(sumRe, otherRe)
      const twoIm = v128.sub<T>(sumIm, otherIm)
      storeTurned<T>(o + 2 * step, twoRe, twoIm, c2, s2)
      const threeRe = v128.sub<T>(differenceRe, turnedRe)
      const threeIm = v128.sub<T>(differenceIm, turnedIm)
      storeTurned<T>(o + 3 * step, threeRe, threeIm, c3, s3)
    }
  }
}

/**
 * The first pass for groups first…groups − 1, whose numbers in the last quarter are 0 and are not read: a window mostly
 * ends there.
 */
function shortRadix4<T>(x: usize, y: usize, first: usize, groups: usize, turns: usize): void {
  const quarter = complex * groups
  let o = y + 4 * complex * first
  turns += first * 6 * sizeof<T>()
  for (let i = x + complex * first, end = x + quarter; i < end; i += complex, o += 4 * complex) {
    const aRe = v128.load(i)
    const aIm = v128.load(i, 16)
    const bRe = v128.load(i + quarter)
    const bIm = v128.load(i + quarter, 16)
    const cRe = v128.load(i + 2 * quarter)
    const cIm = v128.load(i + 2 * quarter, 16)
    const sumRe = v128.add<T>(aRe, cRe)
    const sumIm = v128.add<T>(aIm, cIm)
    const differenceRe = v128.sub<T>(aRe, cRe)
    const differenceIm = v128.sub<T>(aIm, cIm)
    v128.store(o, v128.add<T>(sumRe, bRe))
    v128.store(o, v128.add<T>(sumIm, bIm), 16)
    const oneRe = v128.add<T>(differenceRe, bIm)
    const oneIm = v128.sub<T>(differenceIm, bRe)
    const c1 = v128.load_splat<T>(turns, 0 * sizeof<T>())
    const s1 = v128.load_splat<T>(turns, 1 * sizeof<T>())
    storeTurned<T>(o + 1 * complex, oneRe, oneIm, c1, s1)
    const twoRe = v128.sub<T>(sumRe, bRe)
    const twoIm = v128.sub<T>(sumIm, bIm)
    const c2 = v128.load_splat<T>(turns, 2 * sizeof<T>())
    const s2 = v128.load_splat<T>(turns, 3 * sizeof<T>())
    storeTurned<T>(o + 2 * complex, twoRe, twoIm, c2, s2)
    const threeRe = v128.sub<T>(differenceRe, bIm)
    const threeIm = v128.add<T>(differenceIm, bRe)
    const c3 = v128.load_splat<T>(turns, 4 * sizeof<T>())
    const s3 = v128.load_splat<T>(turns, 5 * sizeof<T>())
    storeTurned<T>(o + 3 * complex, threeRe, threeIm, c3, s3)
    turns += 6 * sizeof<T>()
  }
}

/** The last pass where it has radix 4: one group, no turn. */
export function lastRadix4<T>(x: usize, y: usize, stride: usize): void {
  const step = stride * complex
  for (let i = x, o = y; i < x + step; i += complex, o += complex) {
    const aRe = v128.load(i)
    const aIm = v128.load(i, 16)
    const bRe = v128.load(i + step)
    const bIm = v128.load(i + step, 16)
    const cRe = v128.load(i + 2 * step)
    const cIm = v128.load(i + 2 * step, 16)
    const dRe = v128.load(i + 3 * step)
    const dIm = v128.load(i + 3 * step, 16)
    const sumRe = v128.add<T>(aRe, cRe)
    const sumIm = v128.add<T>(aIm, cIm)
    const differenceRe = v128.sub<T>(aRe, cRe)
    const differenceIm = v128.sub<T>(aIm, cIm)
    const otherRe = v128.add<T>(bRe, dRe)
    const otherIm = v128.add<T>(bIm, dIm)
    const turnedRe = v128.sub<T>(bIm, dIm)
    const turnedIm = v128.sub<T>(dRe, bRe)
    v128.store(o, v128.add<T>(sumRe, otherRe))
    v128.store(o, v128.add<T>(sumIm, otherIm), 16)
    v128.store(o + step, v128.add<T>(differenceRe, turnedRe))
    v128.store(o + step, v128.add<T>(differenceIm, turnedIm), 16)
    v128.store(o + 2 * step, v128.sub<T>(sumRe, otherRe))
    v128.store(o + 2 * step, v128.sub<T>(sumIm, otherIm), 16)
    v128.store(o + 3 * step, v128.sub<T>(differenceRe, turnedRe))
    v128.store(o + 3 * step, v128.sub<T>(differenceIm, turnedIm), 16)
  }
}

/** The last pass where it has radix 2. */
export function lastRadix2<T>(x: usize, y: usize, stride: usize): void {
  const step = stride * complex
  for (let i = x, o = y; i < x + step; i += 16, o += 16) {
    const a = v128.load(i)
    const b = v128.load(i + step)
    v128.store(o, v128.add<T>(a, b))
    v128.store(o + step, v128.sub<T>(a, b))
  }
}

/**
 * Transforms `half` complex numbers at `x` with `y` for scratch; tells where the result lies.
 *
 * @param filled those from here on are 0, whatever lies there
 */
export function transform<T>(
  x: usize,
  y: usize,
  half: usize,
  filled: usize,
  turns: usize,
): usize {
  let stride: usize = 1
  let left = half
  let count = half >> 2
  if (half > 4 && filled >= 3 * count) {
    const whole = filled - 3 * count
    shortRadix4<T>(x, y, whole, count, turns)
    count = whole
  } else {
    memory.fill(x + filled * complex, 0, (half - filled) * complex)
  }
  while (left > 4) {
    const groups = left >> 2
    radix4<T>(x, y, groups, count, stride, turns)
    turns += groups * 6 * sizeof<T>()
    const swapped = x
    x = y
    y = swapped
    left = groups
    count = groups >> 2
    stride <<= 2
  }
  if (left == 4) lastRadix4<T>(x, y, stride)
  else if (left == 2) lastRadix2<T>(x, y, stride)
  else return x
  return y
}

/** |X[k]|² for k = 0…half from the transform z of even and odd numbers; returns their sum. */
export function splitPower<T>(z: usize, power: usize, half: usize, turns: usize): v128 {
  const two = v128.splat<T>(<T>0.5)
  const re = v128.load(z)
  const im = v128.load(z, 16)
  const sum = v128.add<T>(re, im)
  const difference = v128.sub<T>(re, im)
  const first = v128.mul<T>(sum, sum)
  const last = v128.mul<T>(difference, difference)
  v128.store(power, first)
  v128.store(power + half * 16, last)
  let low = first
  let high = last
  for (let k: usize = 1; k << 1 <= half; k++) {
    const at = z + k * complex
    const mirror = z + (half - k) * complex
    const aRe = v128.load(at)
    const aIm = v128.load(at, 16)
    const bRe = v128.load(mirror)
    const bIm = v128.load(mirror, 16)
    const evenRe = v128.mul<T>(two, v128.add<T>(aRe, bRe))
    const evenIm = v128.mul<T>(two, v128.sub<T>(aIm, bIm))
    const oddRe = v128.mul<T>(two, v128.add<T>(aIm, bIm))
    const oddIm = v128.mul<T>(two, v128.sub<T>(bRe, aRe))
    const cosine = v128.load_splat<T>(turns + 2 * k * sizeof<T>())
    const sine = v128.load_splat<T>(turns + 2 * k * sizeof<T>(), sizeof<T>())
    const turnedRe = v128.add<T>(v128.mul<T>(oddRe, cosine), v128.mul<T>(oddIm, sine))
    const turnedIm = v128.sub<T>(v128.mul<T>(oddIm, cosine), v128.mul<T>(oddRe, sine))
    const upRe = v128.add<T>(evenRe, turnedRe)
    const upIm = v128.add<T>(evenIm, turnedIm)
    const downRe = v128.sub<T>(evenRe, turnedRe)
    const downIm = v128.sub<T>(evenIm, turnedIm)
    const up = v128.add<T>(v128.mul<T>(upRe, upRe), v128.mul<T>(upIm, upIm))
    const down = v128.add<T>(v128.mul<T>(downRe, downRe), v128.mul<T>(downIm, downIm))
    v128.store(power + k * 16, up)
    v128.store(power + (half - k) * 16, down)
    low = v128.add<T>(low, up)
    high = v128.add<T>(high, down)
  }
  return v128.add<T>(low, high)
}
