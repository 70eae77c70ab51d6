import type { Scores } from '../schema.js'
import { percent } from '../wording.js'
import { html, nothing, type Markup } from './markup.js'

/*
 * Charts are SVG without a viewBox: positions along x are per cent of the width there is, heights and type are in
 * pixels. So they fit a phone and a print alike, and their type is the page's.
 */

const ticks = [0, 0.25, 0.5, 0.75, 1]
const stripHeight = 30

/** A rate with its interval on a line from 0 to 100 %, with the chance level; a row of a table. */
export function intervalStrip(options: {
  readonly label: string
  readonly value: number
  readonly low: number | null
  readonly high: number | null
  readonly chance: number
  readonly tone: 'network' | 'baseline'
}): Markup {
  const { label, value, low, high, chance, tone } = options
  const middle = stripHeight / 2
  const known = low !== null && high !== null
  const interval = known ? `, interval ${percent(low)} to ${percent(high)}` : ''
  return strip(
    `${label}: ${percent(value)}${interval}; chance is ${percent(chance)}`,
    html`<line class="chance" x1="${at(chance)}" x2="${at(chance)}" y1="0" y2="${stripHeight}" />${
        known
          ? html`<line
              class="whisker ${tone}"
              x1="${at(low)}"
              x2="${at(high)}"
              y1="${middle}"
              y2="${middle}"
            />`
          : nothing
      }<circle class="dot ${tone}" cx="${at(value)}" cy="${middle}" r="6" />`,
  )
}

/** A recall as a bar from 0 to 100 %, with the baseline's as a mark across; a row of a table. */
export function recallStrip(options: {
  readonly label: string
  readonly value: number | null
  readonly baseline: number | null
}): Markup {
  const { label, value, baseline } = options
  if (value === null) return strip(`${label}: does not occur`, nothing)
  const against = baseline === null ? '' : `, baseline ${percent(baseline)}`
  return strip(
    `${label}: recall ${percent(value)}${against}`,
    html`<rect class="bar" x="0" width="${at(value)}" y="8" height="${stripHeight - 16}" />${
        baseline === null
          ? nothing
          : html`<line
              class="mark"
              x1="${at(baseline)}"
              x2="${at(baseline)}"
              y1="4"
              y2="${stripHeight - 4}"
            />`
      }`,
  )
}

/** The axis of strips, 0 to 100 %; the last row of their table. */
export function stripAxis(): Markup {
  const labels = ticks.map((tick) => {
    const label = tick === 1 ? '100 %' : String(100 * tick)
    // A narrow screen has no room for the ticks beside the ends.
    const kind = tick === 0.25 || tick === 0.75 ? 'minor' : 'major'
    return html`<text class="${kind}" x="${at(tick)}" y="13" text-anchor="middle">${label}</text>`
  })
  return html`<svg class="strip" width="100%" height="18" aria-hidden="true">${labels}</svg>`
}

function strip(title: string, marks: Markup): Markup {
  const lines = ticks.map(
    (tick) =>
      html`<line class="grid" x1="${at(tick)}" x2="${at(tick)}" y1="0" y2="${stripHeight}" />`,
  )
  return html`<svg class="strip" role="img" width="100%" height="${stripHeight}">
    <title>${title}</title>
    ${lines}${marks}
  </svg>`
}

/** More names than this below the chart cannot be read; they are in the table beside it. */
const mostNames = 32
const plotHeight = 260

/**
 * UAR of each speaker, best first, with the headline as a line and its interval as a band. Gender shows in colour
 * and shape. The axis is the whole range 0 to 100 %, so that differences look as large as they are.
 */
