import type { Audio } from '@serflow/core'
import type { LogMelConfig } from './config.js'
import { frameCount, hopSamples, windowSamples } from './frames.js'

/** Frames start…end − 1 of a clip. */
export interface FrameRange {
  readonly start: number
  readonly end: number
}

/**
 * The frames of a clip without the silence at its ends: from the first to the last frame whose energy is at
 * least 10^(−trimDb/10) of that of the clip's loudest frame, with trimMarginFrames more on both sides.
 *
 *   energy[frame] = mean over the frame's window of (x[n] − mean)²
 *
 * The mean is taken off because a recorder's constant offset is no sound. Pauses inside are kept. A clip whose
 * frames all have energy 0 is kept whole, and so is every clip with trimDb null; at least one frame is kept always.
 */
export function keptFrames(audio: Audio, config: LogMelConfig): FrameRange {
  const { trimDb, trimMarginFrames } = config
  const frames = frameCount(audio.samples.length, config)
  if (trimDb === null) return { start: 0, end: frames }
  const energies = frameEnergies(audio, config, frames)
  const peak = energies.reduce((highest, energy) => Math.max(highest, energy), 0)
  // A peak of 0 makes the threshold 0, which every frame reaches.
  const threshold = peak * 10 ** (-trimDb / 10)
  const first = energies.findIndex((energy) => energy >= threshold)
  const last = energies.findLastIndex((energy) => energy >= threshold)
  return {
    start: Math.max(0, first - trimMarginFrames),
    end: Math.min(frames, last + 1 + trimMarginFrames),
  }
}

function frameEnergies({ samples }: Audio, config: LogMelConfig, frames: number): Float64Array {
  const hop = hopSamples(config)
  const window = windowSamples(config)
  return Float64Array.from({ length: frames }, (_, frame) => {
    const start = frame * hop
    const end = Math.min(samples.length, start + window)
    // Two passes: with one, rounding would leave some energy in a constant.
    let sum = 0
    for (let n = start; n < end; n++) sum += samples[n]!
    const mean = sum / (end - start)
    let squares = 0
    for (let n = start; n < end; n++) {
      const deviation = samples[n]! - mean
      squares += deviation * deviation
    }
    return squares / (end - start)
  })
}
