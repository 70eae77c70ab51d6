import { panelBorder, panelHeading, plotRight, type Panel, type TimeAxis } from './layout.js'
import { element, label } from './svg.js'
import type { SegmentPlace, WindowFeatures } from './window-features.js'

const laneHeight = 13
/** Lanes get lower where they would take more than this together. */
const highest = 208

/** Height of the panel of segments that overlap in `lanes` ways. */
export function segmentsHeight(lanes: number): number {
  return Math.min(highest, lanes * laneHeight) + 6
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
  const height = (panel.height - 6) / lanes
  const hasNumbers = height >= 10 && windows.every((window) => numbersFit(window, axis))
  const bars = windows.flatMap((window, index) => {
    const next = windows[index + 1]
    const limit = next ? axis.x(next.startSeconds) : plotRight
    return window.segments.map((segment, at) => {
      const y = panel.top + 3 + (at % lanes) * height
      const number = hasNumbers ? String(at + 1) : ''
      return barOf(segment, window, axis, { y, height, limit, number })
    })
  })
  return panelHeading(panel, heading) + bars.join('') + panelBorder(panel)
}

/** Whether each bar of a whole segment can hold the last number; some with a number and some without look odd. */
function numbersFit({ segments, frameEdge }: WindowFeatures, axis: TimeAxis): boolean {
  const { first, frames } = segments[0]!
  const width = axis.x(frameEdge(first + frames)) - axis.x(frameEdge(first))
  return width > widthOf(String(segments.length))
}

/** Points that a number takes, with what lies around it. */
function widthOf(number: string): number {
  return 5 + 6 * number.length
}

interface Bar {
  readonly y: number
  readonly height: number
  /** No bar reaches beyond this x. */
  readonly limit: number
  readonly number: string
}

function barOf(
  { first, valid, frames }: SegmentPlace,
  window: WindowFeatures,
  axis: TimeAxis,
  { y, height, limit, number }: Bar,
): string {
  const left = axis.x(window.frameEdge(first))
  const end = axis.x(window.frameEdge(first + valid))
  const right = Math.min(limit, axis.x(window.frameEdge(first + frames)))
  const bar = { y: y + 0.5, height: Math.max(0.5, height - 2) }
  const padding =
    right - end > 0.2
      ? element('rect', { x: end, width: right - end, ...bar, class: 'padding' })
      : ''
  // A number that does not fit would lie over its neighbours.
  const text =
    number !== '' && end - left > widthOf(number)
      ? label(number, { x: (left + end) / 2, y: y + height / 2 + 3, class: 'middle small' })
      : ''
  const own = { x: left, width: Math.max(0.3, end - left), ...bar, class: 'segment' }
  return element('rect', own) + padding + text
}
