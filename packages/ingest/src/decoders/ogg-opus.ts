import type { OpusDecoder as Package } from 'opus-decoder'
import { decodedOf, lengthOf, trimStart, type Decoded } from './decoder.js'
import { keptInstances } from './instances.js'
import type { OggStream, OpenStream } from './ogg.js'
import { oggGranules } from './ogg-granules.js'
import { inPieces, packetsOf, type OggPage } from './ogg-pages.js'

/**
 * Opus in Ogg, always at 48 kHz; the pre-skip and what lies behind the last granule position are cut off, and the output
 * gain of the header is applied. The gains in tags (R128_TRACK_GAIN), which are for players, are not.
 *
 * @see RFC 6716, RFC 7845
 */
export const opusStream: OpenStream = (first) => {
  const header = opusHeader(first.pieces[0] ?? new Uint8Array())
  return header && openStream(first, header)
}

interface OpusHeader {
  readonly channels: number
  readonly preSkip: number
  /** Factor of all samples. */
  readonly gain: number
  readonly family: number
  readonly streamCount: number
  readonly coupledStreamCount: number
  readonly channelMappingTable: number[]
}

/**
 * The output gain is in dB, a signed number with 8 bits behind the point, whatever the mapping family.
 *
 * @see RFC 7845, 5.1; for family 3, which has a matrix where others have a table, RFC 8486
 */
function opusHeader(packet: Uint8Array): OpusHeader | undefined {
  if (packet.length < 19 || !startsWith(packet, 'OpusHead')) return undefined
  const channels = packet[9]!
  const preSkip = packet[10]! + 256 * packet[11]!
  const gain = 10 ** ((((packet[17]! << 24) >> 16) + packet[16]!) / 256 / 20)
  const family = packet[18]!
  if (family === 3) return undefined
  const common = { channels, preSkip, gain, family }
  if (family === 0) {
    if (channels < 1 || channels > 2) return undefined
    const table = channels === 1 ? [0] : [0, 1]
    const coupledStreamCount = channels - 1
    return { ...common, streamCount: 1, coupledStreamCount, channelMappingTable: table }
  }
  const streamCount = packet[19] ?? 0
  const coupledStreamCount = packet[20] ?? 0
  const channelMappingTable = [...packet.subarray(21, 21 + channels)]
  const coded = streamCount + coupledStreamCount
  const known = channelMappingTable.every((index) => index === 255 || index < coded)
  if (channels < 1 || channelMappingTable.length < channels || !known) return undefined
  if (streamCount < 1 || coupledStreamCount > streamCount || coded > 255) return undefined
  return { ...common, streamCount, coupledStreamCount, channelMappingTable }
}

async function openStream(first: OggPage, header: OpusHeader): Promise<OggStream> {
  const { OpusDecoder } = await import('opus-decoder')
  const { channels, gain, family } = header
  const kind = family === 0 ? `${channels}` : undefined
  const lease = await instances.take(kind, () => new OpusDecoder({ ...header, preSkip: 0 }))
  const packets = packetsOf()
  const largest = 3840 * channels
  const granules = oggGranules(first, channels, 48000)
  let toSkip = header.preSkip
  return {
    page(page) {
      const sound = packets(page).filter(
        (packet) => packet.length > 0 && packet.length <= largest && !startsWith(packet, 'Opus'),
      )
      const decoded = inPieces(sound, (packets) =>
        decodedOf(lease.use((decoder) => decoder.decodeFrames([...packets]))),
      )
      amplify(decoded, gain)
      const pieces = granules.place(page, decoded)
      const kept = trimStart(pieces, toSkip)
      toSkip -= lengthOf(pieces) - lengthOf(kept)
      return kept
    },
    notes: () => granules.notes(),
    close: () => lease.close(),
  }
}

const instances = /* @__PURE__ */ keptInstances<Package>()

function amplify(pieces: readonly Decoded[], gain: number): void {
  if (gain === 1) return
  for (const { channels } of pieces) {
    for (const channel of channels) for (let i = 0; i < channel.length; i++) channel[i]! *= gain
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0))
}
