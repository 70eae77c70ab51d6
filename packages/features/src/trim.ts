import type { Audio } from '@serflow/core/plain'
import type { LogMelConfig } from './config.js'
import { frameCount, frameStart, hopSamples, windowSamples, type FrameRange } from './frames.js'
import { kernelNamed, type KernelChoice } from './kernels/choice.js'
import type { FrontEndKernel } from './kernels/kernel.js'

/**
 * The frames of a clip without the silence at its ends: from the first to the last frame whose energy is at
 * least 10^(−trimDb/10) of that of the clip's loudest frame, with trimMarginFrames more on both sides.
 *
 *   energy[frame] = mean over the clip's samples in the frame's window of (x[n] − mean)²
 *
 * The mean is taken off because a recorder's constant offset is no sound. Pauses inside are kept. A clip whose
 * frames all have energy 0 is kept whole, and so is every clip with trimDb null; at least one frame is kept always.
 * All kernels agree to the bit.
 */
export function keptFrames(
  audio: Audio,
  config: LogMelConfig,
  choice: KernelChoice = {},
): FrameRange {
  const { trimDb, trimMarginFrames } = config
  const frames = frameCount(audio.samples.length, config)
  if (trimDb === null) return { start: 0, end: frames }
  const energies = frameEnergies(audio, config, frames, kernelNamed(choice.kernel))
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

/**
 * A frame is made of parts that its neighbours share: hops cut where a window that began earlier ends. Parts know
 * their mean and their squares around it, so that no difference of large sums leaves some energy in a constant.
 */
function frameEnergies(
  { samples }: Audio,
  config: LogMelConfig,
  frames: number,
  kernel: FrontEndKernel,
): Float64Array {
  const hop = hopSamples(config)
  const window = windowSamples(config)
  const partsOfFrame = 2 * Math.floor(window / hop) + 1
  const cut = window % hop
  const bounds = new Int32Array(2 * (frames - 1) + partsOfFrame + 1)
  const origin = frameStart(0, config)
  for (let bound = 0; bound < bounds.length; bound++) {
    const place = origin + (bound >> 1) * hop + (bound % 2) * cut
    bounds[bound] = Math.min(Math.max(0, place), samples.length)
  }
  const moments = kernel.moments(samples, bounds)
  const energies = new Float64Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    const first = 2 * frame
    const end = first + partsOfFrame
    const count = bounds[end]! - bounds[first]!
    if (count === 0) continue
    let sum = 0
    for (let part = first; part < end; part++) {
      sum += (bounds[part + 1]! - bounds[part]!) * moments[2 * part]!
    }
    const mean = sum / count
    let squares = 0
    for (let part = first; part < end; part++) {
      const away = moments[2 * part]! - mean
      squares += moments[2 * part + 1]! + (bounds[part + 1]! - bounds[part]!) * away * away
    }
    energies[frame] = squares / count
  }
  return energies
}
