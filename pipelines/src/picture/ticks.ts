/** A place on an axis with its label. */
export interface Tick {
  readonly value: number
  readonly label: string
}

/**
 * Round numbers from low to high, at most `most` of them: multiples of 1, 2 or 5 times a power of ten.
 *
 * @param most at least 2
 */
export function roundTicks(low: number, high: number, most: number): readonly Tick[] {
  const span = high - low
  if (!(span > 0)) return [{ value: low, label: labelOf(low, 2) }]
  let power = Math.floor(Math.log10(span / most))
  for (; ; power++) {
    for (const factor of [1, 2, 5]) {
      const step = factor * 10 ** power
      // An end that is a tick but for rounding is one.
      const first = Math.ceil(low / step - 1e-9)
      const last = Math.floor(high / step + 1e-9)
      if (last - first + 1 > most) continue
      return Array.from({ length: last - first + 1 }, (_, index) => {
        const value = (first + index) * step
        return { value, label: labelOf(value, Math.max(0, -power)) }
      })
    }
  }
}

/** With a minus sign, not a hyphen; very small steps as powers. */
function labelOf(value: number, digits: number): string {
  const text = digits > 5 ? value.toExponential(1) : value.toFixed(digits)
  return Number(text) === 0 ? '0' : text.replace('-', '\u2212')
}

/** The frequencies that people look for, of those between low and high; round ones where these are too few. */
export function frequencyTicks(lowHz: number, highHz: number): readonly Tick[] {
  const known = [100, 500, 1000, 2000, 4000, 8000, 16000].filter(
    (value) => value >= lowHz && value <= highHz,
  )
  if (known.length < 2) return roundTicks(lowHz, highHz, 4)
  return known.map((value) => ({ value, label: value < 1000 ? `${value}` : `${value / 1000}k` }))
}
