import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMono, sampleFormat } from './wav-samples.js'

const layouts = [16, 24].flatMap((bits) => [1, 2, 3].map((channels) => [bits, channels] as const))

test.each(layouts)(
  '%i bits, %i channels: vectors give the bits of the plain loop',
  (bits, channels) => {
    const format = sampleFormat(1, bits, bits / 8)!
    const length = fc.constantFrom(0, 1, 2, 3, 5, 8, 100, 4095, 4096, 4097, 9000)
    fc.assert(
      fc.property(length, fc.nat(255), fc.boolean(), (frames, seed, odd) => {
        const bytes = frames * channels * format.bytes
        // Any byte value in any place, the least and greatest integer among them, at an odd offset of memory too.
        const data = Uint8Array.from(
          { length: bytes + 1 },
          (_, i) => (i * i * 31 + seed * (i >> 3)) >> 2,
        )
        data.fill(0xff, 0, Math.min(bytes, 12))
        if (bytes > 40) data.set([0, 0x80, 0xff, 0x7f, 0, 0, 0x80, 0xff, 0xff, 0x7f], 20)
        const part = odd ? data.subarray(1) : data.subarray(0, bytes)
        const simd = readMono(part, format, channels, frames, 'wasm-simd')
        const plain = readMono(part, format, channels, frames, 'plain')
        expect(Buffer.from(simd.buffer)).toEqual(Buffer.from(plain.buffer))
      }),
      { numRuns: 30 },
    )
  },
)
