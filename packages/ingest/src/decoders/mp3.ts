import { countNote, decodedOf, quietly, release, type Decoded, type Decoder } from './decoder.js'
import { mp3Header, mp3Samples } from './mp3-header.js'

/**
 * MPEG-1, 2 and 2.5 audio, layers I to III. The encoder's delay and padding are cut off where the file names them (LAME
 * tag).
 *
 * @param head the file's first bytes behind any ID3 tag
 * @see ISO/IEC 11172-3, 13818-3
 */
export async function openMp3(head: Uint8Array): Promise<Decoder> {
  const { MPEGDecoder } = await import('mpg123-decoder')
  const decoder = new MPEGDecoder()
  await decoder.ready
  const header = mp3Header(head)
  const expected = mp3Samples(head)
  let decoded = 0
  return {
    async decode(bytes) {
      const pieces = decodedOf(quietly(() => decoder.decode(bytes)))
      for (const { channels } of pieces) decoded += channels[0]!.length
      // The package gives two equal channels for a mono file.
      return header?.channels === 1 ? pieces.map(firstChannel) : pieces
    },
    flush: () => Promise.resolve([]),
    notes: () => countNote(expected, decoded),
    close: () => release(decoder),
  }
}

function firstChannel({ channels, sampleRateHz }: Decoded): Decoded {
  return { channels: channels.slice(0, 1), sampleRateHz }
}
