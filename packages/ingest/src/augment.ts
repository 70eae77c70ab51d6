import type { Audio } from '@serflow/core'
import { applyEffects } from './effects/apply.js'
import { resample } from './resample.js'
import { readAudio } from './sound.js'

/**
 * A file's bytes to one clip: mono, at the given rate, then with its effects.
 *
 * @param fileName for messages
 * @param effects empty for the original, else as `parseEffects`
 * @param utteranceId names the random draws of the effects; by default the file's name
 * @throws InputError as `readAudio`, and for effects that are none
 */
export async function readClip(
  bytes: Uint8Array,
  fileName: string,
  effects: string,
  sampleRateHz = 16000,
  utteranceId = fileName,
): Promise<Audio> {
  const { audio } = await readAudio(bytes, fileName)
  return applyEffects(resample(audio, sampleRateHz), effects, utteranceId)
}
