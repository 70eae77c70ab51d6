import type { LogMelConfig, SegmentConfig } from '@serflow/features'
import { shortened, wrapped } from './caption.js'
import { blueRed, magma } from './colour-map.js'
import { pictureWidth, plotLeft, plotRight, timeAxis, timeTicks, type Panel } from './layout.js'
import { drawMarks, legend, marksOf, type Marks } from './marks.js'
import { matrixPanel, type Channel } from './matrix.js'
import { segmentsHeight, segmentsPanel } from './segments.js'
import { element, escaped, label } from './svg.js'
import { waveformPanel } from './waveform.js'
import type { WindowFeatures } from './window-features.js'

/** What is drawn. */
export interface Picture {
  /** The recording's name. */
  readonly name: string
  /** What is to be known of it, a line each. */
  readonly lines: readonly string[]
  readonly windows: readonly WindowFeatures[]
  readonly config: LogMelConfig
  readonly segments: SegmentConfig
}

/**
 * A recording as the CNN sees it, as SVG: the waveform, log-mels with their two slopes, and the segments they are cut
 * into, over the same seconds. All is text and lines but the matrices, which are PNG within it.
 */
export function drawPicture({ name, lines, windows, config, segments }: Picture): string {
  const caption = lines.flatMap((line) => wrapped(line, 138))
  const lanes = lanesOf(windows, segments)
  const panels = stackedPanels(32 + 15 * caption.length, lanes)
  const [waveform, still, slope, bend, cuts] = panels
  const axis = axisOf(windows)
  const channels = channelsOf(windows, config)
  const marks = marksOf(windows)
  const bottom = cuts.top + cuts.height
  const hasPadding = windows.some((window) =>
    window.segments.some((each) => each.valid < each.frames),
  )
  const signs = legend(marks, hasPadding, config.trimDb, bottom + 34)
  const height = signs.bottom + 10
  const over = [waveform, still, slope, bend]
  const end = axis.x(windows.at(-1)!.endSeconds)
  const content = [
    element('title', {}, escaped(name)),
    element('desc', {}, escaped(lines.join('; '))),
    element('style', {}, style),
    patterns,
    element('rect', { width: pictureWidth, height, fill: '#fff' }),
    label(shortened(name, 84), { x: plotLeft, y: 22, class: 'name' }),
    ...caption.map((line, index) => label(line, { x: plotLeft, y: 39 + 15 * index })),
    ...over.map(({ top, height }) =>
      element('rect', { x: end, y: top, width: plotRight - end, height, class: 'beyond' }),
    ),
    waveformPanel(waveform, axis, windows),
    ...[still, slope, bend].map((panel, index) =>
      matrixPanel(panel, axis, windows, channels[index]!, config),
    ),
    drawMarks(marks, axis, over),
    segmentsPanel(cuts, axis, windows, lanes, segmentWords(segments, marks)),
    timeTicks(axis, panels),
    label('seconds', { x: plotLeft, y: bottom + 34 }),
    signs.drawn,
  ]
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${pictureWidth} ${height}`,
      width: pictureWidth,
      height,
      role: 'img',
    },
    content.join('\n'),
  )}\n`
}

function segmentWords(
  { segmentFrames, hopFrames, maxSegments }: SegmentConfig,
  { leftOut }: Marks,
): string {
  const words = `segments of ${segmentFrames} frames, one every ${hopFrames}`
  return leftOut.length > 0 ? `${words}, at most ${maxSegments}` : words
}

function stackedPanels(top: number, lanes: number) {
  let next = top
  const panel = (height: number): Panel => {
    const made = { top: next + 18, height }
    next += height + 24
    return made
  }
  return [panel(70), panel(130), panel(130), panel(130), panel(segmentsHeight(lanes))] as const
}

/** As many as overlap at one place, or as there are. */
function lanesOf(
  windows: readonly WindowFeatures[],
  { segmentFrames, hopFrames }: SegmentConfig,
): number {
  const most = windows.reduce((count, { segments }) => Math.max(count, segments.length), 0)
  return Math.min(most, Math.ceil(segmentFrames / hopFrames))
}

