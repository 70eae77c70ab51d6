import { readFile } from 'node:fs/promises'
import { InputError, type Audio } from '@serflow/core'
import { bytesSource, type ByteSource } from './byte-source.js'
import { openCompressed } from './compressed.js'
import { isPcm, readPcmHeader } from './pcm-header.js'
import { resample } from './resample.js'
import { soundKind } from './sound-kind.js'
import { decodeAll, type DecodedSound } from './wav.js'

/**
 * A sound file's bytes to mono sound at the file's rate. The bytes decide the format, not the name: WAV, AIFF, Sun
 * audio, FLAC, MP3, Ogg Vorbis, Ogg Opus and Ogg FLAC, of any rate and number of channels. The mean of the channels is taken in float64.
 * A file that is damaged or cut short gives what can be decoded, and a note.
 *
 * @param fileName for messages
 * @throws InputError naming the file: empty, no sound, no samples, a sample that is not finite; for other formats with the
 *   command that converts them
 */
export async function readAudio(bytes: Uint8Array, fileName: string): Promise<DecodedSound> {
  return readSound(bytesSource(bytes), fileName)
}

/**
 * `readAudio` of a file that is not in memory.
 *
 * @param mostSeconds sound that is longer is an InputError, and no more than this of it is decoded
 */
export async function readSound(
  source: ByteSource,
  fileName: string,
  mostSeconds = Infinity,
): Promise<DecodedSound> {
  const found = soundKind(source, fileName)
  if (isPcm(found)) {
    const header = readPcmHeader(source, found, fileName)
    if (header.frames > mostSeconds * header.sampleRateHz) throw tooLong(fileName, mostSeconds)
    return decodeAll(source, header, fileName)
  }
  const { kind, start, notes: before } = found
  const sound = await openCompressed(source, start, kind, fileName)
  try {
    const pieces: Float32Array[] = []
    let length = 0
    for (let piece = await sound.next(); piece; piece = await sound.next()) {
      pieces.push(piece)
      length += piece.length
      if (length > mostSeconds * sound.sampleRateHz) throw tooLong(fileName, mostSeconds)
    }
    const samples = concatenate(pieces)
    const { sampleRateHz, channels } = sound
    const notes = [...before, ...sound.notes(), ...sound.levelNotes()]
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

/** An utterance has one label; of an hour it says nothing. */
export function tooLong(fileName: string, mostSeconds: number): InputError {
  return new InputError(
    `"${fileName}" is longer than ${mostSeconds / 60} minutes, the most of an utterance; say where its utterances begin ` +
      'and end in a table with the columns start and end',
  )
}

function concatenate(pieces: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    samples.set(piece, at)
    at += piece.length
  }
  return samples
}
