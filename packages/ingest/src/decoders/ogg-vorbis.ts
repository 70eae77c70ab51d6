import type { OggVorbisDecodedAudio } from '@wasm-audio-decoders/ogg-vorbis'
import { decodedOf } from './decoder.js'
import { keptInstances } from './instances.js'
import type { OggStream, OpenStream } from './ogg.js'
import { oggGranules } from './ogg-granules.js'
import { inPieces, packetsOf, type OggPage } from './ogg-pages.js'

/**
 * Vorbis in Ogg; what lies behind the last granule position is cut off.
 *
 * @see Vorbis I specification, Xiph.org
 */
export const vorbisStream: OpenStream = (first) => {
  const head = first.pieces[0] ?? new Uint8Array()
  const isVorbis = [...'\x01vorbis'].every((letter, i) => head[i] === letter.charCodeAt(0))
  // Without channels or a rate it is none.
  if (!isVorbis || head.length < 30 || !head[11] || rateOf(head) === 0) return
  return openStream(first, head)
}

async function openStream(first: OggPage, head: Uint8Array): Promise<OggStream> {
  const { OggVorbisDecoder } = await import('@wasm-audio-decoders/ogg-vorbis')
  const kind = head[11]! <= 2 ? '' : undefined
  const lease = await instances.take(kind, () => packetDecoder(new OggVorbisDecoder()))
  lease.use((decoder) => decoder.sendSetupHeader(head))
  const packets = packetsOf()
  let isReady = false
  const granules = oggGranules(first, head[11]!, rateOf(head))
  return {
    page(page) {
      const whole = packets(page).filter(({ length }) => length > 0 && length <= largestPacket)
      // Headers have odd types; the comments are of no use.
      const setup = whole.find((packet) => packet[0] === 5)
      if (setup && !isReady) {
        isReady = true
        lease.use((decoder) => {
          decoder.sendSetupHeader(setup)
          decoder.initDsp()
        })
      }
      const sound = whole.filter((packet) => packet[0]! % 2 === 0)
      const pieces = inPieces(isReady ? sound : [], (packets) =>
        decodedOf(lease.use((decoder) => decoder.decodePackets(packets))),
      )
      return granules.place(page, pieces)
    },
    notes: () => granules.notes(),
    close: () => lease.close(),
  }
}

function rateOf(head: Uint8Array): number {
  const { buffer, byteOffset } = head
  return new DataView(buffer, byteOffset + 12, 4).getUint32(0, true)
}

/** What the package has room for. */
const largestPacket = 2 ** 17

/** The part of the package behind its reader of Ogg, which is slow and takes broken pages amiss. */
interface PacketDecoder {
  readonly ready: Promise<unknown>
  sendSetupHeader(packet: Uint8Array): void
  initDsp(): void
  decodePackets(packets: readonly Uint8Array[]): OggVorbisDecodedAudio
}

function packetDecoder(reader: object): PacketDecoder {
  const inner: unknown = Reflect.get(reader, '_decoder')
  if (!isPacketDecoder(inner)) throw new Error('the Vorbis package has no decoder of packets')
  return inner
}

function isPacketDecoder(value: unknown): value is PacketDecoder {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['sendSetupHeader', 'initDsp', 'decodePackets'].every(
      (name) => typeof Reflect.get(value, name) === 'function',
    )
  )
}

const instances = /* @__PURE__ */ keptInstances<PacketDecoder>()
