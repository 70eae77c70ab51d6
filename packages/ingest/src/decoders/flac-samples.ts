import { UnreadableSound } from './decoder.js'
import type { FlacHeader, FlacInfo } from './flac-header.js'
import { frameDecoder, type FrameDecoder } from './flac-package.js'
import { keptInstances } from './instances.js'

/** Decodes whole frames of FLAC. */
export interface FlacSamples {
  /** A stream begins: what the headers of its frames may leave out. */
  open(info: FlacInfo): void
  /**
   * One array a channel, values in -1..1: a sample of n bits is worth sample / 2^(n-1), as in a WAV file, so that a FLAC
   * copy of a recording is the same sound bit by bit. Samples of 32 bits are rounded to float32.
   *
   * @param frame all its bytes, and no other
   * @returns undefined where they are no frame, though its header is one
   * @throws UnreadableSound for samples of another number of bits than 8, 16, 24 and 32
   */
  decode(frame: Uint8Array, header: FlacHeader): readonly Float32Array[] | undefined
  close(): void
}

export async function flacSamples(): Promise<FlacSamples> {
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac')
  const lease = await instances.take('', () => frameDecoder(new FLACDecoder()))
  let info: FlacInfo | undefined

  function renew(): void {
    lease.renew()
    if (info) lease.use((decoder) => decoder.decodeFrames([info!.stream]))
  }
  /** Renews the decoder where it fails: it then waits for more bytes, or has given up. */
  function attempt(frame: Uint8Array, header: FlacHeader): readonly Float32Array[] | undefined {
    const { channelData, samplesDecoded, errors } = lease.use((decoder) =>
      decoder.decodeFrames([frame]),
    )
    const isWhole = samplesDecoded === header.blockSamples && errors.length === 0
    if (isWhole && channelData.length === header.channels) return channelData
    renew()
    return undefined
  }
  return {
    open(opened) {
      info = opened
      renew()
    },
    decode(frame, header) {
      const { depth } = header
      const largest = largestOf.get(depth)
      if (largest === undefined) {
        throw new UnreadableSound(`samples of ${depth} bits; 8, 16, 24 and 32 bits are read`)
      }
      if (frame.length > mostBytes) {
        throw new UnreadableSound(`frames of more than ${mostBytes} bytes`)
      }
      // It takes a gap between frames amiss; as new, it knows of none.
      const channelData = attempt(frame, header) ?? attempt(frame, header)
      for (const samples of channelData ?? []) rescale(samples, largest, 2 ** (1 - depth))
      return channelData
    },
    close: () => lease.close(),
  }
}

/** What the package divides samples by, in float32: the largest one. It knows no other depths. */
const largestOf = new Map(
  [8, 16, 24, 32].map((depth) => [depth, Math.fround(2 ** (depth - 1) - 1)]),
)

/** What the package takes in one piece. */
const mostBytes = 65535 * 8

/** Samples of up to 24 bits are whole numbers again before they are scaled. */
function rescale(samples: Float32Array, largest: number, scale: number): void {
  if (largest * scale === 1) return
  for (let i = 0; i < samples.length; i++) samples[i] = Math.round(samples[i]! * largest) * scale
}

const instances = /* @__PURE__ */ keptInstances<FrameDecoder>()
