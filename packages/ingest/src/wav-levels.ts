import { integerPeak } from './kernels/decode.js'
import { channelNotes, startChannelLevels } from './levels.js'
import { readChannels, type SampleFormat } from './wav-samples.js'

/** Levels of plain samples in their order; see `channelNotes`. */
export interface WavLevels {
  /**
   * @param data whole frames
   * @param mono their mean
   */
  add(data: Uint8Array, mono: Float32Array): void
  /** Floats above full scale are no clipping; they are told by the loudest. */
  notes(): readonly string[]
}

export function startWavLevels(format: SampleFormat, channels: number): WavLevels {
  const levels = startChannelLevels(format.fullScale)
  const nothing = Array.from({ length: channels }, () => new Float32Array())
  let isSilent = true
  return {
    add(data, mono) {
      if (mono.length === 0) return
      // Mostly the first samples tell.
      const isZero = mono.every((sample) => sample === 0)
      isSilent &&= isZero
      if (channels === 1 && !format.integer) levels.add([mono])
      else if (isZero || reachesFullScale(data, format)) {
        for (let first = 0; first < mono.length; first += blockFrames) {
          const frames = Math.min(blockFrames, mono.length - first)
          levels.add(readChannels(data, format, channels, first, frames))
        }
      } else levels.add(nothing)
    },
    notes() {
      if (format.float && levels.peak() > 1) {
        return [`its loudest sample is ${levels.peak().toPrecision(3)}, above full scale (1)`]
      }
      return channelNotes(levels, isSilent)
    },
  }
}

const blockFrames = 16384

/** A quick look at all samples: hardly any file needs the look at its channels. */
function reachesFullScale(data: Uint8Array, { bytes, integer, fullScale, read }: SampleFormat) {
  const peak = integer ? integerPeak(data, bytes) : undefined
  if (peak !== undefined) return peak >= fullScale
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  if (bytes === 1) return loudBytes(fullScale, read).some((byte) => data.includes(byte))
  for (let at = 0; at + bytes <= data.length; at += bytes) {
    if (Math.abs(read(view, at)) >= fullScale) return true
  }
  return false
}

function loudBytes(fullScale: number, read: SampleFormat['read']): number[] {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const view = new DataView(every.buffer)
  return [...every].filter((byte) => Math.abs(read(view, byte)) >= fullScale)
}
