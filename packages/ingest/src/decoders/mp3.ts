import type { MPEGDecoder as Package } from 'mpg123-decoder'
import { countNote, decodedOf, type Decoded, type Decoder } from './decoder.js'
import { keptInstances } from './instances.js'
import { mp3Frames } from './mp3-frames.js'
import { mp3Samples, mp3TableBytes } from './mp3-header.js'

/**
 * MPEG-1, 2 and 2.5 audio, layers I to III. The encoder's delay and padding are cut off where the file names them (LAME
 * tag).
 *
 * @see ISO/IEC 11172-3, 13818-3
 */
export async function openMp3(): Promise<Decoder> {
  const { MPEGDecoder } = await import('mpg123-decoder')
  const lease = await instances.take('', () => new MPEGDecoder())
  const frames = mp3Frames()
  let expected: number | undefined
  let decoded = 0
  let isStart = true

  function* decode(bytes: Uint8Array): Generator<Decoded, undefined> {
    if (bytes.length === 0) return undefined
    const start = isStart ? mp3TableBytes(bytes) : 0
    if (isStart) expected = mp3Samples(bytes)
    isStart = false
    for (let at = start; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes)
      for (const each of decodedOf(lease.use((decoder) => decoder.decode(piece)))) {
        decoded += each.channels[0]!.length
        // The package gives two equal channels for frames of one.
        yield frames.isMono ? firstChannel(each) : each
      }
    }
    return undefined
  }
  return {
    decode: (bytes) => decode(frames.push(bytes)),
    flush: () => decode(frames.end()),
    notes() {
      const { bytes, cut } = frames.lost()
      if (bytes > 0) return ['damaged: some of its frames could not be read']
      return cut ? ['truncated: its last frame is not whole'] : countNote(expected, decoded)
    },
    close: () => lease.close(),
  }
}

/** 24 samples a byte at most, in layer II. */
const pieceBytes = 4096

const instances = /* @__PURE__ */ keptInstances<Package>()

function firstChannel({ channels, sampleRateHz }: Decoded): Decoded {
  return { channels: channels.slice(0, 1), sampleRateHz }
}
