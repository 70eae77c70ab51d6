/** The header of a frame of MPEG audio. */
export interface Mp3Header {
  readonly channels: number
  readonly sampleRateHz: number
  /** Samples a channel in a frame. */
  readonly samples: number
  readonly layer: 1 | 2 | 3
  /** Whether MPEG-1, not one of the half rates. */
  readonly full: boolean
  /** Of the frame, header included. */
  readonly bytes: number
}

/**
 * The frame header that the bytes begin with, if they do.
 *
 * @see ISO/IEC 11172-3, 2.4.1.3
 */
export function mp3Header(bytes: Uint8Array): Mp3Header | undefined {
  const [, second, third, fourth] = bytes
  if (!isMpegHeader(bytes) || fourth === undefined) return
  const version = (second! >> 3) & 3
  const layerBits = (second! >> 1) & 3
  const rate = rates[(third! >> 2) & 3]!
  const bitrate = third! >> 4
  const layer = layerBits === 3 ? 1 : layerBits === 2 ? 2 : 3
  const full = version === 3
  const samples = layer === 1 ? 384 : layer === 3 && !full ? 576 : 1152
  const sampleRateHz = full ? rate : version === 2 ? rate / 2 : rate / 4
  const kbps = (full ? bitrates[layer] : layer === 1 ? halfBitrates1 : halfBitrates)[bitrate]
  // 0 is "free format", which no encoder in use writes.
  if (!kbps) return
  // Layer I counts in slots of four bytes.
  const slot = layer === 1 ? 4 : 1
  const slots = Math.floor((samples * 125 * kbps) / sampleRateHz / slot) + ((third! >> 1) & 1)
  return {
    channels: fourth >> 6 === 3 ? 1 : 2,
    sampleRateHz,
    samples,
    layer,
    full,
    bytes: slots * slot,
  }
}

const rates = [44100, 48000, 32000] as const

/** Whether bytes begin with eleven set bits and none of the values that no header has. */
export function isMpegHeader([sync, second = 0, third = 0]: Uint8Array): boolean {
  const isSync = sync === 0xff && (second & 0xe0) === 0xe0
  const hasVersionAndLayer = ((second >> 3) & 3) !== 1 && ((second >> 1) & 3) !== 0
  return isSync && hasVersionAndLayer && third >> 4 !== 15 && ((third >> 2) & 3) !== 3
}

/** Whether two frames can follow each other in one file. */
export function sameStream(left: Mp3Header, right: Mp3Header): boolean {
  return (
    left.layer === right.layer &&
    left.full === right.full &&
    left.sampleRateHz === right.sampleRateHz
  )
}

/** Frames of MPEG audio in a row that cannot be chance. */
const enoughFrames = 3
/** Bytes that so many of the longest frames have, and their headers. */
export const mostChainBytes = enoughFrames * 2881

/** Whether frames of one stream begin at a place, one behind the other. */
export function isFrameChain(bytes: Uint8Array, start = 0): boolean {
  const first = mp3Header(bytes.subarray(start, start + 4))
  let at = start
  for (let frame = 0; frame < enoughFrames; frame++) {
    const header = mp3Header(bytes.subarray(at, at + 4))
    if (!first || !header || !sameStream(first, header)) return false
    at += header.bytes
  }
  return true
}

/** In kbit/s by the header's four bits; for MPEG-2 and 2.5 the layers II and III share one. */
const bitrates = {
  1: [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
} as const
const halfBitrates1 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256]
const halfBitrates = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

/**
 * Samples a channel of the whole file, where its first frame is an encoder's note of them (Xing or Info, with LAME's
 * delay and padding).
 *
 * @see http://gabriel.mp3-tech.org/mp3infotag.html
 */
export function mp3Samples(bytes: Uint8Array): number | undefined {
  const header = mp3Header(bytes)
  if (!header || header.layer !== 3) return undefined
  const sideInfo = header.full ? (header.channels === 1 ? 17 : 32) : header.channels === 1 ? 9 : 17
  const at = 4 + sideInfo
  if (bytes.length < at + 144) return undefined
  const name = String.fromCharCode(...bytes.subarray(at, at + 4))
  if (name !== 'Xing' && name !== 'Info') return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const flags = view.getUint32(at + 4)
  if ((flags & 1) === 0) return undefined
  const frames = view.getUint32(at + 8)
  // Frames, bytes, table of contents and quality are each there or not; LAME's part follows them.
  const lame = at + 8 + 4 + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0)
  const delays = lame + 25 <= bytes.length && bytes[lame] !== 0 ? view.getUint32(lame + 21) : 0
  const delay = delays >>> 20
  const padding = (delays >>> 8) & 0xfff
  const samples = frames * header.samples - delay - padding
  return samples > 0 ? samples : undefined
}

/**
 * Bytes of the first frame where it is no sound, but an encoder's table of places to seek to (VBRI, which the decoder takes
 * for silence), else 0.
 */
export function mp3TableBytes(bytes: Uint8Array): number {
  const name = String.fromCharCode(...bytes.subarray(36, 40))
  return name === 'VBRI' ? (mp3Header(bytes)?.bytes ?? 0) : 0
}