/** From the first sample to the last, or as far as frames and segments reach beyond. */
function axisOf(windows: readonly WindowFeatures[]) {
  const [opening, last] = [windows[0]!, windows.at(-1)!]
  const { first, frames } = last.segments.at(-1)!
  const end = Math.max(first + frames, last.channels.shape[0]!)
  return timeAxis(
    Math.min(opening.startSeconds, opening.frameEdge(0)),
    Math.max(last.endSeconds, last.frameEdge(end)),
  )
}

function channelsOf(windows: readonly WindowFeatures[], config: LogMelConfig): readonly Channel[] {
  const [low, high] = rangeOf(windows, 0)
  const unit = config.log === 'dB' ? 'dB' : `ln ${config.spectrum}`
  const radius = `over \u00b1${config.deltaRadius} ${config.deltaRadius === 1 ? 'frame' : 'frames'}`
  const second =
    config.slopes === 'regression' ? 'slope of the delta' : `second slope of the log-mel ${radius}`
  const slope = (index: number, heading: string, slopeUnit: string): Channel => {
    const [least, most] = rangeOf(windows, index)
    // Zero is the middle of the map.
    const limit = Math.max(-least, most) || 1
    return { index, heading, unit: slopeUnit, map: blueRed, low: -limit, high: limit }
  }
  return [
    {
      index: 0,
      heading: `log-mel: ${config.bands} mel ${config.bands === 1 ? 'band' : 'bands'}`,
      unit,
      map: magma,
      low,
      // A constant has no range of its own.
      high: high > low ? high : low + 1,
    },
    slope(1, `delta: slope of the log-mel ${radius}`, `${unit} / frame`),
    slope(2, `delta-delta: ${second}`, `${unit} / frame\u00b2`),
  ]
}

/** Least and greatest value of a channel among the frames that are kept. */
function rangeOf(windows: readonly WindowFeatures[], channel: number): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const { channels, kept } of windows) {
    const [, bands, depth] = channels.shape as [number, number, number]
    for (let row = kept.start * bands; row < kept.end * bands; row++) {
      const value = channels.data[row * depth + channel]!
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  }
  return [low, high]
}

const style = [
  "text{font:11px 'DejaVu Sans',Verdana,sans-serif;fill:#222}",
  '.name{font-size:15px;font-weight:bold}',
  '.heading{font-weight:bold}',
  '.small{font-size:9px}',
  '.end{text-anchor:end}',
  '.middle{text-anchor:middle}',
  '.border{stroke:#444;stroke-width:.8}',
  // The rasteriser knows the attribute only, and browsers this only.
  '@supports (image-rendering:pixelated){.exact{image-rendering:pixelated}}',
  '.tick{stroke:#444;stroke-width:.8}',
  '.grid{stroke:#bbb;stroke-width:.6}',
  '.wave{fill:none;stroke:#2f5d8a;stroke-width:.8}',
  '.dot{stroke-width:4;stroke-linecap:round}',
  '.envelope{fill:#2f5d8a}',
  '.segment{fill:#cfe0ee;stroke:#2f5d8a;stroke-width:.7}',
  '.padding{fill:url(#hatch-padding);stroke:#2f5d8a;stroke-width:.7;stroke-dasharray:2 2}',
  '.silence{fill:url(#hatch-silence)}',
  '.left-out{fill:url(#hatch-left-out)}',
  '.swatch{stroke:#888;stroke-width:.6}',
  '.window{stroke:#000;stroke-width:1;stroke-dasharray:4 2}',
  '.beyond{fill:#e8e8e8}',
].join('')

const patterns = element(
  'defs',
  {},
  hatch('silence', '#fff', 0.62, '#888'),
  hatch('left-out', '#fff', 0.62, '#c33'),
  hatch('padding', '#fff', 1, '#2f5d8a'),
)

function hatch(name: string, ground: string, opacity: number, line: string): string {
  return element(
    'pattern',
    {
      id: `hatch-${name}`,
      width: 6,
      height: 6,
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    },
    element('rect', { width: 6, height: 6, fill: ground, 'fill-opacity': opacity }),
    element('path', { d: 'M0 0V6', stroke: line, 'stroke-width': 1.2 }),
  )
}
