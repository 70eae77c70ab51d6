import type { FLACDecodedAudio } from '@wasm-audio-decoders/flac'

/** The part of the package behind its reader of files, which loses all behind a damaged frame. */
export interface FrameDecoder {
  readonly ready: Promise<unknown>
  decodeFrames(frames: readonly Uint8Array[]): FLACDecodedAudio
}

/** @param reader FLACDecoder of the package */
export function frameDecoder(reader: object): FrameDecoder {
  const inner: unknown = Reflect.get(reader, '_decoder')
  if (!isInner(inner)) throw new Error('the FLAC package has no decoder of frames')
  const decodeFrames = inner.decodeFrames.bind(inner)
  inner.decodeFrames = (frames) => {
    // After each call the package frees the samples it was given: where none are, those of a call before, once more.
    inner._outputBufferPtr.buf[0] = 0
    return decodeFrames(frames)
  }
  return inner
}

interface Inner extends FrameDecoder {
  /** Of the samples, in the memory of the package. */
  readonly _outputBufferPtr: { readonly buf: Uint32Array }
}

function isInner(value: unknown): value is Inner {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'decodeFrames') === 'function'
  )
}
