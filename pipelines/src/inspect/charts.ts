import { html, nothing, type Markup } from '@serflow/evaluate'
import type { FolderInspection } from './schema.js'

/*
 * SVG without a viewBox, as the charts of the report are: positions along x are per cent of the width there is,
 * heights and type are in pixels.
 */

type Level = FolderInspection['speakers'][number]['level']

const stripHeight = 26

/** A count as a bar; the longest bar of a table is `most`. */
export function countStrip(label: string, value: number, most: number): Markup {
  return strip(
    `${label}: ${value}`,
    html`<rect
      class="bar"
      x="0"
      width="${at(most > 0 ? value / most : 0)}"
      y="6"
      height="${stripHeight - 12}"
    />`,
  )
}

/** Levels are drawn from here up to full scale. */
const floorDb = -80
const ticksDb = [-80, -60, -40, -20, 0]

/** RMS levels as a line from the quietest to the loudest with a dot at the middle, and the highest peak as a mark. */
export function levelStrip(label: string, { low, median, high, peak }: Level): Markup {
  if (low === null || median === null || high === null || peak === null) {
    return strip(`${label}: silence`, nothing)
  }
  const middle = stripHeight / 2
  const grid = ticksDb.map(
    (tick) =>
      html`<line class="grid" x1="${of(tick)}" x2="${of(tick)}" y1="0" y2="${stripHeight}" />`,
  )
  return strip(
    `${label}: from ${decibels(low)} to ${decibels(high)}, median ${decibels(median)}, highest peak ${decibels(peak)}`,
    html`${grid}<line
        class="whisker network"
        x1="${of(low)}"
        x2="${of(high)}"
        y1="${middle}"
        y2="${middle}"
      /><circle class="dot network" cx="${of(median)}" cy="${middle}" r="5" /><line
        class="mark"
        x1="${of(peak)}"
        x2="${of(peak)}"
        y1="6"
        y2="${stripHeight - 6}"
      />`,
  )
}

/** The axis of level strips; the last row of their table. */
export function levelAxis(): Markup {
  const labels = ticksDb.map((tick) => {
    const kind = tick === -60 || tick === -20 ? 'minor' : 'major'
    return html`<text class="${kind}" x="${of(tick)}" y="13" text-anchor="middle"
      >${tick === 0 ? '0 dB' : minus(tick)}</text
    >`
  })
  return html`<svg class="strip" width="100%" height="18" aria-hidden="true">${labels}</svg>`
}

/** A minus sign as wide as a plus, as numbers in print have it. */
function minus(value: number): string {
  return value < 0 ? `\u2212${-value}` : String(value)
}

export function decibels(value: number | null): string {
  if (value === null) return '\u2013'
  const text = Math.abs(value).toFixed(1)
  return value < 0 && text !== '0.0' ? `\u2212${text}` : text
}

function strip(title: string, marks: Markup): Markup {
  return html`<svg class="strip" role="img" width="100%" height="${stripHeight}">
    <title>${title}</title>
    ${marks}
  </svg>`
}

const plotHeight = 180
const mostBars = 32
const fewestBars = 12
const widths = [0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]

/** How many utterances are how long. Bars are equally wide; the last one of very long sets holds all above. */
export function durationHistogram(seconds: readonly number[]): Markup {
  if (seconds.length === 0) return nothing
  const longest = seconds.reduce((most, each) => Math.max(most, each), 0)
  const shortest = seconds.reduce((least, each) => Math.min(least, each), Infinity)
  const binSeconds =
    widths.find((width) => (longest - shortest) / width <= mostBars - 2) ?? longest / mostBars
  const [lowest, highest] = [Math.floor(shortest / binSeconds), Math.floor(longest / binSeconds)]
  // A few bars would look like a flag: room on both sides of them.
  const room = Math.max(0, fewestBars - (highest - lowest + 1))
  const first = Math.max(0, lowest - Math.floor(room / 2))
  const bars = Math.max(fewestBars, highest - first + 1)
  const counts = new Array<number>(bars).fill(0)
  for (const each of seconds) counts[Math.floor(each / binSeconds) - first]!++
  const most = counts.reduce((left, right) => Math.max(left, right), 0)
  const edge = (index: number) => Number(((first + index) * binSeconds).toFixed(2))
  const drawn = counts.map((count, index) => {
    const height = (plotHeight * count) / most
    return html`<rect
      class="bar"
      x="${at((index + 0.06) / bars)}"
      width="${at(0.88 / bars)}"
      y="${(plotHeight - height).toFixed(1)}"
      height="${height.toFixed(1)}"
      ><title>${edge(index)} to ${edge(index + 1)} s: ${count}</title></rect
    >`
  })
  const every = Math.max(1, Math.ceil(bars / 8))
  const names = Array.from({ length: bars + 1 }, (_, index) =>
    index % every === 0
      ? html`<text x="${at(index / bars)}" y="${plotHeight + 16}" text-anchor="middle"
          >${edge(index)}</text
        >`
      : nothing,
  )
  return html`<svg
    class="plot"
    role="img"
    aria-labelledby="lengths-title"
    width="100%"
    height="${plotHeight + 24}"
  >
    <title id="lengths-title">
      Lengths of utterances: ${seconds.length} from ${shortest.toFixed(2)} to ${longest.toFixed(2)}
      s; the highest bar holds ${most}
    </title>
    <line class="grid" x1="0" x2="100%" y1="0" y2="0" />
    <text x="-8" y="0" dy="0.35em" text-anchor="end">${most}</text>
    <line class="grid" x1="0" x2="100%" y1="${plotHeight}" y2="${plotHeight}" />
    <text x="-8" y="${plotHeight}" dy="0.35em" text-anchor="end">0</text>
    ${drawn}${names}
  </svg>`
}

function of(db: number): string {
  return at((Math.max(floorDb, Math.min(0, db)) - floorDb) / -floorDb)
}

function at(share: number): string {
  return `${(100 * share).toFixed(2)}%`
}
