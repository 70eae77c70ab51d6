import { leftAxis, panelBorder, panelHeading, plotLeft, plotRight } from './layout.js'
import type { Panel, TimeAxis } from './layout.js'
import { element, polyline } from './svg.js'
import type { WindowFeatures } from './window-features.js'

/** The samples over time: a line, or where there are many of them what each column of the picture spans. */
export function waveformPanel(
  panel: Panel,
  axis: TimeAxis,
  windows: readonly WindowFeatures[],
): string {
  const peak = windows.reduce((highest, { audio }) => Math.max(highest, peakOf(audio.samples)), 0)
  const limit = roundAbove(peak)
  const middle = panel.top + panel.height / 2
  const yOf = (value: number) => middle - (value / limit) * (panel.height / 2 - 3)
  const lines = windows.map(({ audio: { samples, sampleRateHz }, startSeconds }) => {
    const xOf = (n: number) => axis.x(startSeconds + n / sampleRateHz)
    const columns = Math.max(1, Math.ceil(xOf(samples.length) - xOf(0)))
    // An envelope of few samples a column would lie about what is between them.
    if (samples.length < 4 * columns) {
      const points = Array.from(samples, (value, n) => [xOf(n), yOf(value)] as const)
      // A line needs two ends: a sample alone is a dot.
      const d = points.length === 1 ? `${polyline(points)}h0` : polyline(points)
      return element('path', { d, class: points.length === 1 ? 'wave dot' : 'wave' })
    }
    return element('path', { d: envelope(samples, columns, xOf, yOf), class: 'envelope' })
  })
  const { factor, unit } = amplitudeUnit(limit)
  const ticks = [-limit, 0, limit].map((value) => ({
    value,
    label: String(Number((value / factor).toPrecision(1)) || 0).replace('-', '\u2212'),
  }))
  return (
    panelHeading(panel, 'waveform') +
    element('path', { d: `M${plotLeft} ${middle}H${plotRight}`, class: 'grid' }) +
    lines.join('') +
    panelBorder(panel) +
    leftAxis(panel, ticks, yOf, unit)
  )
}

function envelope(
  samples: Float32Array,
  columns: number,
  xOf: (n: number) => number,
  yOf: (value: number) => number,
): string {
  const upper: [number, number][] = []
  const lower: [number, number][] = []
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * samples.length) / columns)
    const end = Math.floor(((column + 1) * samples.length) / columns)
    let [low, high] = [Infinity, -Infinity]
    for (let n = start; n < end; n++) {
      low = Math.min(low, samples[n]!)
      high = Math.max(high, samples[n]!)
    }
    const x = xOf((start + end) / 2)
    upper.push([x, yOf(high) - 0.3])
    lower.push([x, yOf(low) + 0.3])
  }
  return `${polyline([...upper, ...lower.reverse()])}Z`
}

function peakOf(samples: Float32Array): number {
  let peak = 0
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
  return peak
}

/** Amplitudes far from 1 are shown in powers of ten: there is room for five characters. */
function amplitudeUnit(limit: number): { readonly factor: number; readonly unit: string } {
  const power = Math.floor(Math.log10(limit))
  if (power >= -2 && power <= 3) return { factor: 1, unit: 'amplitude' }
  const digits = [...String(power)].map((digit) => superscripts[digit]).join('')
  return { factor: 10 ** power, unit: `amplitude / 10${digits}` }
}

const superscripts: Readonly<Record<string, string>> = {
  '-': '\u207b',
  ...Object.fromEntries(
    [...'\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079'].entries(),
  ),
}

/** The next of 1, 2 and 5 times a power of ten; 1 for silence. */
function roundAbove(value: number): number {
  if (value === 0) return 1
  const power = Math.floor(Math.log10(value))
  const factor = [1, 2, 5, 10].find((each) => each * 10 ** power >= value) ?? 10
  return Number((factor * 10 ** power).toPrecision(1))
}
