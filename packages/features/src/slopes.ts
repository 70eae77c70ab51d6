import type { Tensor } from '@serflow/core/plain'
import { delta } from './delta.js'
import { savgolBend, savgolSlope } from './savgol.js'

/** How slopes over time are taken. */
export const slopeKinds = ['regression', 'savgol'] as const
export type SlopeKind = (typeof slopeKinds)[number]

/**
 * Slope and bend of each band over time, of 2·deltaRadius + 1 frames each.
 *
 *   regression: delta, and delta of that
 *   savgol:     slope of the line and second derivative of the parabola that fit the log-mels best
 *
 * @param still shape [frames, bands]
 * @returns two tensors of that shape
 */
export function slopesOf(
  still: Tensor,
  { slopes, deltaRadius }: { readonly slopes: SlopeKind; readonly deltaRadius: number },
): { readonly slope: Tensor; readonly bend: Tensor } {
  if (slopes === 'savgol') {
    return { slope: savgolSlope(still, deltaRadius), bend: savgolBend(still, deltaRadius) }
  }
  const slope = delta(still, deltaRadius)
  return { slope, bend: delta(slope, deltaRadius) }
}
