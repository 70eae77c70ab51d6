import { aiffHeader } from './aiff-header.js'
import { auHeader } from './au-header.js'
import type { ByteSource } from './byte-source.js'
import type { CompressedKind } from './decoders/index.js'
import { isPcmKind, type PcmKind } from './pcm-kinds.js'
import type { SoundKind } from './sound-kind.js'
import { wavHeader, type WavHeader } from './wav-header.js'

/** Whether what was found is a file of plain samples. */
export function isPcm(
  found: SoundKind<PcmKind> | SoundKind<CompressedKind>,
): found is SoundKind<PcmKind> {
  return isPcmKind(found.kind)
}

/**
 * The header of a file of plain samples.
 *
 * @throws InputError naming the file: no samples, an unknown codec, a damaged header
 */
export function readPcmHeader(
  source: ByteSource,
  { kind, start, notes }: SoundKind<PcmKind>,
  fileName: string,
): WavHeader {
  const header = headerReaders[kind](source, start, fileName)
  return notes.length === 0 ? header : { ...header, notes: [...notes, ...header.notes] }
}

const headerReaders = {
  WAV: wavHeader,
  'AIFF (.aiff)': aiffHeader,
  'AIFF-C (.aifc)': aiffHeader,
  'Sun audio (.au)': auHeader,
} as const
