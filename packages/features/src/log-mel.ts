import { InputError, type Audio, type Tensor } from '@serflow/core'
import type { LogMelConfig } from './config.js'
import { realFft, type RealFft } from './fft.js'
import { frameCount, hopSamples, windowSamples, windowWeights } from './frames.js'
import { melFilterBank, type MelFilterBank } from './mel.js'

/**
 * Log-mel spectrogram of one clip, of which nothing but the clip's samples decides.
 *
 *   y[n] = x[n] − preEmphasis·x[n − 1]                    with x[−1] = x[0], so that an offset makes no click
 *   P[k] = |Σ y[hop·frame + n]·window[n]·exp(−2πi·k·n/fftSize)|²    n = 0…window − 1, zeros behind
 *   out[frame, band] = ln(Σ weight[band, k]·P[k] + floor)
 *
 * Frame i covers samples [hop·i, hop·i + window): no centring, no padding, 1 + ⌊(samples − window)/hop⌋ frames.
 * A clip shorter than a window has zeros behind it (after the pre-emphasis) and is one frame.
 *
 * @returns shape [frames, bands], natural log of power; full scale is 1
 * @throws InputError for a clip without samples, with a sample that is not finite, or at another rate
 * @see librosa.feature.melspectrogram with center=False on librosa.filters.mel(htk=True, norm=None)
 */
export function logMel(audio: Audio, config: LogMelConfig): Tensor {
  checkAudio(audio, config)
  const { samples } = audio
  const { fft, power, window, hop, filters } = planOf(config)
  const { preEmphasis, floor, bands } = config
  const { firstBins, offsets, weights } = filters
  const { input } = fft
  const frames = frameCount(samples.length, config)
  const data = new Float32Array(frames * bands)
  for (let frame = 0; frame < frames; frame++) {
    const start = frame * hop
    const covered = Math.min(window.length, samples.length - start)
    let previous = samples[Math.max(0, start - 1)]!
    for (let n = 0; n < covered; n++) {
      const sample = samples[start + n]!
      input[n] = (sample - preEmphasis * previous) * window[n]!
      previous = sample
    }
    // A shorter clip before this one may have left fewer zeros or more: all clips share the buffer.
    input.fill(0, covered)
    fft.powerSpectrum(power)
    for (let band = 0; band < bands; band++) {
      const end = offsets[band + 1]!
      let sum = 0
      for (let w = offsets[band]!, k = firstBins[band]!; w < end; w++, k++) {
        sum += weights[w]! * power[k]!
      }
      data[frame * bands + band] = Math.log(sum + floor)
    }
  }
  return { data, shape: [frames, bands] }
}

/** Tables and buffers that clips with the same settings share. */
interface Plan {
  readonly fft: RealFft
  readonly power: Float64Array
  readonly window: Float64Array
  readonly hop: number
  readonly filters: MelFilterBank
}

const plans = new Map<string, Plan>()

function planOf(config: LogMelConfig): Plan {
  const key = JSON.stringify(config)
  const known = plans.get(key)
  if (known) return known
  const plan = {
    fft: realFft(config.fftSize),
    power: new Float64Array(config.fftSize / 2 + 1),
    window: windowWeights(config.window, windowSamples(config)),
    hop: hopSamples(config),
    filters: melFilterBank(config),
  }
  plans.set(key, plan)
  return plan
}

function checkAudio({ samples, sampleRateHz }: Audio, config: LogMelConfig): void {
  if (sampleRateHz !== config.sampleRateHz) {
    throw new InputError(
      `sound at ${sampleRateHz} Hz, expected ${config.sampleRateHz} Hz; resample it first`,
    )
  }
  if (samples.length === 0) {
    throw new InputError('sound without samples, expected at least one; leave the clip out')
  }
  for (let n = 0; n < samples.length; n++) {
    if (!Number.isFinite(samples[n])) {
      throw new InputError(
        `sample ${n} is ${samples[n]}, expected a finite number; mend or leave out the recording`,
      )
    }
  }
}
