import { plotLeft, plotRight, type Panel, type TimeAxis } from './layout.js'
import { element, label, rounded } from './svg.js'
import type { WindowFeatures } from './window-features.js'

/** What lies over the panels: silence that is cut off, frames no segment holds, and where windows meet. */
export interface Marks {
  readonly silence: readonly Stretch[]
  readonly leftOut: readonly Stretch[]
  readonly windowStarts: readonly number[]
}

interface Stretch {
  readonly startSeconds: number
  readonly endSeconds: number
}

export function marksOf(windows: readonly WindowFeatures[]): Marks {
  const silence: Stretch[] = []
  const leftOut: Stretch[] = []
  for (const window of windows) {
    const { startSeconds, endSeconds, kept, segments, channels } = window
    const frames = channels.shape[0]!
    const [first, end] = [window.frameEdge(kept.start), window.frameEdge(kept.end)]
    // Frames may be drawn beyond the sound: those that are centred, and those whose hop is longer than their window.
    const [left, right] = [window.frameEdge(0), window.frameEdge(frames)]
    if (kept.start > 0) {
      silence.push({ startSeconds: Math.min(startSeconds, left), endSeconds: first })
    }
    if (kept.end < frames) {
      silence.push({ startSeconds: end, endSeconds: Math.max(endSeconds, right) })
    }
    const last = segments.at(-1)!
    const covered = last.first + last.valid
    if (covered < kept.end) {
      leftOut.push({ startSeconds: window.frameEdge(covered), endSeconds: end })
    }
  }
  return { silence, leftOut, windowStarts: windows.slice(1).map((each) => each.startSeconds) }
}

export function drawMarks(marks: Marks, axis: TimeAxis, panels: readonly Panel[]): string {
  const over = (stretches: readonly Stretch[], kind: string) =>
    stretches.flatMap(({ startSeconds, endSeconds }) =>
      panels.map(({ top, height }) => {
        const [x, end] = [Math.max(plotLeft, axis.x(startSeconds)), axis.x(endSeconds)]
        return element('rect', { x, y: top, width: Math.max(0, end - x), height, class: kind })
      }),
    )
  const lines = marks.windowStarts.map((seconds) => {
    const x = rounded(axis.x(seconds))
    const d = panels.map(({ top, height }) => `M${x} ${rounded(top)}v${rounded(height)}`).join('')
    return element('path', { d, class: 'window' })
  })
  return [...over(marks.silence, 'silence'), ...over(marks.leftOut, 'left-out'), ...lines].join('')
}

/** What the marks mean, of those that are there, from the right; those that would reach the axis' unit lie below. */
export function legend(
  marks: Marks,
  hasPadding: boolean,
  trimDb: number | null,
  top: number,
): { readonly drawn: string; readonly bottom: number } {
  const entries = [
    marks.silence.length > 0 &&
      (['silence', `cut off: ${trimDb} dB below the loudest frame`] as const),
    marks.leftOut.length > 0 && (['left-out', 'beyond the last segment'] as const),
    hasPadding && (['padding', 'repeats the last frame'] as const),
    marks.windowStarts.length > 0 && (['window', 'a window begins: a clip of its own'] as const),
  ].filter((entry) => entry !== false)
  let [end, y] = [plotRight, top]
  const drawn = entries.toReversed().map(([kind, words]) => {
    const width = 6.3 * words.length
    if (end - width - 20 < plotLeft + 60) [end, y] = [plotRight, y + 17]
    const x = end - width
    end = x - 36
    const swatch =
      kind === 'window'
        ? element('path', { d: `M${rounded(x - 12)} ${rounded(y - 10)}v12`, class: kind })
        : element('rect', { x: x - 20, y: y - 9, width: 16, height: 10, class: `${kind} swatch` })
    return swatch + label(words, { x, y })
  })
  return { drawn: drawn.join(''), bottom: y }
}
