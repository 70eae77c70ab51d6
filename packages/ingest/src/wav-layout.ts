import type { ByteSource } from './byte-source.js'
import { readView } from './wav-chunk.js'
import type { Chunk } from './wav-chunks.js'
import { float24, right24, sampleFormat, type SampleFormat } from './wav-samples.js'

/** Words other than 0 that are enough to tell. */
const enoughWords = 4096

/**
 * How 24 bits stand in 32 where the header is plain PCM. Three writers say the same and mean different things, which the
 * samples tell: the standard has integers in the upper 24 bits, so the lowest byte of each is 0; arecord (S24_LE) has
 * them in the lower 24, the uppermost byte being the sign; Cool Edit ("24.0 float") has floats up to 2^23.
 *
 * @see alsa-utils, aplay.c; ffmpeg, libavformat/wavdec.c (pcm_f24le)
 */
export function layoutOf24In32(source: ByteSource, data: Chunk): SampleFormat | undefined {
  let words = 0
  let areFloats = true
  let areLeft = true
  let areRight = true
  for (let at = 0; at + 4 <= data.present && words < enoughWords; at += blockBytes) {
    const length = Math.min(blockBytes, data.present - at)
    const view = readView(source, data.start + at, length - (length % 4))
    for (let i = 0; i + 4 <= view.byteLength; i += 4) {
      const word = view.getInt32(i, true)
      if (word === 0) continue
      words++
      const size = Math.abs(view.getFloat32(i, true))
      if (!(size >= leastFloat && size <= 2 ** 24)) areFloats = false
      if ((word & 255) !== 0) areLeft = false
      // The uppermost byte need not be set by the hardware.
      const top = word >> 24
      if (top !== 0 && !(top === -1 && (word & 0x800000) !== 0)) areRight = false
    }
  }
  if (words > 0 && areFloats) return float24
  return areRight && !areLeft ? right24 : sampleFormat(1, 24, 4)
}

const blockBytes = 65536
/** Of a sound with 24 bits hardly a sample but 0 is smaller; a quiet integer read as a float is beyond all bounds. */
const leastFloat = 2 ** -16
