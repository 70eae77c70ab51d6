import type { FLACDecoder as Package } from '@wasm-audio-decoders/flac'
import { countNote, decodedOf, quietly, release, type Decoded, type Decoder } from './decoder.js'

/**
 * FLAC up to 24 bits.
 *
 * @param head the file's first bytes, for the number of samples in STREAMINFO
 * @see RFC 9639
 */
export async function openFlac(head: Uint8Array): Promise<Decoder> {
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac')
  const decoder = renewed ?? new FLACDecoder()
  renewed = undefined
  await decoder.ready
  const expected = samplesOf(head.subarray(4))
  let decoded = 0
  let isRenewed = false
  const take = async (result: ReturnType<Package['decode']>) => {
    const pieces = asInWav(await result)
    for (const { channels } of pieces) decoded += channels[0]!.length
    return pieces
  }
  return {
    decode: (bytes) => take(quietly(() => decoder.decode(bytes))),
    async flush() {
      const last = await take(quietly(() => decoder.flush()))
      isRenewed = true
      return last
    },
    notes: () => countNote(expected, decoded),
    close() {
      if (isRenewed) renewed ??= decoder
      else release(decoder)
    },
  }
}

/** At the end of a file the package starts an instance anew, which costs more than a short file: kept for the next file. */
let renewed: Package | undefined

/**
 * The package divides by 2^(bits-1) - 1. In a WAV file a sample is worth sample / 2^(bits-1), and so it is here: a FLAC
 * copy of a recording is the same sound bit by bit.
 */
export function asInWav(
  result: Parameters<typeof decodedOf>[0] & { readonly bitDepth: number },
): readonly Decoded[] {
  const full = 2 ** (result.bitDepth - 1)
  return decodedOf(result).map(({ channels, sampleRateHz }) => ({
    channels: channels.map((c) => c.map((value) => Math.round(value * (full - 1)) / full)),
    sampleRateHz,
  }))
}

/**
 * Total samples of a STREAMINFO block with its header: 36 bits at bit 172; 0 means unknown.
 *
 * @see RFC 9639, 8.2
 */
export function samplesOf(block: Uint8Array): number | undefined {
  if (block.length < 26 || (block[0]! & 127) !== 0) return undefined
  const view = new DataView(block.buffer, block.byteOffset)
  return (view.getUint8(17) & 15) * 2 ** 32 + view.getUint32(18) || undefined
}
