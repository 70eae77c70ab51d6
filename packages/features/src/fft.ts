/** A Fourier transform of one size, with its tables and buffers; not to be shared between threads. */
export interface RealFft {
  /** The `size` real numbers to transform; the transform leaves them as they are. */
  readonly input: Float64Array
  /** Writes |X[k]|² for k = 0…size/2 into `power`. */
  powerSpectrum(power: Float64Array): void
}

/**
 * Power spectrum of real numbers.
 *
 *   X[k] = Σ x[n]·exp(−2πi·k·n/size),  n = 0…size − 1
 *
 * The even and odd numbers are the real and imaginary parts of a complex sequence z of half the size, whose
 * transform Z (Stockham's order, radix 4, one radix-2 pass where the size asks for it) gives
 * X[k] = E[k] + exp(−2πi·k/size)·O[k] with E and O from Z[k] and the conjugate of Z[size/2 − k].
 *
 * @param size a power of two, at least 4
 * @throws RangeError if size is anything else
 * @see Van Loan 1992, "Computational Frameworks for the Fast Fourier Transform", 1.7 and 4.3
 */
export function realFft(size: number): RealFft {
  if (!isPowerOfTwo(size) || size < 4) {
    throw new RangeError(`FFT size ${size} is no power of two of at least 4`)
  }
  const half = size / 2
  const input = new Float64Array(size)
  const passes = passesOf(half)
  const buffers = [new Float64Array(size), new Float64Array(size)] as const
  const cosines = Float64Array.from({ length: half / 2 + 1 }, (_, k) => turn(k, size).cosine)
  const sines = Float64Array.from({ length: half / 2 + 1 }, (_, k) => turn(k, size).sine)

  return {
    input,
    powerSpectrum(power) {
      let from = input
      passes.forEach((pass, index) => {
        const to = buffers[index % 2]!
        if (pass.radix === 4) radix4(from, to, pass)
        else radix2(from, to, pass.stride)
        from = to
      })
      splitPower(from, power, half, cosines, sines)
    },
  }
}

/** Whether a number is 1, 2, 4, 8, … */
export function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && value >= 1
}

/** One pass over all numbers: `groups` butterflies of `stride` columns. */
interface Pass {
  readonly radix: 2 | 4
  readonly groups: number
  readonly stride: number
  /** For radix 4: cosine and sine of one, two and three turns of p/length, for each group p. */
  readonly turns: Float64Array
}

function passesOf(length: number): Pass[] {
  const passes: Pass[] = []
  let stride = 1
  for (let left = length; left > 1;) {
    const radix = left % 4 === 0 ? 4 : 2
    const groups = left / radix
    const turns = new Float64Array(groups * 6)
    for (let p = 0; p < groups; p++) {
      for (let times = 1; times <= 3; times++) {
        const { cosine, sine } = turn(p * times, left)
        turns[p * 6 + 2 * times - 2] = cosine
        turns[p * 6 + 2 * times - 1] = -sine
      }
    }
    passes.push({ radix, groups, stride, turns })
    left = groups
    stride *= radix
  }
  return passes
}

function turn(numerator: number, denominator: number): { cosine: number; sine: number } {
  const angle = (2 * Math.PI * numerator) / denominator
  return { cosine: Math.cos(angle), sine: Math.sin(angle) }
}

/** Complex numbers are interleaved: real part at 2n, imaginary part at 2n + 1. */
function radix4(x: Float64Array, y: Float64Array, { groups, stride, turns }: Pass): void {
  const step = 2 * stride
  const quarter = step * groups
  for (let p = 0; p < groups; p++) {
    const t = 6 * p
    const c1 = turns[t]!
    const s1 = turns[t + 1]!
    const c2 = turns[t + 2]!
    const s2 = turns[t + 3]!
    const c3 = turns[t + 4]!
    const s3 = turns[t + 5]!
    let i = step * p
    let o = 4 * i
    for (const end = i + step; i < end; i += 2, o += 2) {
      const aRe = x[i]!
      const aIm = x[i + 1]!
      const bRe = x[i + quarter]!
      const bIm = x[i + quarter + 1]!
      const cRe = x[i + 2 * quarter]!
      const cIm = x[i + 2 * quarter + 1]!
      const dRe = x[i + 3 * quarter]!
      const dIm = x[i + 3 * quarter + 1]!
      const sumRe = aRe + cRe
      const sumIm = aIm + cIm
      const differenceRe = aRe - cRe
      const differenceIm = aIm - cIm
      const otherRe = bRe + dRe
      const otherIm = bIm + dIm
      // −i·(b − d)
      const turnedRe = bIm - dIm
      const turnedIm = dRe - bRe
      y[o] = sumRe + otherRe
      y[o + 1] = sumIm + otherIm
      const oneRe = differenceRe + turnedRe
      const oneIm = differenceIm + turnedIm
      y[o + step] = oneRe * c1 - oneIm * s1
      y[o + step + 1] = oneRe * s1 + oneIm * c1
      const twoRe = sumRe - otherRe
      const twoIm = sumIm - otherIm
      y[o + 2 * step] = twoRe * c2 - twoIm * s2
      y[o + 2 * step + 1] = twoRe * s2 + twoIm * c2
      const threeRe = differenceRe - turnedRe
      const threeIm = differenceIm - turnedIm
      y[o + 3 * step] = threeRe * c3 - threeIm * s3
      y[o + 3 * step + 1] = threeRe * s3 + threeIm * c3
    }
  }
}

/** Always the last pass, so there is one group and no turn. */
function radix2(x: Float64Array, y: Float64Array, stride: number): void {
  const step = 2 * stride
  for (let i = 0; i < step; i++) {
    const a = x[i]!
    const b = x[i + step]!
    y[i] = a + b
    y[i + step] = a - b
  }
}

function splitPower(
  z: Float64Array,
  power: Float64Array,
  half: number,
  cosines: Float64Array,
  sines: Float64Array,
): void {
  power[0] = (z[0]! + z[1]!) ** 2
  power[half] = (z[0]! - z[1]!) ** 2
  for (let k = 1; 2 * k <= half; k++) {
    const mirror = half - k
    const re = z[2 * k]!
    const im = z[2 * k + 1]!
    const mirrorRe = z[2 * mirror]!
    const mirrorIm = z[2 * mirror + 1]!
    const evenRe = 0.5 * (re + mirrorRe)
    const evenIm = 0.5 * (im - mirrorIm)
    const oddRe = 0.5 * (im + mirrorIm)
    const oddIm = 0.5 * (mirrorRe - re)
    const cosine = cosines[k]!
    const sine = sines[k]!
    const turnedRe = oddRe * cosine + oddIm * sine
    const turnedIm = oddIm * cosine - oddRe * sine
    const upRe = evenRe + turnedRe
    const upIm = evenIm + turnedIm
    const downRe = evenRe - turnedRe
    const downIm = evenIm - turnedIm
    power[k] = upRe * upRe + upIm * upIm
    power[mirror] = downRe * downRe + downIm * downIm
  }
}
