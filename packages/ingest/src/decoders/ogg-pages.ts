/** A page of an Ogg file. */
export interface OggPage {
  readonly serial: number
  readonly sequence: number
  /** Position of its last sample; undefined where no packet ends in it. */
  readonly granule: number | undefined
  readonly first: boolean
  readonly last: boolean
  /** Whether its first piece goes on with a packet of the page before. */
  readonly continued: boolean
  /** Packets, or the part of one that lies in it. */
  readonly pieces: readonly Uint8Array[]
  /** Whether its last piece is the end of a packet. */
  readonly whole: boolean
  /** All of it, header included. */
  readonly bytes: Uint8Array
}

/** Pages of a file whose bytes come in order. */
export interface OggPages {
  push(bytes: Uint8Array): readonly OggPage[]
  /** Bytes that belong to no page whose check sum is right, a page that is not all there apart. */
  lost(): { readonly bytes: number }
}

/** @see RFC 3533 */
export function oggPages(): OggPages {
  let pending = new Uint8Array()
  let lost = 0
  return {
    push(bytes) {
      const joined = new Uint8Array(pending.length + bytes.length)
      joined.set(pending)
      joined.set(bytes, pending.length)
      const pages: OggPage[] = []
      let at = 0
      for (;;) {
        const start = findCapture(joined, at)
        lost += start - at
        at = start
        const size = pageSize(joined, at)
        if (size === undefined || at + size > joined.length) break
        const page = joined.subarray(at, at + size)
        if (pageCheckSum(page) === new DataView(page.buffer, page.byteOffset).getUint32(22, true)) {
          pages.push(pageOf(page))
          at += size
        } else {
          lost += 4
          at += 4
        }
      }
      pending = joined.slice(at)
      return pages
    },
    lost: () => ({ bytes: lost }),
  }
}

/** Where the next page may begin: at `OggS`, or where the bytes end in a part of it. */
function findCapture(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (capture.every((byte, i) => (bytes[at + i] ?? byte) === byte)) return at
  }
  return bytes.length
}

const capture = [0x4f, 0x67, 0x67, 0x53]
const headerBytes = 27

/** Undefined where the header is not all there. */
function pageSize(bytes: Uint8Array, at: number): number | undefined {
  const segments = bytes[at + 26]
  if (segments === undefined || at + headerBytes + segments > bytes.length) return undefined
  let size = headerBytes + segments
  for (let i = 0; i < segments; i++) size += bytes[at + headerBytes + i]!
  return size
}

function pageOf(bytes: Uint8Array): OggPage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const flags = bytes[5]!
  const granule = view.getBigInt64(6, true)
  const lacing = bytes.subarray(headerBytes, headerBytes + bytes[26]!)
  const pieces: Uint8Array[] = []
  let start = headerBytes + lacing.length
  let end = start
  lacing.forEach((size) => {
    end += size
    if (size < 255) {
      pieces.push(bytes.subarray(start, end))
      start = end
    }
  })
  const whole = start === end
  if (!whole) pieces.push(bytes.subarray(start, end))
  return {
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    granule: granule < 0n ? undefined : Number(granule),
    first: (flags & 2) !== 0,
    last: (flags & 4) !== 0,
    continued: (flags & 1) !== 0,
    pieces,
    whole,
    bytes,
  }
}

/** CRC-32 of a page with its own field as 0: polynomial 04c11db7, no reflection, no inversion. */
export function pageCheckSum(page: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : page[i]!
    sum = (sum << 8) ^ table[((sum >>> 24) ^ byte) & 255]!
  }
  return sum >>> 0
}

const table = /* @__PURE__ */ Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24
  for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1
  return sum
})

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

/** Decodes a few packets at a time: a page of 255 tiny ones is half a minute of sound. */
export function inPieces<T>(
  packets: readonly Uint8Array[],
  decode: (packets: readonly Uint8Array[]) => readonly T[],
): readonly T[] {
  const decoded: T[] = []
  for (let at = 0; at < packets.length; at += 16)
    decoded.push(...decode(packets.slice(at, at + 16)))
  return decoded
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length)
  bytes.set(left)
  bytes.set(right, left.length)
  return bytes
}
