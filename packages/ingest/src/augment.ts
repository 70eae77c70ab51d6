import type { Audio } from '@serflow/core'
import { resample, resampleBy } from './resample.js'
import type { Ratio } from './resample-taps.js'
import { readAudio } from './sound.js'

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

/**
 * A file's bytes to one clip: mono, at the given rate, then with its effects.
 *
 * @param fileName for messages
 * @param effects empty for the original, else such as `speed=0.9`
 * @throws InputError as `readAudio`
 * @throws RangeError for effects that are none
 */
export async function readClip(
  bytes: Uint8Array,
  fileName: string,
  effects: string,
  sampleRateHz = 16000,
): Promise<Audio> {
  const { audio } = await readAudio(bytes, fileName)
  return clipOf(audio, effects, sampleRateHz)
}

/**
 * The sound of one utterance, at its file's rate, to one clip: at the given rate, then with its effects.
 *
 * @throws RangeError for effects that are none
 */
export function clipOf(audio: Audio, effects: string, sampleRateHz = 16000): Audio {
  const original = resample(audio, sampleRateHz)
  return effects === '' ? original : changeSpeed(original, speedOf(effects))
}

function speedOf(effects: string): number {
  const speed = /^speed=([\d.]+)$/.exec(effects)?.[1]
  if (speed === undefined) throw new RangeError(`effects are "${effects}", expected speed=0.9`)
  return Number(speed)
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
