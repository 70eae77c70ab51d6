/**
 * One-cycle learning rate: a cosine from peak/25 up to the peak over the first 30 % of the steps, then a cosine
 * down to peak/250000.
 *
 * @param step from 0
 * @see Smith & Topin 2019; the constants are those of PyTorch's OneCycleLR
 */
export function oneCycle(step: number, steps: number, peak: number): number {
  const start = peak / 25
  const end = start / 1e4
  const top = 0.3 * steps - 1
  const last = steps - 1
  if (step <= top) return cosine(start, peak, top > 0 ? step / top : 1)
  return cosine(peak, end, last > top ? Math.min(1, (step - top) / (last - top)) : 1)
}

function cosine(from: number, to: number, share: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share))
}
