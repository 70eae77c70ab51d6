import { readFile } from 'node:fs/promises'
import type { Audio } from '@serflow/core'
import { bytesSource } from './byte-source.js'
import { openCompressed } from './compressed.js'
import { levelNotes } from './levels.js'
import { resample } from './resample.js'
import { soundKind } from './sound-kind.js'
import { decodeWav, type DecodedSound } from './wav.js'

/**
 * A sound file's bytes to mono sound at the file's rate. The bytes decide the format, not the name: WAV, FLAC, MP3,
 * Ogg Vorbis, Ogg Opus and Ogg FLAC, of any rate and number of channels. The mean of the channels is taken in float64.
 * A file that is damaged or cut short gives what can be decoded, and a note.
 *
 * @param fileName for messages
 * @throws InputError naming the file: empty, no sound, no samples, a sample that is not finite; for other formats with the
 *   command that converts them
 */
export async function readAudio(bytes: Uint8Array, fileName: string): Promise<DecodedSound> {
  const source = bytesSource(bytes)
  const { kind, start } = soundKind(source, fileName)
  if (kind === 'WAV') return decodeWav(bytes, fileName)
  const sound = await openCompressed(source, start, kind, fileName)
  try {
    const pieces: Float32Array[] = []
    for (let piece = await sound.next(); piece; piece = await sound.next()) pieces.push(piece)
    const samples = concatenate(pieces)
    const { sampleRateHz, channels } = sound
    const notes = [...sound.notes(), ...levelNotes(samples, compressedFullScale)]
    return { audio: { samples, sampleRateHz }, channels, notes }
  } finally {
    sound.close()
  }
}

/** A sound file to mono sound at 16 kHz, the rate of everything behind. */
export async function readAudioFile(path: string): Promise<Audio> {
  const { audio } = await readAudio(await readFile(path), path)
  return resample(audio, 16000)
}

/** That of 16 bits, from which such files are mostly made. */
const compressedFullScale = 1 - 2 ** -15

function concatenate(pieces: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    samples.set(piece, at)
    at += piece.length
  }
  return samples
}
