import { createHash } from 'node:crypto'
import type { Audio } from '@serflow/core'

/**
 * SHA-256 of the rate (unsigned, 32 bits) and the samples (float32) between digital silence at both ends, all little
 * endian as every Node platform is. Equal for one recording in another file format without loss, at more bits, or
 * with zeros before and behind it.
 *
 * @returns null for sound that is all zeros: one silence is no copy of another
 */
export function soundDigest({ samples, sampleRateHz }: Audio): string | null {
  const digest = startSoundDigest(sampleRateHz)
  digest.add(samples)
  return digest.end()
}

/** `soundDigest` of a sound that comes in pieces. */
export interface SoundDigest {
  add(samples: Float32Array): void
  end(): string | null
}

export function startSoundDigest(sampleRateHz: number): SoundDigest {
  const hash = createHash('sha256')
  const rate = new Uint8Array(4)
  new DataView(rate.buffer).setUint32(0, sampleRateHz, true)
  hash.update(rate)
  let hasBegun = false
  // Zeros that count if a sound follows.
  let zeros = 0
  return {
    add(samples) {
      const last = samples.findLastIndex((sample) => sample !== 0)
      if (last < 0) {
        zeros += samples.length
        return
      }
      const first = hasBegun ? 0 : samples.findIndex((sample) => sample !== 0)
      if (hasBegun) addZeros(hash, zeros)
      hasBegun = true
      zeros = samples.length - 1 - last
      const sounding = samples.subarray(first, last + 1)
      hash.update(new Uint8Array(sounding.buffer, sounding.byteOffset, sounding.byteLength))
    },
    end: () => (hasBegun ? hash.digest('hex') : null),
  }
}

const silence = new Uint8Array(65536)

function addZeros(hash: ReturnType<typeof createHash>, count: number): void {
  for (let left = 4 * count; left > 0; left -= silence.length) {
    hash.update(silence.subarray(0, Math.min(left, silence.length)))
  }
}
