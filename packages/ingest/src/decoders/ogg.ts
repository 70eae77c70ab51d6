import type { Decoded, Decoder } from './decoder.js'
import { oggPages, type OggPage } from './ogg-pages.js'

/** A decoder of one logical stream of an Ogg file, from its first page to its last. */
export interface OggStream {
  page(page: OggPage): Promise<readonly Decoded[]>
  flush(): Promise<readonly Decoded[]>
  close(): void
}

/**
 * The sound of an Ogg file. Streams that follow each other (a recorded broadcast) are one sound; of streams side by
 * side the first one that fits is taken. Pages with a wrong check sum are left out, so that a decoder sees none.
 *
 * @param open opens the stream that begins with a page; undefined where it is of another kind
 */
export function openOgg(open: (first: OggPage) => Promise<OggStream> | undefined): Decoder {
  const pages = oggPages()
  let stream: OggStream | undefined
  let serial = -1
  let sequence = 0
  let ended = false
  let gaps = 0

  async function take(page: OggPage): Promise<readonly Decoded[]> {
    const before: Decoded[] = []
    if (page.first && (stream === undefined || ended)) {
      const next = open(page)
      if (next) {
        if (stream) before.push(...(await stream.flush()))
        stream?.close()
        stream = await next
        serial = page.serial
        sequence = page.sequence
        ended = false
      }
    }
    if (stream === undefined || page.serial !== serial || ended) return before
    if (page.sequence !== sequence) gaps++
    sequence = page.sequence + 1
    ended = page.last
    return [...before, ...(await stream.page(page))]
  }

  return {
    async decode(bytes) {
      const decoded: Decoded[] = []
      for (const page of pages.push(bytes)) decoded.push(...(await take(page)))
      return decoded
    },
    flush: async () => (stream ? stream.flush() : []),
    notes() {
      const lost = pages.lost()
      if (gaps > 0 || lost.bytes > 0) return ['damaged: some of its pages could not be read']
      return ended ? [] : ['truncated: its last page is missing']
    },
    close: () => stream?.close(),
  }
}

/** Whole packets of the pages of one stream. */
export function packetsOf(): (page: OggPage) => readonly Uint8Array[] {
  let begun: Uint8Array | undefined
  let next = 0
  return ({ pieces, continued, whole, sequence }) => {
    const parts = [...pieces]
    if (continued) {
      const rest = parts[0]
      // The beginning was on a page that is lost.
      if (begun === undefined || sequence !== next || rest === undefined) parts.shift()
      else parts[0] = joined(begun, rest)
    }
    next = sequence + 1
    begun = whole ? undefined : parts.pop()
    return parts
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length)
  bytes.set(left)
  bytes.set(right, left.length)
  return bytes
}

/** The pieces without their last samples. */
export function trimEnd(pieces: readonly Decoded[], samples: number): readonly Decoded[] {
  const keep = lengthOf(pieces) - samples
  let at = 0
  return pieces.flatMap((piece) => {
    const end = keep - at
    at += piece.channels[0]?.length ?? 0
    return cut(piece, 0, Math.max(0, end))
  })
}

/** The pieces without their first samples. */
export function trimStart(pieces: readonly Decoded[], samples: number): readonly Decoded[] {
  let left = samples
  return pieces.flatMap((piece) => {
    const length = piece.channels[0]?.length ?? 0
    const start = Math.min(left, length)
    left -= start
    return cut(piece, start, length)
  })
}

function cut(piece: Decoded, start: number, end: number): readonly Decoded[] {
  const channels = piece.channels.map((channel) => channel.subarray(start, end))
  return channels[0] && channels[0].length > 0 ? [{ ...piece, channels }] : []
}

export function lengthOf(pieces: readonly Decoded[]): number {
  return pieces.reduce((sum, { channels }) => sum + (channels[0]?.length ?? 0), 0)
}
