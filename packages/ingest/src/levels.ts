import { InputError } from '@serflow/core'
import { peakOf } from './kernels/decode.js'

/**
 * What the samples of a whole recording tell of how it was recorded: `silent` where all are 0, `clipped` with the number
 * of samples at full scale in runs of three or more. A single sample at full scale is a peak and no clipping.
 *
 * @param fullScale the largest positive value that the file's samples can have
 */
export function levelNotes(samples: Float32Array, fullScale: number): readonly string[] {
  const peak = peakOf(samples)
  if (peak === 0) return ['silent: every sample is 0']
  if (peak < fullScale) return []
  let clipped = 0
  let run = 0
  let side = 0
  for (const sample of samples) {
    const sign = sample >= fullScale ? 1 : sample <= -fullScale ? -1 : 0
    run = sign === 0 ? 0 : sign === side ? run + 1 : 1
    side = sign
    if (run >= 3) clipped += run === 3 ? 3 : 1
  }
  return clipped === 0 ? [] : [`clipped: ${clipped} samples at full scale`]
}

/**
 * @param first place of the first of the samples in the file
 * @throws InputError naming the file and the sample that is not finite
 */
export function expectFinite(samples: Float32Array, first: number, fileName: string): void {
  if (peakOf(samples) < Infinity) return
  const bad = samples.findIndex((sample) => !Number.isFinite(sample))
  throw new InputError(
    `"${fileName}" has ${samples[bad]} at sample ${first + bad}, expected finite numbers; export it again`,
  )
}
