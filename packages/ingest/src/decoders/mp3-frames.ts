import { UnreadableSound } from './decoder.js'
import {
  isFrameChain,
  mostChainBytes,
  mp3Header,
  sameStream,
  type Mp3Header,
} from './mp3-header.js'

/** Frames of MPEG audio out of bytes that come in order. */
export interface Mp3Frames {
  /**
   * Whole frames, one behind the other, of one stream.
   *
   * @throws UnreadableSound where a stream of another rate or layer follows
   */
  push(bytes: Uint8Array): Uint8Array
  /** What is left after the last byte. */
  end(): Uint8Array
  /** Header of the first frame. */
  readonly first: Mp3Header | undefined
  /** Whether all frames so far have one channel. */
  readonly isMono: boolean
  /** Bytes between frames that are none, and whether the last frame lacks its end. */
  lost(): { readonly bytes: number; readonly cut: boolean }
}

/**
 * A header alone is eleven bits that any data may have. So a frame counts where one like it comes before or behind it, or
 * where the file is this one frame. Tags and rubbish at both ends are left out, and a decoder never sees them.
 */
export function mp3Frames(): Mp3Frames {
  let pending: Uint8Array = new Uint8Array()
  let first: Mp3Header | undefined
  /** Whether the frame before ended where `pending` begins. */
  let locked = false
  let skipped = 0
  let lost = 0
  let cut = false
  let isMono = true

  function take(bytes: Uint8Array, atEnd: boolean): Uint8Array {
    const joined = new Uint8Array(pending.length + bytes.length)
    joined.set(pending)
    joined.set(bytes, pending.length)
    const frames = new Uint8Array(joined.length)
    let filled = 0
    let at = 0
    while (at + 4 <= joined.length) {
      const header = mp3Header(joined.subarray(at, at + 4))
      const fits = header !== undefined && (first === undefined || sameStream(first, header))
      const end = at + (fits ? header.bytes : 0)
      if (fits && !atEnd && end + 4 > joined.length) break
      if (fits && isFrame(joined, header, at, end)) {
        lost += first ? skipped : 0
        skipped = 0
        first ??= header
        locked = true
        isMono &&= header.channels === 1
        frames.set(joined.subarray(at, end), filled)
        filled += end - at
        at = end
        continue
      }
      if (header && first && !fits) {
        if (!atEnd && at + mostChainBytes > joined.length) break
        if (isFrameChain(joined, at)) throw new UnreadableSound(twoStreams(first, header))
      }
      if (fits && locked && end > joined.length) cut = true
      locked = false
      skipped++
      at++
    }
    pending = joined.slice(at)
    return frames.subarray(0, filled)
  }

  function isFrame(bytes: Uint8Array, header: Mp3Header, at: number, end: number): boolean {
    if (end > bytes.length) return false
    if (locked || (at === 0 && skipped === 0 && end === bytes.length)) return true
    const next = mp3Header(bytes.subarray(end, end + 4))
    return next !== undefined && sameStream(header, next)
  }

  return {
    push: (bytes) => take(bytes, false),
    end: () => take(new Uint8Array(), true),
    get first() {
      return first
    },
    get isMono() {
      return isMono
    },
    lost: () => ({ bytes: lost, cut }),
  }
}

function twoStreams(...streams: readonly Mp3Header[]): string {
  const [left, right] = streams.map(
    ({ sampleRateHz, layer }) => `${sampleRateHz} Hz in layer ${layer}`,
  )
  return `two streams one behind the other, ${left} and ${right}`
}
