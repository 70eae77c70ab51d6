import type { Audio } from '@serflow/core'

/** The first channel of a plain 16-bit WAV file; no more than a test on real recordings needs. */
export function pcm16(bytes: Uint8Array): Audio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let channels = 1
  let sampleRateHz = 0
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4))
    const size = view.getUint32(at + 4, true)
    if (name === 'fmt ') {
      channels = view.getUint16(at + 10, true)
      sampleRateHz = view.getUint32(at + 12, true)
    }
    if (name === 'data') {
      const samples = Float32Array.from({ length: size / 2 / channels }, (_, n) => {
        return view.getInt16(at + 8 + 2 * n * channels, true) / 32768
      })
      return { samples, sampleRateHz }
    }
    at += 8 + size + (size % 2)
  }
  throw new Error('no data in the WAV file')
}
