import { InputError } from '@serflow/core'
import type { ByteSource } from './byte-source.js'
import { howToConvert } from './conversion.js'
import { isCompressedKind, type CompressedKind } from './decoders/index.js'
import { fileKind, isVague } from './file-kind.js'
import { isPcmKind, type PcmKind } from './pcm-kinds.js'
import { behindTags, findSound } from './sound-start.js'

/** A format that is read, and where it begins in the file. */
export interface SoundKind<Kind extends PcmKind | CompressedKind> {
  readonly kind: Kind
  readonly start: number
  /** That something which is no sound lies before it. */
  readonly notes: readonly string[]
}

/**
 * Which of the formats read here a file is, told from its bytes. Tags before the sound (ID3, APE) are stepped over, and
 * with a note whatever else lies before it, as far as `findSound` looks.
 *
 * @throws InputError naming the file: it is empty, or of another kind; for other sound with the command that converts it
 */
export function soundKind(
  source: ByteSource,
  fileName: string,
): SoundKind<PcmKind> | SoundKind<CompressedKind> {
  if (source.size === 0) {
    throw new InputError(`"${fileName}" is empty (0 bytes), expected a sound file; copy it again`)
  }
  const start = behindTags(source)
  const told = fileKind(source.read(start, start + headBytes))
  const { name, sound } = told
  if (isPcmKind(name)) return { kind: name, start, notes: [] }
  if (isCompressedKind(name)) return { kind: name, start, notes: [] }
  if (!sound) {
    const found = isVague(told) ? findSound(source, start) : undefined
    // Some writers leave room behind a tag.
    if (found) return { ...found, notes: start > 0 ? [] : [beforeNote(found.start)] }
    if (start > 0) return { kind: 'MP3 (.mp3)', start, notes: [] }
    throw new InputError(
      `"${fileName}" is ${name}, not sound; expected a sound file such as WAV or FLAC; replace or remove it`,
    )
  }
  throw new InputError(
    `"${fileName}" is ${name}, which is not read here; ${howToConvert(fileName)}`,
  )
}

const headBytes = 1024

function beforeNote(bytes: number): string {
  return `damaged: ${bytes} bytes before its sound are no sound and left out`
}
