import type { Decoder } from './decoder.js'
import { openFlac } from './flac.js'
import { openMp3 } from './mp3.js'
import { openOgg } from './ogg.js'
import { flacStream } from './ogg-flac.js'
import { opusStream } from './ogg-opus.js'
import { vorbisStream } from './ogg-vorbis.js'

/** Names that `fileKind` gives to the compressed formats read here. */
export const compressedKinds = [
  'FLAC (.flac)',
  'MP3 (.mp3)',
  'Ogg Vorbis (.ogg)',
  'Ogg Opus (.opus)',
  'Ogg FLAC (.oga)',
] as const
export type CompressedKind = (typeof compressedKinds)[number]

/**
 * A decoder for one file. Each loads its package on first use, so that reading WAV alone loads none: a stage is one file,
 * and there an import at the head of a module is an import at the head of all.
 */
export function openDecoder(kind: CompressedKind): Promise<Decoder> {
  switch (kind) {
    case 'FLAC (.flac)':
      return openFlac()
    case 'MP3 (.mp3)':
      return openMp3()
    case 'Ogg Vorbis (.ogg)':
    case 'Ogg Opus (.opus)':
    case 'Ogg FLAC (.oga)':
      return Promise.resolve(openOgg([vorbisStream, opusStream, flacStream]))
  }
}

export function isCompressedKind(name: string): name is CompressedKind {
  return compressedKinds.some((kind) => kind === name)
}
