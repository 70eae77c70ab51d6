/**
 * Both convolved, in double precision by way of the spectrum: y[i] = Σ x[k]·h[i − k].
 *
 * @param length samples of the result that are wanted, from 0 on
 */
export function convolve(x: Float32Array, h: Float64Array, length: number): Float64Array {
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, x.length + h.length)))
  // Both are real: the one is transformed as the real part, the other as the imaginary part.
  const real = new Float64Array(size)
  const imaginary = new Float64Array(size)
  real.set(x)
  imaginary.set(h)
  transform(real, imaginary)
  const productReal = new Float64Array(size)
  const productImaginary = new Float64Array(size)
  for (let k = 0; k < size; k++) {
    const mirrored = (size - k) % size
    const [a, b] = [real[k]!, imaginary[k]!]
    const [c, d] = [real[mirrored]!, imaginary[mirrored]!]
    const xReal = (a + c) / 2
    const xImaginary = (b - d) / 2
    const hReal = (b + d) / 2
    const hImaginary = (c - a) / 2
    productReal[k] = xReal * hReal - xImaginary * hImaginary
    // Conjugated, so that the same transform leads back.
    productImaginary[k] = -(xReal * hImaginary + xImaginary * hReal)
  }
  transform(productReal, productImaginary)
  return productReal.subarray(0, length).map((value) => value / size)
}

/**
 * The discrete Fourier transform in place, by halving: X[k] = Σ x[n]·exp(−2πi·k·n / size).
 *
 * @param real as many as `imaginary`, a power of two
 * @see Cooley & Tukey 1965
 */
export function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i >= j) continue
    const swappedReal = real[i]!
    const swappedImaginary = imaginary[i]!
    real[i] = real[j]!
    imaginary[i] = imaginary[j]!
    real[j] = swappedReal
    imaginary[j] = swappedImaginary
  }
  const { cosines, sines } = turnsOf(size)
  for (let span = 1; span < size; span *= 2) {
    const stride = size / (2 * span)
    for (let k = 0; k < span; k++) {
      const c = cosines[k * stride]!
      const s = sines[k * stride]!
      for (let low = k; low < size; low += 2 * span) {
        const high = low + span
        const highReal = real[high]!
        const highImaginary = imaginary[high]!
        const turnedReal = highReal * c + highImaginary * s
        const turnedImaginary = highImaginary * c - highReal * s
        const lowReal = real[low]!
        const lowImaginary = imaginary[low]!
        real[high] = lowReal - turnedReal
        imaginary[high] = lowImaginary - turnedImaginary
        real[low] = lowReal + turnedReal
        imaginary[low] = lowImaginary + turnedImaginary
      }
    }
  }
}

interface Turns {
  readonly cosines: Float64Array
  readonly sines: Float64Array
}

/** Those of the last size: transforms come many of a kind. */
let turns: Turns | undefined

function turnsOf(size: number): Turns {
  if (turns?.cosines.length === size / 2) return turns
  const angles = Float64Array.from({ length: size / 2 }, (_, k) => (2 * Math.PI * k) / size)
  return (turns = { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) })
}
