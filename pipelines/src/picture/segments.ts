import { panelBorder, panelHeading, plotRight, type Panel, type TimeAxis } from './layout.js'
import { element, label } from './svg.js'
import type { SegmentPlace, WindowFeatures } from './window-features.js'

const laneHeight = 13

/** Height of the panel of segments that overlap in `lanes` ways. */
export function segmentsHeight(lanes: number): number {
  return lanes * laneHeight + 6
}

/**
 * The segments as bars, those that overlap below each other, numbered from 1 within each window. What repeats a
 * window's last frame is hatched; it ends with the window, or with the picture.
 */
export function segmentsPanel(
  panel: Panel,
  axis: TimeAxis,
  windows: readonly WindowFeatures[],
  lanes: number,
  heading: string,
): string {
  const bars = windows.flatMap((window, index) => {
    const next = windows[index + 1]
    const limit = next ? axis.x(next.startSeconds) : plotRight
    return window.segments.map((segment, at) => {
      const y = panel.top + 3 + (at % lanes) * laneHeight
      return barOf(segment, window, axis, { y, limit, number: at + 1 })
    })
  })
  return panelHeading(panel, heading) + bars.join('') + panelBorder(panel)
}

function barOf(
  { first, valid, frames }: SegmentPlace,
  window: WindowFeatures,
  axis: TimeAxis,
  { y, limit, number }: { readonly y: number; readonly limit: number; readonly number: number },
): string {
  const left = axis.x(window.frameEdge(first))
  const end = axis.x(window.frameEdge(first + valid))
  const right = Math.min(limit, axis.x(window.frameEdge(first + frames)))
  const bar = { y: y + 0.5, height: laneHeight - 2 }
  const padding =
    right - end > 0.2
      ? element('rect', { x: end, width: right - end, ...bar, class: 'padding' })
      : ''
  const words = String(number)
  // A number that does not fit would lie over its neighbours.
  const text =
    end - left > 5 + 6 * words.length
      ? label(words, { x: (left + end) / 2, y: y + laneHeight - 3.5, class: 'middle small' })
      : ''
  const own = { x: left, width: Math.max(0.3, end - left), ...bar, class: 'segment' }
  return element('rect', own) + padding + text
}
