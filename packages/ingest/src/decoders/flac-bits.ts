/**
 * Bits of a byte array, the most significant first. Reading past `end` gives zeros and leaves `at` behind it, which
 * whoever reads looks at now and then: a check at each bit would cost as much as the decoding.
 */
export interface Bits {
  readonly view: DataView
  /** In bits. */
  readonly end: number
  /** In bits. */
  at: number
}

/** Zero bytes that must lie behind the last byte to be read. */
export const bitsPadding = 16

/**
 * @param bytes with `bitsPadding` more bytes behind them in their buffer
 * @param at of the first byte to read
 */
export function bitsOf(bytes: Uint8Array, at: number): Bits {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length + bitsPadding)
  return { view, end: 8 * bytes.length, at: 8 * at }
}

/** The next bits as a number without sign, at most 24 of them. */
export function readBits(bits: Bits, count: number): number {
  if (count === 0 || bits.at > bits.end) return 0
  const value = (bits.view.getInt32(bits.at >>> 3) << (bits.at & 7)) >>> (32 - count)
  bits.at += count
  return value
}

/** The next bits as a number with sign, at most 33 of them. */
export function readSigned(bits: Bits, count: number): number {
  const low = Math.min(count, 16)
  const high = readBits(bits, count - low)
  const value = high * 2 ** low + readBits(bits, low)
  return value >= 2 ** (count - 1) ? value - 2 ** count : value
}

/** The number of zeros before the next one, which is read too. */
export function readUnary(bits: Bits): number {
  let zeros = 0
  while (bits.at < bits.end) {
    const used = bits.at & 7
    const window = bits.view.getInt32(bits.at >>> 3) << used
    if (window !== 0) {
      const leading = Math.clz32(window)
      bits.at += leading + 1
      return zeros + leading
    }
    zeros += 32 - used
    bits.at += 32 - used
  }
  // No one was found: past the end.
  bits.at = bits.end + 1
  return zeros
}

/**
 * Rice codes: a quotient in unary, then the low bits, and the sign as the lowest bit of all.
 *
 * @param parameter number of low bits, at most 30
 * @see RFC 9639, 9.2.7.2
 */
export function readRice(
  bits: Bits,
  parameter: number,
  into: Float64Array,
  first: number,
  last: number,
): void {
  const { view, end } = bits
  for (let i = first; i < last; i++) {
    const at = bits.at
    if (at >= end) {
      bits.at = end + 1
      return
    }
    const window = view.getInt32(at >>> 3) << (at & 7)
    const leading = Math.clz32(window)
    const length = leading + 1 + parameter
    let code: number
    // At least 25 bits of the window are read ones.
    if (length <= 25) {
      code = ((window << leading) & 0x7fffffff) >>> (31 - parameter)
      code = (leading << parameter) | code
      bits.at = at + length
    } else {
      const quotient = readUnary(bits)
      const high = readBits(bits, Math.max(0, parameter - 16))
      const low = readBits(bits, Math.min(parameter, 16))
      code = ((quotient << parameter) | (high << 16) | low) >>> 0
    }
    into[i] = (code >>> 1) ^ -(code & 1)
  }
}
