import { InputError, type Audio, type Tensor } from '@serflow/core/plain'
import type { LogMelConfig } from './config.js'
import type { Excerpt } from './excerpt.js'
import { frameCount } from './frames.js'
import { kernelNamed, type KernelChoice } from './kernels/choice.js'
import type { FrontEndKernel } from './kernels/kernel.js'

/**
 * Log-mel spectrogram of one clip, of which nothing but the clip's samples decides.
 *
 *   y[n] = x[n] − preEmphasis·x[n − 1]                    with x[−1] = x[0], so that an offset makes no click
 *   P[k] = |Σ y[start + n]·window[n]·exp(−2πi·k·n/fftSize)|²    n = 0…window − 1, zeros behind
 *   sum[band] = Σ weight[band, k]·P[k]                    with √P[k] for spectrum `magnitude`
 *   out[frame, band] = ln(sum + floor), or 10·log10(max(sum, floor)) for log `dB`, 20·log10 of a magnitude
 *
 * Frame i starts at frameStart(i), with padding `none` at hop·i: there 1 + ⌊(samples − window)/hop⌋ frames cover
 * nothing but the clip. A clip shorter than a window has zeros behind it (after the pre-emphasis) and is one frame.
 *
 * @returns shape [frames, bands], natural log of power (full scale is 1) or what the settings say
 * @throws InputError for a clip without samples, with a sample that is not finite, or at another rate
 * @throws TypeError for samples that are no Float32Array
 * @see librosa.feature.melspectrogram with center=False on librosa.filters.mel(htk=True, norm=None)
 */
export function logMel(audio: Audio, config: LogMelConfig, choice: KernelChoice = {}): Tensor {
  const kernel = kernelNamed(choice.kernel)
  checkAudio(audio, config, kernel)
  const frames = frameCount(audio.samples.length, config)
  const data = kernel.logMels(wholeClip(audio), { start: 0, end: frames }, config)
  return { data, shape: [frames, config.bands] }
}

/** A clip as an excerpt of itself. */
export function wholeClip({ samples }: Audio): Excerpt {
  return { samples, first: 0, total: samples.length }
}

/**
 * @throws InputError for a clip without samples, with a sample that is not finite, or at another rate
 * @throws TypeError as checkFinite does
 */
export function checkAudio(
  { samples, sampleRateHz }: Audio,
  config: LogMelConfig,
  kernel: FrontEndKernel,
): void {
  if (sampleRateHz !== config.sampleRateHz) {
    throw new InputError(
      `sound at ${sampleRateHz} Hz, expected ${config.sampleRateHz} Hz; resample it first`,
    )
  }
  checkFinite(samples, kernel)
  if (samples.length === 0) {
    throw new InputError('sound without samples, expected at least one; leave the clip out')
  }
}

/**
 * @param first the place in the recording of the first of these samples
 * @throws InputError naming the first sample that is not finite
 * @throws TypeError for another kind of array: integers of 16 bits would be taken for a sound 90 dB too loud
 */
export function checkFinite(samples: Float32Array, kernel: FrontEndKernel, first = 0): void {
  // An array of another frame or context of the browser is no instance of this one's Float32Array.
  const kind = Object.prototype.toString.call(samples).slice(8, -1)
  if (kind !== 'Float32Array') {
    throw new TypeError(
      `samples are of the kind ${kind}, expected Float32Array, full scale from −1 to 1`,
    )
  }
  if (kernel.allFinite(samples)) return
  const n = samples.findIndex((sample) => !Number.isFinite(sample))
  throw new InputError(
    `sample ${first + n} is ${samples[n]}, expected a finite number; mend or leave out the recording`,
  )
}
