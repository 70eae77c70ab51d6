import * as z from 'zod'
import { isPowerOfTwo } from './fft.js'
import { hopSamples, paddings, windowPeriods, windowSamples, windowShapes } from './frames.js'
import { perSettings } from './kernels/per-settings.js'
import { melFilterBank, melNorms, melScales, melSides } from './mel.js'
import { presetNames, withPreset } from './presets.js'
import { slopeKinds } from './slopes.js'

/** What a band sums up, and what is made of the sum. */
export const spectrumKinds = ['power', 'magnitude'] as const
export const logKinds = ['ln', 'dB'] as const

/** Beyond these a block of frames would not fit into memory; speech asks for a thousandth of it. */
const largestFft = 2 ** 20
const largestHop = 2 ** 16

const settings = z
  .strictObject({
    preset: z
      .enum(presetNames)
      .default('paper')
      .describe('values of the settings that are not given; the defaults are those of paper'),
    sampleRateHz: z.int().positive().default(16000),
    /** y[n] = x[n] − preEmphasis·x[n − 1]; 0 turns it off. */
    preEmphasis: z.number().min(0).lt(1).default(0.97),
    windowMs: z.number().positive().default(25),
    hopMs: z.number().positive().default(10),
    /** none: frame i begins at sample hop·i; else it is centred there, with zeros or the sound mirrored outside. */
    padding: z.enum(paddings).default('none'),
    fftSize: z.int().min(4).max(largestFft).default(512),
    window: z.enum(windowShapes).default('hamming'),
    /** symmetric: the window ends as it begins. */
    windowPeriod: z.enum(windowPeriods).default('periodic'),
    spectrum: z.enum(spectrumKinds).default('power'),
    bands: z.int().positive().max(largestFft).default(64),
    lowHz: z.number().nonnegative().default(20),
    highHz: z.number().positive().default(8000),
    melScale: z.enum(melScales).default('htk'),
    /** In which unit the sides of a triangle are straight. */
    melSides: z.enum(melSides).default('hz'),
    melNorm: z.enum(melNorms).default('none'),
    /** ln: ln(band + floor); dB: 10·log10(max(band, floor)), 20·log10 of a magnitude. */
    log: z.enum(logKinds).default('ln'),
    /** Smallest power or magnitude of a band that counts; about the power of 16-bit rounding noise. */
    floor: z.number().min(1e-30).max(1e30).default(1e-7),
    /** regression: over repeated edges, the second slope from the first; savgol: fits of a line and a parabola. */
    slopes: z.enum(slopeKinds).default('regression'),
    /** Frames on each side of a slope. */
    deltaRadius: z.int().positive().max(100).default(2),
    /** Silence at both ends is what lies this far below the clip's loudest frame; null keeps everything. */
    trimDb: z.number().positive().nullable().default(45),
    /** Frames kept before the first and after the last that is not silence. */
    trimMarginFrames: z.int().nonnegative().default(5),
  })
  .superRefine((config, context) => {
    for (const { path, message } of contradictions(config)) {
      context.addIssue({ code: 'custom', path: [path], message })
    }
  })

/** Settings of the front end. Those that are not given have the values of the preset, by default `paper`. */
export const logMelConfig = z.preprocess(withPreset, settings)

/** Settings as they are given. */
export type LogMelSettings = z.input<typeof settings>

/** Settings with nothing left open. */
export type LogMelConfig = Readonly<z.output<typeof settings>>

/** How a clip's frames are cut into segments for the CNN. */
export const segmentConfig = z
  .strictObject({
    segmentFrames: z.int().positive().max(65536).default(64),
    hopFrames: z.int().positive().default(32),
    /** 46 segments of 64 frames every 32 are 1504 frames, 15 s; longer recordings are cut into windows before. */
    maxSegments: z.int().positive().default(46),
  })
  .superRefine(({ segmentFrames, hopFrames }, context) => {
    if (segmentFrames > 0 && hopFrames > segmentFrames) {
      const message = `hopFrames ${hopFrames} is above segmentFrames ${segmentFrames}, which would leave frames out; lower it`
      context.addIssue({ code: 'custom', path: ['hopFrames'], message })
    }
  })

export type SegmentConfig = Readonly<z.output<typeof segmentConfig>>

function contradictions(config: LogMelConfig): { path: keyof LogMelConfig; message: string }[] {
  const { sampleRateHz, fftSize, windowMs, hopMs, lowHz, highHz } = config
  const found: { path: keyof LogMelConfig; message: string }[] = []
  const samples = windowSamples(config)
  const hop = hopSamples(config)
  if (samples < 1) {
    const message = `windowMs ${windowMs} is less than one sample at ${sampleRateHz} Hz; raise it`
    found.push({ path: 'windowMs', message })
  }
  if (hop < 1) {
    const message = `hopMs ${hopMs} is less than one sample at ${sampleRateHz} Hz; raise it`
    found.push({ path: 'hopMs', message })
  }
  if (hop > largestHop) {
    const message = `hopMs ${hopMs} is ${hop} samples at ${sampleRateHz} Hz, expected at most ${largestHop}; lower it`
    found.push({ path: 'hopMs', message })
  }
  if (samples > largestFft) {
    const message = `windowMs ${windowMs} is ${samples} samples at ${sampleRateHz} Hz, expected at most ${largestFft}; lower it`
    found.push({ path: 'windowMs', message })
  } else if (fftSize <= largestFft && !isPowerOfTwo(fftSize)) {
    const message = `fftSize ${fftSize} is no power of two; take ${nextPowerOfTwo(Math.max(samples, fftSize))}`
    found.push({ path: 'fftSize', message })
  } else if (fftSize < samples) {
    const message = `fftSize ${fftSize} is shorter than the window of ${samples} samples (windowMs ${windowMs}); take ${nextPowerOfTwo(samples)}`
    found.push({ path: 'fftSize', message })
  }
  if (highHz > sampleRateHz / 2) {
    const message = `highHz ${highHz} is above ${sampleRateHz / 2}, half of sampleRateHz; lower it`
    found.push({ path: 'highHz', message })
  }
  if (lowHz >= highHz) {
    const message = `lowHz ${lowHz} is not below highHz ${highHz}; lower it`
    found.push({ path: 'lowHz', message })
  }
  // A value out of its own range is told already, and no filter bank can be made of it.
  if (found.length > 0 || !isWithinRange(config)) return found
  const empty = emptyBands(config)
  return empty === 0 ? found : [{ path: 'bands', message: emptyWords(config, empty) }]
}

/** What a filter bank needs to be made at all. */
function isWithinRange({ bands, fftSize, sampleRateHz, highHz }: LogMelConfig): boolean {
  return bands > 0 && bands <= largestFft && fftSize <= largestFft && sampleRateHz > 0 && highHz > 0
}

/** Counted once for equal settings: a filter bank takes as long as 16 frames. */
const emptyBands = /* @__PURE__ */ perSettings((config) => {
  const { offsets } = melFilterBank(config)
  return offsets.subarray(1).filter((end, band) => end === offsets[band]).length
})

function emptyWords({ bands, fftSize, lowHz, highHz }: LogMelConfig, empty: number): string {
  if (bands === 1) {
    return `a band from ${lowHz} to ${highHz} Hz holds no bin of fftSize ${fftSize}; raise fftSize, or widen lowHz to highHz`
  }
  return `${bands} bands are too many for fftSize ${fftSize}: ${empty} would hold no bin; lower bands or raise fftSize`
}

function nextPowerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(value))
}
