import { element, label, rounded } from './svg.js'
import { roundTicks, type Tick } from './ticks.js'

/** Width of the whole picture, and where its panels begin and end. */
export const pictureWidth = 1000
export const plotLeft = 66
export const plotRight = 898

/** Places of the recording's seconds in the picture. */
export interface TimeAxis {
  readonly startSeconds: number
  readonly endSeconds: number
  /** Seconds to x. */
  x(seconds: number): number
}

export function timeAxis(startSeconds: number, endSeconds: number): TimeAxis {
  const scale = (plotRight - plotLeft) / (endSeconds - startSeconds)
  return { startSeconds, endSeconds, x: (seconds) => plotLeft + (seconds - startSeconds) * scale }
}

/** A part of the picture above the others, all over the same time. */
export interface Panel {
  readonly top: number
  readonly height: number
}

/** The heading of a panel, in the space above it. */
export function panelHeading(panel: Panel, words: string): string {
  return label(words, { x: plotLeft, y: panel.top - 5, class: 'heading' })
}

/** The line around a panel. */
export function panelBorder({ top, height }: Panel): string {
  return element('rect', {
    x: plotLeft,
    y: top,
    width: plotRight - plotLeft,
    height,
    fill: 'none',
    class: 'border',
  })
}

/** Ticks with labels on the left of a panel, and what they count. */
export function leftAxis(
  panel: Panel,
  ticks: readonly Tick[],
  yOf: (value: number) => number,
  unit: string,
): string {
  const marks = ticks.map(({ value, label: words }) => {
    const y = yOf(value)
    return (
      element('path', { d: `M${plotLeft - 4} ${rounded(y)}H${plotLeft}`, class: 'tick' }) +
      label(words, { x: plotLeft - 7, y: y + 3.5, class: 'end' })
    )
  })
  return marks.join('') + sideways(unit, 16, panel)
}

/** Words from below upwards, in the middle of a panel. */
export function sideways(words: string, x: number, { top, height }: Panel): string {
  const y = rounded(top + height / 2)
  return label(words, { transform: `translate(${rounded(x)} ${y}) rotate(-90)`, class: 'middle' })
}

/** Ticks with labels below the lowest panel, and short ones below the others. */
export function timeTicks(axis: TimeAxis, panels: readonly Panel[]): string {
  const ticks = roundTicks(axis.startSeconds, axis.endSeconds, 12)
  const bottom = panels.at(-1)!.top + panels.at(-1)!.height
  return ticks
    .map(({ value, label: words }) => {
      const x = axis.x(value)
      const marks = panels.map(({ top, height }) => `M${rounded(x)} ${rounded(top + height)}v4`)
      return (
        element('path', { d: marks.join(''), class: 'tick' }) +
        label(words, { x, y: bottom + 17, class: 'middle' })
      )
    })
    .join('')
}
