import { InputError } from '@serflow/core'
import type { ByteSource } from './byte-source.js'
import { isCompressedKind, type CompressedKind } from './decoders/index.js'
import { fileKind } from './file-kind.js'

/** A format that is read, and where it begins in the file. */
export interface SoundKind {
  readonly kind: 'WAV' | CompressedKind
  readonly start: number
}

/**
 * Which of the formats read here a file is, told from its bytes; ID3 tags before the sound are stepped over.
 *
 * @throws InputError naming the file: it is empty, or of another kind; for other sound with the command that converts it
 */
export function soundKind(source: ByteSource, fileName: string): SoundKind {
  if (source.size === 0) {
    throw new InputError(`"${fileName}" is empty (0 bytes), expected a sound file; copy it again`)
  }
  const start = behindTags(source)
  const { name, sound } = fileKind(source.read(start, start + 512))
  if (name === 'WAV' || isCompressedKind(name)) return { kind: name, start }
  // Some writers leave room behind the tag; the decoder looks for the first frame.
  if (start > 0) return { kind: 'MP3 (.mp3)', start }
  if (!sound) {
    throw new InputError(
      `"${fileName}" is ${name}, not sound; expected a sound file such as WAV or FLAC; replace or remove it`,
    )
  }
  throw new InputError(
    `"${fileName}" is ${name}, which is not read here; ${howToConvert(fileName)}`,
  )
}

/** The command that makes a WAV file of any sound. */
export function howToConvert(fileName: string): string {
  const stem = fileName.replace(/\.[^./\\]*$/, '')
  return `convert it: ffmpeg -i "${fileName}" -c:a pcm_s16le "${stem}-pcm.wav"`
}

/**
 * Where ID3v2 tags end. Their size is four bytes of seven bits; a footer adds 10 bytes.
 *
 * @see https://id3.org/id3v2.4.0-structure
 */
function behindTags(source: ByteSource): number {
  let at = 0
  for (let tag = 0; tag < 8; tag++) {
    const head = source.read(at, at + 10)
    if (head.length < 10 || head[0] !== 0x49 || head[1] !== 0x44 || head[2] !== 0x33) break
    const size = head.subarray(6).reduce((sum, byte) => sum * 128 + (byte & 127), 0)
    at += 10 + size + ((head[5]! & 16) !== 0 ? 10 : 0)
  }
  return at
}
