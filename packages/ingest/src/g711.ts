/**
 * Value of a mu-law byte in -1..1: the 14-bit sample of G.711 times 4, over 2^15.
 *
 * @see ITU-T G.711, table 2a
 */
export function muLawValue(byte: number): number {
  const bits = ~byte & 0xff
  const exponent = (bits >> 4) & 7
  const magnitude = ((((bits & 15) << 3) + 0x84) << exponent) - 0x84
  return (bits & 0x80 ? 0 - magnitude : magnitude) / 32768
}

/**
 * Value of an A-law byte in -1..1: the 13-bit sample of G.711 times 8, over 2^15.
 *
 * @see ITU-T G.711, table 1a
 */
export function aLawValue(byte: number): number {
  const bits = byte ^ 0x55
  const exponent = (bits >> 4) & 7
  const mantissa = ((bits & 15) << 4) + 8
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1)
  return (bits & 0x80 ? magnitude : -magnitude) / 32768
}
