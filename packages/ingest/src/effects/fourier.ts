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
    ;[real[i], real[j]] = [real[j]!, real[i]!]
    ;[imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!]
  }
  const cosines = Float64Array.from({ length: size / 2 }, (_, k) =>
    Math.cos((2 * Math.PI * k) / size),
  )
  const sines = Float64Array.from({ length: size / 2 }, (_, k) =>
    Math.sin((2 * Math.PI * k) / size),
  )
  for (let span = 1; span < size; span *= 2) {
    const stride = size / (2 * span)
    for (let start = 0; start < size; start += 2 * span) {
      for (let k = 0; k < span; k++) {
        const [low, high] = [start + k, start + k + span]
        const [c, s] = [cosines[k * stride]!, sines[k * stride]!]
        const turnedReal = real[high]! * c + imaginary[high]! * s
        const turnedImaginary = imaginary[high]! * c - real[high]! * s
        real[high] = real[low]! - turnedReal
        imaginary[high] = imaginary[low]! - turnedImaginary
        real[low]! += turnedReal
        imaginary[low]! += turnedImaginary
      }
    }
  }
}
