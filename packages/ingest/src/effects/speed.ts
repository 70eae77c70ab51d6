import type { Audio } from '@serflow/core'
import { resampleBy } from '../resample.js'
import type { Ratio } from '../resample-taps.js'

/**
 * The sound played faster or slower, as a tape would: speed 1.1 is 1.1 times shorter and 1.1 times higher.
 * It is resampled by 1 / speed at an unchanged rate.
 *
 * @param speed 0.5 to 2; taken as the nearest fraction with a denominator up to 1000
 * @returns round(samples / speed) samples; the same object for speed 1
 * @throws RangeError if speed is outside 0.5 to 2
 * @see Ko, Peddinti, Povey & Khudanpur 2015, "Audio augmentation for speech recognition"
 */
export function changeSpeed(audio: Audio, speed: number): Audio {
  if (!(speed >= 0.5 && speed <= 2)) throw new RangeError(`speed is ${speed}, expected 0.5 to 2`)
  if (speed === 1) return audio
  const { up, down } = fraction(speed)
  const samples = resampleBy(audio.samples, { up: down, down: up })
  return { samples, sampleRateHz: audio.sampleRateHz }
}

/** The best fraction up / down for a number, with down ≤ 1000, by continued fractions. */
function fraction(number: number): Ratio {
  let [before, up] = [0, 1]
  let [beforeDown, down] = [1, 0]
  for (let rest = number; ;) {
    const whole = Math.floor(rest)
    const nextDown = whole * down + beforeDown
    if (nextDown > 1000) break
    ;[before, up] = [up, whole * up + before]
    ;[beforeDown, down] = [down, nextDown]
    if (Math.abs(up / down - number) < 1e-12) break
    rest = 1 / (rest - whole)
  }
  return { up, down }
}
