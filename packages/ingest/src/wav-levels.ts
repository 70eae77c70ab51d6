import { integerPeak } from './kernels/decode.js'
import { channelNotes, startChannelLevels } from './levels.js'
import { readChannels, type SampleFormat } from './wav-samples.js'

/**
 * Notes on the levels of a whole WAV file (see `channelNotes`). Floats above full scale are no clipping; they are told by
 * the loudest.
 *
 * @param data all frames, whole
 * @param mono their mean
 */
export function wavLevelNotes(
  data: Uint8Array,
  format: SampleFormat,
  channels: number,
  mono: Float32Array,
): readonly string[] {
  const levels = startChannelLevels(format.fullScale)
  // Mostly the first samples tell.
  const isSilent = mono.every((sample) => sample === 0)
  if (channels === 1 && !format.integer) levels.add([mono])
  else if (isSilent || reachesFullScale(data, format)) {
    for (let first = 0; first < mono.length; first += blockFrames) {
      const frames = Math.min(blockFrames, mono.length - first)
      levels.add(readChannels(data, format, channels, first, frames))
    }
  }
  if (format.float && levels.peak() > 1) {
    return [`its loudest sample is ${levels.peak().toPrecision(3)}, above full scale (1)`]
  }
  return channelNotes(levels, isSilent)
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
