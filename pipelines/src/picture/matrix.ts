import { hzToMel, type LogMelConfig } from '@serflow/features'
import { paletteOf, type ColourMap } from './colour-map.js'
import { leftAxis, panelBorder, panelHeading, plotRight, sideways } from './layout.js'
import type { Panel, TimeAxis } from './layout.js'
import { encodePng } from './png.js'
import { element, label, rounded } from './svg.js'
import { frequencyTicks, roundTicks } from './ticks.js'
import type { WindowFeatures } from './window-features.js'

/** One channel: which it is, what it is called, and its colours from low to high. */
export interface Channel {
  readonly index: number
  readonly heading: string
  readonly unit: string
  readonly map: ColourMap
  readonly low: number
  readonly high: number
}

/**
 * One channel over time and frequency, with a colour bar. The axis is straight in mel; band b lies around its centre,
 * half way to the centres of its neighbours.
 */
export function matrixPanel(
  panel: Panel,
  axis: TimeAxis,
  windows: readonly WindowFeatures[],
  channel: Channel,
  config: LogMelConfig,
): string {
  const [low, high] = [config.lowHz, config.highHz].map((hz) => hzToMel(hz, config.melScale))
  const yOf = (hz: number) => {
    const share = (hzToMel(hz, config.melScale) - low!) / (high! - low!)
    return panel.top + panel.height * (1 - share)
  }
  const images = windows.map((window) => imageOf(window, panel, axis, channel))
  return (
    panelHeading(panel, channel.heading) +
    images.join('') +
    panelBorder(panel) +
    leftAxis(panel, frequencyTicks(config.lowHz, config.highHz), yOf, 'Hz') +
    colourBar(panel, channel)
  )
}

function imageOf(window: WindowFeatures, panel: Panel, axis: TimeAxis, channel: Channel): string {
  const [frames, bands] = window.channels.shape as [number, number]
  const left = axis.x(window.frameEdge(0))
  const width = axis.x(window.frameEdge(frames)) - left
  // Bands are a step apart, and the first and last are a step from the ends of the axis.
  const step = panel.height / (bands + 1)
  // More than two columns a point cannot be seen, so neighbours are one.
  const columns = Math.max(1, Math.min(frames, Math.ceil(2 * width)))
  const png = encodePng({
    width: columns,
    height: bands,
    indices: coloursOf(window, columns, channel),
    palette: paletteOf(channel.map),
  })
  return element('image', {
    x: left,
    y: panel.top + step / 2,
    width,
    height: step * bands,
    preserveAspectRatio: 'none',
    'image-rendering': columns === frames ? 'optimizeSpeed' : undefined,
    class: columns === frames ? 'exact' : undefined,
    href: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
  })
}

/**
 * [bands, columns], the highest band first. A column of several frames has the mean of the static channel, and of the
 * slopes the steepest: their mean would be next to nothing.
 */
function coloursOf(
  { channels: { data, shape } }: WindowFeatures,
  columns: number,
  { index, low, high }: Channel,
): Uint8Array {
  const [frames, bands, depth] = shape as [number, number, number]
  const colours = new Uint8Array(columns * bands)
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * frames) / columns)
    const end = Math.floor(((column + 1) * frames) / columns)
    for (let band = 0; band < bands; band++) {
      let [sum, steepest] = [0, 0]
      for (let frame = start; frame < end; frame++) {
        const value = data[(frame * bands + band) * depth + index]!
        sum += value
        if (Math.abs(value) > Math.abs(steepest)) steepest = value
      }
      const value = index === 0 ? sum / (end - start) : steepest
      const share = Math.min(1, Math.max(0, (value - low) / (high - low)))
      colours[(bands - 1 - band) * columns + column] = Math.round(255 * share)
    }
  }
  return colours
}

function colourBar(panel: Panel, { index, unit, map, low, high }: Channel): string {
  const id = `colours-${index}`
  const stops = map.map((colour, at) =>
    element('stop', { offset: `${rounded((100 * at) / (map.length - 1))}%`, 'stop-color': colour }),
  )
  const [x, width] = [plotRight + 12, 12]
  const ticks = roundTicks(low, high, 6).map(({ value, label: words }) => {
    const y = panel.top + panel.height * (1 - (value - low) / (high - low))
    return (
      element('path', { d: `M${x + width} ${rounded(y)}h4`, class: 'tick' }) +
      label(words, { x: x + width + 7, y: y + 3.5 })
    )
  })
  return (
    element('linearGradient', { id, x1: '0', y1: '1', x2: '0', y2: '0' }, ...stops) +
    element('rect', {
      x,
      y: panel.top,
      width,
      height: panel.height,
      fill: `url(#${id})`,
      class: 'border',
    }) +
    ticks.join('') +
    sideways(unit, 988, panel)
  )
}
