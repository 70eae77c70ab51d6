import { sha256, type Audio } from '@serflow/core'

/**
 * SHA-256 of the rate (unsigned, 32 bits) and the samples (float32) between digital silence at both ends, all little
 * endian as every Node platform is. Equal for one recording in another file format without loss, at more bits, or
 * with zeros before and behind it.
 *
 * @returns null for sound that is all zeros: one silence is no copy of another
 */
export function soundDigest({ samples, sampleRateHz }: Audio): string | null {
  const sounding = withoutZeros(samples)
  if (sounding.length === 0) return null
  const bytes = new Uint8Array(4 + sounding.byteLength)
  new DataView(bytes.buffer).setUint32(0, sampleRateHz, true)
  bytes.set(new Uint8Array(sounding.buffer, sounding.byteOffset, sounding.byteLength), 4)
  return sha256(bytes)
}

function withoutZeros(samples: Float32Array): Float32Array {
  const start = samples.findIndex((sample) => sample !== 0)
  if (start < 0) return samples.subarray(0, 0)
  return samples.subarray(start, samples.findLastIndex((sample) => sample !== 0) + 1)
}
