import { decodedOf, quietly, release, type Decoder } from './decoder.js'
import { openOgg, type OggStream } from './ogg.js'

/**
 * Vorbis in Ogg; what lies behind the last granule position is cut off.
 *
 * @see Vorbis I specification, Xiph.org
 */
export function openOggVorbis(): Promise<Decoder> {
  return Promise.resolve(
    openOgg((first) => {
      const head = first.pieces[0] ?? new Uint8Array()
      const vorbis = [...'\x01vorbis'].every((letter, i) => head[i] === letter.charCodeAt(0))
      return vorbis ? openStream() : undefined
    }),
  )
}

async function openStream(): Promise<OggStream> {
  const { OggVorbisDecoder } = await import('@wasm-audio-decoders/ogg-vorbis')
  const decoder = new OggVorbisDecoder()
  await decoder.ready
  return {
    page: async ({ bytes }) => decodedOf(await quietly(() => decoder.decode(bytes))),
    flush: async () => decodedOf(await quietly(() => decoder.flush())),
    close: () => release(decoder),
  }
}
