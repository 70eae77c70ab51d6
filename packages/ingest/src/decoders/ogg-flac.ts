import { quietly, release, type Decoder } from './decoder.js'
import { asInWav } from './flac.js'
import { openOgg, packetsOf, type OggStream } from './ogg.js'

/**
 * FLAC in Ogg.
 *
 * @see RFC 9639, 10.1
 */
export function openOggFlac(): Promise<Decoder> {
  return Promise.resolve(
    openOgg((first) => (first.pieces[0]?.[0] === 0x7f ? openStream() : undefined)),
  )
}

async function openStream(): Promise<OggStream> {
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac')
  const decoder = new FLACDecoder()
  await decoder.ready
  const packets = packetsOf()
  return {
    async page(page) {
      // Packets of the header begin with another byte than a frame, which begins with its sync code.
      const frames = packets(page).filter((packet) => packet[0] === 0xff && packet.length > 2)
      return asInWav(await quietly(() => decoder.decodeFrames(frames)))
    },
    flush: () => Promise.resolve([]),
    close: () => release(decoder),
  }
}
