import type { LogMelConfig } from '../config.js'
import { emphasisedAt, endOf, type Excerpt } from '../excerpt.js'
import { realFft, type RealFft } from '../fft.js'
import { frameStart, windowSamples, windowWeights, type FrameRange } from '../frames.js'
import { melFilterBank, type MelFilterBank } from '../mel.js'
import { slopesOf } from '../slopes.js'
import { knownFrames, type ChannelBlock, type FrameBlock, type FrontEndKernel } from './kernel.js'
import { plainMoments } from './moments.js'
import { perSettings } from './per-settings.js'

/** The definition: float64 throughout, rounded to float32 where a value is kept. */
export const plainKernel: FrontEndKernel = {
  name: 'plain',
  allFinite: (samples) => samples.every(Number.isFinite),
  logMels,
  channels,
  moments: plainMoments,
}

function logMels(excerpt: Excerpt, frames: FrameRange, config: LogMelConfig): Float32Array {
  const { fft, power, window, filters } = planOf(config)
  const { floor, bands } = config
  const { firstBins, offsets, weights } = filters
  const scale = (config.spectrum === 'magnitude' ? 20 : 10) / Math.LN10
  const data = new Float32Array((frames.end - frames.start) * bands)
  for (let frame = frames.start, to = 0; frame < frames.end; frame++) {
    fillFrame(fft.input, window, excerpt, frameStart(frame, config), config)
    fft.powerSpectrum(power)
    if (config.spectrum === 'magnitude') {
      for (let k = 0; k < power.length; k++) power[k] = Math.sqrt(power[k]!)
    }
    for (let band = 0; band < bands; band++) {
      const end = offsets[band + 1]!
      let sum = 0
      for (let w = offsets[band]!, k = firstBins[band]!; w < end; w++, k++) {
        sum += weights[w]! * power[k]!
      }
      data[to++] =
        config.log === 'ln' ? Math.log(sum + floor) : scale * Math.log(Math.max(sum, floor))
    }
  }
  return data
}

/** One frame of the pre-emphasised sound times the window. */
function fillFrame(
  input: Float64Array,
  window: Float64Array,
  excerpt: Excerpt,
  start: number,
  config: LogMelConfig,
): void {
  const { samples, first, total } = excerpt
  const { preEmphasis } = config
  if (start >= 1 && start + window.length <= (total ?? endOf(excerpt))) {
    let previous = samples[start - 1 - first]!
    for (let n = 0, at = start - first; n < window.length; n++, at++) {
      const sample = samples[at]!
      input[n] = (sample - preEmphasis * previous) * window[n]!
      previous = sample
    }
  } else {
    for (let n = 0; n < window.length; n++) {
      input[n] = emphasisedAt(start + n, excerpt, config) * window[n]!
    }
  }
}

function channels(
  excerpt: Excerpt,
  { frames, history, isFirst, isLast }: FrameBlock,
  config: LogMelConfig,
): ChannelBlock {
  const { bands, deltaRadius } = config
  const before = history?.rows ?? new Float32Array(0)
  const rows = logMels(excerpt, frames, config)
  const still = {
    data: joined(before, rows),
    shape: [(before.length + rows.length) / bands, bands],
  }
  const { slope, bend } = slopesOf(still, config)
  const known = knownFrames(still.shape[0]!, { isFirst, isLast }, config)
  const data = new Float32Array((known.end - known.start) * bands * 3)
  for (let from = known.start * bands, to = 0; from < known.end * bands; from++) {
    data[to++] = still.data[from]!
    data[to++] = slope.data[from]!
    data[to++] = bend.data[from]!
  }
  const kept = still.data.slice(Math.max(0, still.data.length - 4 * deltaRadius * bands))
  return { data, history: { rows: kept, frames: kept.length / bands } }
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** Tables and buffers that clips with the same settings share. */
interface Plan {
  readonly fft: RealFft
  readonly power: Float64Array
  readonly window: Float64Array
  readonly filters: MelFilterBank
}

const planOf = /* @__PURE__ */ perSettings((config): Plan => ({
  fft: realFft(config.fftSize),
  power: new Float64Array(config.fftSize / 2 + 1),
  window: windowWeights(config.window, windowSamples(config), config.windowPeriod),
  filters: melFilterBank(config),
}))
