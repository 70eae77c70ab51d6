import { decodedOf, quietly, release, type Decoder } from './decoder.js'
import { lengthOf, openOgg, packetsOf, trimEnd, trimStart, type OggStream } from './ogg.js'
import type { OggPage } from './ogg-pages.js'

/**
 * Opus in Ogg, always at 48 kHz; the pre-skip and what lies behind the last granule position are cut off.
 *
 * @see RFC 6716, RFC 7845
 */
export function openOggOpus(): Promise<Decoder> {
  return Promise.resolve(
    openOgg((first) => {
      const header = opusHeader(first.pieces[0] ?? new Uint8Array())
      return header && openStream(header)
    }),
  )
}

interface OpusHeader {
  readonly channels: number
  readonly preSkip: number
  readonly streamCount: number
  readonly coupledStreamCount: number
  readonly channelMappingTable: number[]
}

/** @see RFC 7845, 5.1 */
function opusHeader(packet: Uint8Array): OpusHeader | undefined {
  if (packet.length < 19 || !startsWith(packet, 'OpusHead')) return undefined
  const channels = packet[9]!
  const preSkip = packet[10]! + 256 * packet[11]!
  if (packet[18] === 0) {
    if (channels < 1 || channels > 2) return undefined
    const table = channels === 1 ? [0] : [0, 1]
    const coupledStreamCount = channels - 1
    return { channels, preSkip, streamCount: 1, coupledStreamCount, channelMappingTable: table }
  }
  const streamCount = packet[19] ?? 0
  const coupledStreamCount = packet[20] ?? 0
  const channelMappingTable = [...packet.subarray(21, 21 + channels)]
  const coded = streamCount + coupledStreamCount
  const known = channelMappingTable.every((index) => index === 255 || index < coded)
  if (channels < 1 || channelMappingTable.length < channels || !known) return undefined
  if (streamCount < 1 || coupledStreamCount > streamCount || coded > 255) return undefined
  return { channels, preSkip, streamCount, coupledStreamCount, channelMappingTable }
}

async function openStream(header: OpusHeader): Promise<OggStream> {
  const { OpusDecoder } = await import('opus-decoder')
  const decoder = new OpusDecoder({ ...header, preSkip: 0 })
  await decoder.ready
  const packets = packetsOf()
  const largest = 3840 * header.channels
  let decoded = 0
  let toSkip = header.preSkip
  // A stream cut out of a longer one begins at a later position.
  let start: number | undefined

  return {
    page(page: OggPage) {
      const sound = packets(page).filter(
        (packet) => packet.length > 0 && packet.length <= largest && !startsWith(packet, 'Opus'),
      )
      if (sound.length === 0) return Promise.resolve([])
      const pieces = decodedOf(quietly(() => decoder.decodeFrames(sound)))
      decoded += lengthOf(pieces)
      const skipped = trimStart(pieces, toSkip)
      toSkip -= lengthOf(pieces) - lengthOf(skipped)
      if (page.granule === undefined) return Promise.resolve(skipped)
      start ??= page.last ? 0 : Math.max(0, page.granule - decoded)
      const surplus = page.last ? Math.max(0, decoded - (page.granule - start)) : 0
      return Promise.resolve(trimEnd(skipped, surplus))
    },
    flush: () => Promise.resolve([]),
    close: () => release(decoder),
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0))
}
