/**
 * What the samples of a whole recording tell of how it was recorded: `silent` where all are 0, `clipped` with the number
 * of samples at full scale in runs of three or more. A single sample at full scale is a peak and no clipping.
 *
 * @param fullScale the largest positive value that the file's samples can have
 */
export function levelNotes(samples: Float32Array, fullScale: number): readonly string[] {
  let clipped = 0
  let run = 0
  let sign = 0
  let silent = true
  for (const sample of samples) {
    if (sample !== 0) silent = false
    const side = sample >= fullScale ? 1 : sample <= -fullScale ? -1 : 0
    if (side !== 0 && side === sign) run++
    else run = side === 0 ? 0 : 1
    sign = side
    if (run === 3) clipped += 3
    else if (run > 3) clipped++
  }
  if (silent) return ['silent: every sample is 0']
  return clipped === 0 ? [] : [`clipped: ${clipped} samples at full scale`]
}
