import type { Decoder } from './decoder.js'

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
 * A decoder for one file. Its package is loaded on first use, so reading WAV alone loads none.
 *
 * @param head the first bytes of the sound, 64 KiB where there are as many
 */
export async function openDecoder(kind: CompressedKind, head: Uint8Array): Promise<Decoder> {
  switch (kind) {
    case 'FLAC (.flac)':
      return (await import('./flac.js')).openFlac(head)
    case 'MP3 (.mp3)':
      return (await import('./mp3.js')).openMp3(head)
    case 'Ogg Vorbis (.ogg)':
      return (await import('./ogg-vorbis.js')).openOggVorbis()
    case 'Ogg Opus (.opus)':
      return (await import('./ogg-opus.js')).openOggOpus()
    case 'Ogg FLAC (.oga)':
      return (await import('./ogg-flac.js')).openOggFlac()
  }
}

export function isCompressedKind(name: string): name is CompressedKind {
  return compressedKinds.some((kind) => kind === name)
}
