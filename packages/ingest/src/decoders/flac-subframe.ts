import { readBits, readRice, readSigned, readUnary, type Bits } from './flac-bits.js'

/**
 * Samples of one channel of a frame: constant, verbatim, or what a predictor leaves, coded in Rice codes.
 *
 *   x[i] = r[i] + floor(Σ c[j]·x[i−1−j] / 2^shift)
 *
 * All are integers below 2^53, also the sums of 32-bit sound, so that float64 holds them exactly.
 *
 * @param depth bits of a sample, at most 33
 * @param samples the block; overwritten
 * @returns whether it is valid; where the bits end before, they are behind their end
 * @see RFC 9639, 9.2
 */
export function readSubframe(bits: Bits, depth: number, samples: Float64Array): boolean {
  const header = readBits(bits, 8)
  const kind = header >> 1
  const wasted = header & 1 ? readUnary(bits) + 1 : 0
  const kept = depth - wasted
  if (header >> 7 || kept < 1) return false
  if (!readSamples(bits, kind, kept, samples)) return false
  if (wasted > 0) {
    const scale = 2 ** wasted
    for (let i = 0; i < samples.length; i++) samples[i]! *= scale
  }
  return bits.at <= bits.end
}

function readSamples(bits: Bits, kind: number, depth: number, samples: Float64Array): boolean {
  if (kind === 0) {
    samples.fill(readSigned(bits, depth))
    return true
  }
  if (kind === 1) {
    readPlain(bits, depth, samples, samples.length)
    return true
  }
  if (kind >= 8 && kind <= 12) {
    const coefficients = fixed[kind - 8]!
    readPlain(bits, depth, samples, coefficients.length)
    return readResidual(bits, coefficients.length, samples) && predict(samples, coefficients, 0)
  }
  if (kind < 32) return false
  const order = (kind & 31) + 1
  if (order > samples.length) return false
  readPlain(bits, depth, samples, order)
  const precision = readBits(bits, 4) + 1
  const shift = readSigned(bits, 5)
  if (precision > 15 || shift < 0) return false
  const coefficients = Array.from({ length: order }, () => readSigned(bits, precision))
  return readResidual(bits, order, samples) && predict(samples, coefficients, shift)
}

function readPlain(bits: Bits, depth: number, samples: Float64Array, count: number): void {
  for (let i = 0; i < count && bits.at <= bits.end; i++) samples[i] = readSigned(bits, depth)
}

/** Coefficients of the predictors whose order says all. */
const fixed = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]] as const

/** @see RFC 9639, 9.2.7 */
function readResidual(bits: Bits, order: number, samples: Float64Array): boolean {
  const method = readBits(bits, 2)
  const partitions = 2 ** readBits(bits, 4)
  const size = samples.length / partitions
  if (method > 1 || !Number.isInteger(size) || size < order) return false
  const parameterBits = 4 + method
  const escape = 2 ** parameterBits - 1
  for (let partition = 0; partition < partitions && bits.at <= bits.end; partition++) {
    const first = partition === 0 ? order : partition * size
    const last = (partition + 1) * size
    const parameter = readBits(bits, parameterBits)
    if (parameter < escape) {
      readRice(bits, parameter, samples, first, last)
      continue
    }
    const width = readBits(bits, 5)
    for (let i = first; i < last && bits.at <= bits.end; i++) {
      samples[i] = width === 0 ? 0 : readSigned(bits, width)
    }
  }
  return bits.at <= bits.end
}

function predict(samples: Float64Array, given: readonly number[], shift: number): true {
  const coefficients = Float64Array.from(given)
  const order = coefficients.length
  const scale = 2 ** -shift
  for (let i = order; i < samples.length; i++) {
    let sum = 0
    for (let j = 0; j < order; j++) sum += coefficients[j]! * samples[i - 1 - j]!
    samples[i]! += Math.floor(sum * scale)
  }
  return true
}
