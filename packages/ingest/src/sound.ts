import { readFile } from 'node:fs/promises'
import type { Audio } from '@serflow/core'
import { resample } from './resample.js'
import { decodeWav, type DecodedSound } from './wav.js'

/**
 * A sound file's bytes to mono sound at the file's rate. The bytes decide the format, not the name; WAV is read today.
 *
 * @param fileName for messages
 * @throws InputError naming the file; for sound that is not WAV it names the format and the command that converts it
 */
export function readAudio(bytes: Uint8Array, fileName: string): DecodedSound {
  return decodeWav(bytes, fileName)
}

/** A sound file to mono sound at 16 kHz, the rate of everything behind. */
export async function readAudioFile(path: string): Promise<Audio> {
  return resample(readAudio(await readFile(path), path).audio, 16000)
}
