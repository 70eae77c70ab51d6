import type { Audio } from '@serflow/core'
import type { Kernel } from './kernels/reader-kernel.js'
import { resamplePlain } from './resample-plain.js'
import { resampleSimd } from './resample-simd.js'
import { rateRatio, type Ratio } from './resample-taps.js'

/**
 * The same sound at another sample rate: a polyphase FIR filter of linear phase, centred, so nothing is delayed.
 *
 *   y[i] = Σ x[k] · h[centre + i·down − k·up],  samples before the first and after the last are 0
 *
 * with h from `resamplingTaps`, up / down = new rate / old rate in lowest terms.
 * Flat to 0.9125 of the lower Nyquist frequency (7.3 kHz for 16 kHz); aliases and images are below −100 dB.
 *
 * The plain kernel sums in float64. The vector kernel sums in float32 and halves a high rate first (`halvingsOf`), which
 * takes half the products; its output is within 4e-6 of the plain one's for sound within full scale (−108 dB), and has the same
 * bits on every machine.
 *
 * @returns round(samples · up / down) samples; the same object where the rate is already right
 * @throws RangeError if a rate is not a positive integer
 */
export function resample(audio: Audio, sampleRateHz: number, kernel?: Kernel): Audio {
  const from = audio.sampleRateHz
  if (from === sampleRateHz) return audio
  for (const rate of [from, sampleRateHz]) {
    if (!Number.isInteger(rate) || rate <= 0) {
      throw new RangeError(`a sample rate is ${rate} Hz, expected a positive integer`)
    }
  }
  return { samples: resampleBy(audio.samples, rateRatio(from, sampleRateHz), kernel), sampleRateHz }
}

/**
 * Resampling by a ratio in lowest terms; see `resample`.
 *
 * @param kernel the vector kernel by default, where there is one and its table of taps for the ratio is not too large
 */
export function resampleBy(
  samples: Float32Array,
  ratio: Ratio,
  kernel: Kernel = 'wasm-simd',
): Float32Array {
  const output = kernel === 'wasm-simd' ? resampleSimd(samples, ratio) : undefined
  return output ?? resamplePlain(samples, ratio)
}