export function speakerChart(
  perSpeaker: Scores['perSpeaker'],
  uar: Scores['uar'],
  chance: number,
): Markup {
  const sorted = [...perSpeaker].sort(
    (left, right) => right.uar - left.uar || (left.speakerId < right.speakerId ? -1 : 1),
  )
  const place = (index: number) => at((index + 0.5) / sorted.length)
  const dots = sorted.map((speaker, index) => speakerDot(speaker, place(index)))
  const named = sorted.length <= mostNames
  const names = sorted.map(({ speakerId }, index) => nameBelow(speakerId, place(index)))
  const longest = Math.max(...sorted.map(({ speakerId }) => [...shortened(speakerId)].length))
  const below = named ? 14 + 7 * longest : 8
  const lines = ticks.map(
    (tick) =>
      html`<line class="grid" x1="0" x2="100%" y1="${up(tick)}" y2="${up(tick)}" /><text
          x="-8"
          y="${up(tick)}"
          dy="0.35em"
          text-anchor="end"
          >${tick === 1 ? '100 %' : String(100 * tick)}</text
        >`,
  )
  return html`<svg
    class="plot"
    role="img"
    aria-labelledby="speakers-title speakers-desc"
    width="100%"
    height="${plotHeight + below}"
  >
    <title id="speakers-title">UAR of each speaker</title>
    <desc id="speakers-desc">${describe(sorted, uar)}</desc>
    ${band(uar)}${lines}
    <line class="chance" x1="0" x2="100%" y1="${up(chance)}" y2="${up(chance)}" />
    <text x="4" y="${up(chance)}" dy="14">chance ${percent(chance)}</text>
    <line class="headline" x1="0" x2="100%" y1="${up(uar.value)}" y2="${up(uar.value)}" />
    <text
      class="strong"
      x="100%"
      y="${up(uar.high ?? uar.value)}"
      dx="-4"
      dy="-6"
      text-anchor="end"
    >
      UAR ${percent(uar.value)}
    </text>
    ${dots}${named ? names : nothing}
  </svg>`
}

function band({ low, high }: Scores['uar']): Markup {
  if (low === null || high === null) return nothing
  return html`<rect
    class="band"
    x="0"
    width="100%"
    y="${up(high)}"
    height="${(plotHeight * (high - low)).toFixed(1)}"
  />`
}

function speakerDot({ speakerId, gender, uar }: Scores['perSpeaker'][number], x: string): Markup {
  const title = html`<title>Speaker ${speakerId}, ${gender}: ${percent(uar)}</title>`
  return gender === 'male'
    ? html`<rect
        class="male"
        x="${x}"
        y="${up(uar)}"
        width="10"
        height="10"
        transform="translate(-5 -5)"
        >${title}</rect
      >`
    : html`<circle class="${gender}" cx="${x}" cy="${up(uar)}" r="5.5">${title}</circle>`
}

/** Turned upwards in an SVG of its own, since a turn is about a point and the place is in per cent. */
function nameBelow(name: string, x: string): Markup {
  return html`<svg x="${x}" y="${plotHeight + 10}" overflow="visible">
    <text transform="rotate(-90)" text-anchor="end" dy="0.35em">${shortened(name)}</text>
  </svg>`
}

function describe(sorted: Scores['perSpeaker'], uar: Scores['uar']): string {
  const [best, worst] = [sorted[0]!, sorted.at(-1)!]
  const interval =
    uar.low === null || uar.high === null
      ? ''
      : `, its interval ${percent(uar.low)} to ${percent(uar.high)}`
  return (
    `Best is speaker ${best.speakerId} with ${percent(best.uar)}, worst speaker ${worst.speakerId} with ` +
    `${percent(worst.uar)}. The UAR over all is ${percent(uar.value)}${interval}. The table has all values.`
  )
}

/** The sign of a gender in the chart, for its legend. */
export function genderSign(gender: Scores['perSpeaker'][number]['gender']): Markup {
  const sign =
    gender === 'male'
      ? html`<rect class="male" x="2" y="2" width="10" height="10" />`
      : html`<circle class="${gender}" cx="7" cy="7" r="5.5" />`
  return html`<svg class="sign" width="14" height="14" aria-hidden="true">${sign}</svg>`
}

/** At most 12 characters; the middle goes, since ids differ at their ends. */
function shortened(name: string): string {
  const characters = [...name]
  if (characters.length <= 12) return name
  return `${characters.slice(0, 5).join('')}…${characters.slice(-6).join('')}`
}

function at(rate: number): string {
  return `${(100 * rate).toFixed(2)}%`
}

function up(rate: number): string {
  return (plotHeight * (1 - rate)).toFixed(1)
}
