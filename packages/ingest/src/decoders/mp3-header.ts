/** The header of a frame of MPEG audio. */
export interface Mp3Header {
  readonly channels: number
  readonly sampleRateHz: number
  /** Samples a channel in a frame. */
  readonly samples: number
  readonly layer: 1 | 2 | 3
  /** Whether MPEG-1, not one of the half rates. */
  readonly full: boolean
}

/**
 * The frame header that the bytes begin with, if they do.
 *
 * @see ISO/IEC 11172-3, 2.4.1.3
 */
export function mp3Header(bytes: Uint8Array): Mp3Header | undefined {
  const [sync, second, third, fourth] = bytes
  if (sync !== 0xff || second === undefined || third === undefined || fourth === undefined) return
  const version = (second >> 3) & 3
  const layerBits = (second >> 1) & 3
  const rate = [44100, 48000, 32000][(third >> 2) & 3]
  const bitrate = third >> 4
  if ((second & 0xe0) !== 0xe0 || version === 1 || layerBits === 0 || bitrate === 15) return
  if (rate === undefined) return
  const layer = layerBits === 3 ? 1 : layerBits === 2 ? 2 : 3
  const full = version === 3
  return {
    channels: fourth >> 6 === 3 ? 1 : 2,
    sampleRateHz: full ? rate : version === 2 ? rate / 2 : rate / 4,
    samples: layer === 1 ? 384 : layer === 3 && !full ? 576 : 1152,
    layer,
    full,
  }
}

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
