import type { TraceBackend } from '../backend.js'
import { gatherRows, reshapedName } from './rows.js'
import { coordinates, counts, outside, seenAlong, seenPositions, type Window } from './window.js'

/**
 * What the filter sees, as a matrix [batch·places, taps·channels].
 *
 * @param x name of [batch, …, channels], float32
 */
export function patchMatrix(trace: TraceBackend, x: string, window: Window): string {
  const { batch, inChannels: channels } = window
  const { positions, places, taps } = counts(window)
  const flat = reshapedName(trace, x, [batch, positions, channels])
  const seen =
    window.input.length === 2 && channels <= fewChannels
      ? gatheredByAxes(trace, flat, window)
      : gatherRows(trace, { name: flat, batch, rows: positions, channels }, seenPositions(window))
  return reshapedName(trace, seen, [batch * places, taps * channels])
}

// Up to so many, copying one position at a time costs more than copying twice.
const fewChannels = 16

/** First what is seen along a row, then those runs down the columns: fewer copies, of longer runs. */
function gatheredByAxes(trace: TraceBackend, x: string, window: Window): string {
  const { batch, inChannels: channels } = window
  const [height, width] = window.input
  const [tapsDown, tapsAcross] = window.filter
  const [placesDown, placesAcross] = window.output
  const lines = reshapedName(trace, x, [batch * height!, width!, channels])
  const across = gatherRows(
    trace,
    { name: lines, batch: batch * height!, rows: width!, channels },
    seenAlong(window, 1),
  )
  const run = tapsAcross! * channels
  const runs = reshapedName(trace, across, [batch, height! * placesAcross!, run])
  const down = seenAlong(window, 0)
  const positions = coordinates([placesDown!, placesAcross!, tapsDown!]).map(
    ([place, column, tap]) => {
      const line = down[place! * tapsDown! + tap!]!
      return line === outside ? outside : line * placesAcross! + column!
    },
  )
  return gatherRows(
    trace,
    { name: runs, batch, rows: height! * placesAcross!, channels: run },
    positions,
  )
}
