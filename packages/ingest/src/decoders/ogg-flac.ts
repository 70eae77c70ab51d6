import type { Decoded } from './decoder.js'
import { flacFrame } from './flac-frame.js'
import { flacInfo } from './flac-header.js'
import { flacSamples } from './flac-samples.js'
import { flacTimeline } from './flac-timeline.js'
import type { OggStream, OpenStream } from './ogg.js'
import { packetsOf } from './ogg-pages.js'

/**
 * FLAC in Ogg: each packet is a frame. What is lost is silence.
 *
 * @see RFC 9639, 10.1
 */
export const flacStream: OpenStream = (first) => {
  const [head] = first.pieces
  return head?.[0] === 0x7f ? openStream(head) : undefined
}

async function openStream(head: Uint8Array): Promise<OggStream> {
  const info = flacInfo(head.subarray(13))
  const timeline = flacTimeline()
  const samples = await flacSamples()
  if (info) {
    timeline.open(info, false)
    samples.open(info)
  }
  const packets = packetsOf()
  let sequence: number | undefined
  let torn = false
  let seen = 0
  return {
    page(page) {
      torn ||= sequence !== undefined && page.sequence !== sequence
      sequence = page.sequence + 1
      seen += page.bytes.length
      const decoded: Decoded[] = []
      for (const packet of packets(page)) {
        // Packets of the header begin with another byte than a frame, which begins with its sync code.
        if (packet[0] !== 0xff || packet.length <= 2) continue
        const frame = flacFrame(packet, 0, info, samples, true)
        if (frame === undefined || frame === 'more') {
          torn = true
          continue
        }
        decoded.push(...timeline.place(frame, torn, seen))
        torn = false
      }
      return decoded
    },
    notes: () => timeline.notes(false),
    close: () => samples.close(),
  }
}
