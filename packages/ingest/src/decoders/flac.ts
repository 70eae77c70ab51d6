import type { Decoded, Decoder } from './decoder.js'
import { flacFrame } from './flac-frame.js'
import { flacHeader, flacInfo, flacMark, longestHeader, type FlacInfo } from './flac-header.js'
import { flacSamples } from './flac-samples.js'
import { flacTimeline } from './flac-timeline.js'

/**
 * FLAC of 8, 16, 24 and 32 bits. A frame counts if both its check sums are right; behind one that is damaged the next
 * is looked for, and what is lost is silence. Streams that follow each other are one sound.
 *
 * @see RFC 9639
 */
export async function openFlac(): Promise<Decoder> {
  const timeline = flacTimeline()
  const samples = await flacSamples()
  let pending: Uint8Array = new Uint8Array()
  /** Bytes of the file before `pending`. */
  let before = 0
  let info: FlacInfo | undefined
  /** Where the next block of metadata should begin, at last the first frame; then the frame behind the one before. */
  let next = 0
  let inMetadata = false
  /** Whether bytes since the last frame are lost, and whether a frame begins with them. */
  let torn = false
  let cut = false

  function* take(bytes: Uint8Array, atEnd: boolean): Generator<Decoded, undefined> {
    const size = pending.length + bytes.length
    const joined = new Uint8Array(size)
    joined.set(pending)
    joined.set(bytes, pending.length)
    let at = 0
    while (at < size && (atEnd || at + streamHead <= size)) {
      const opened = streamAt(joined, at)
      if (opened) {
        info = opened
        timeline.open(opened, cut)
        samples.open(opened)
        inMetadata = true
        torn = cut = false
        at += 4
        next = before + at
      }
      if (inMetadata && before + at === next) {
        inMetadata = joined[at]! < 128
        next += 4 + joined[at + 1]! * 65536 + joined[at + 2]! * 256 + joined[at + 3]!
        at = candidate(joined, at + 1, next - before)
        continue
      }
      const frame = flacFrame(joined, at, info, samples, atEnd)
      if (frame === 'more') break
      if (frame) {
        yield* timeline.place(frame, torn, before + frame.end)
        torn = cut = inMetadata = false
        at = frame.end
        next = before + at
        continue
      }
      torn ||= before + at >= next
      cut ||= before + at === next && flacHeader(joined, at, info) !== undefined
      at = candidate(joined, at + 1, next - before)
    }
    before += at
    pending = joined.slice(at)
    return undefined
  }
  return {
    decode: (bytes) => take(bytes, false),
    flush: () => take(new Uint8Array(), true),
    notes: () => timeline.notes(cut),
    close: () => samples.close(),
  }
}

/** Bytes that a look at a place needs: the mark of a stream and STREAMINFO, or the header of a frame. */
const streamHead = Math.max(4 + 38, longestHeader)

function streamAt(bytes: Uint8Array, at: number): FlacInfo | undefined {
  return flacMark(bytes, at) ? flacInfo(bytes.subarray(at + 4)) : undefined
}

/** The next place where a frame or a stream may begin, or another that is asked for, or the end. */
function candidate(bytes: Uint8Array, from: number, asked: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (at === asked || (byte === 0xff && (bytes[at + 1] ?? 0xf8) >> 1 === 0x7c)) return at
    if (byte === 0x66 && flacMark(bytes, at)) return at
  }
  return bytes.length
}
