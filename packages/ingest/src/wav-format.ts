import { InputError } from '@serflow/core'
import type { ByteSource } from './byte-source.js'
import { howToConvert } from './conversion.js'
import { expectChannelsAndRate } from './pcm-checks.js'
import { readView } from './wav-chunk.js'
import type { Chunk } from './wav-chunks.js'
import { layoutOf24In32 } from './wav-layout.js'
import { codecName, sampleFormat, type SampleFormat } from './wav-samples.js'

export interface WavFormat {
  readonly format: SampleFormat
  readonly channels: number
  readonly sampleRateHz: number
}

/**
 * What a `fmt ` chunk says. The bytes of a sample are those of a frame by the channels, so that 12 bits may stand in 16;
 * where the chunk says 0 bytes a frame, they are as few as hold the bits.
 *
 * @throws InputError naming the file: a codec that is not read, no channels, no rate, bytes a frame that do not fit
 */
export function readFormat(
  source: ByteSource,
  { start, size }: Chunk,
  data: Chunk,
  fileName: string,
): WavFormat {
  const view = readView(source, start, Math.min(size, 40))
  if (view.byteLength < 16) {
    throw new InputError(
      `"${fileName}" has a WAV format chunk of ${view.byteLength} bytes, expected at least 16; copy or record it again`,
    )
  }
  const channels = view.getUint16(2, true)
  const sampleRateHz = view.getUint32(4, true)
  const frameBytes = view.getUint16(12, true)
  const bits = view.getUint16(14, true)
  const tag = codecTag(view)

  const least = Math.ceil(bits / 8)
  const plain = sampleFormat(tag, bits, least)
  if (!plain) {
    throw new InputError(
      `"${fileName}" is WAV with ${codecName(tag)} of ${bits} bits, which is not read here; ${howToConvert(fileName)}`,
    )
  }
  expectChannelsAndRate(channels, sampleRateHz, fileName)
  const format =
    frameBytes === 0 || frameBytes === plain.bytes * channels
      ? plain
      : widerFormat(source, data, tag, bits, frameBytes / channels)
  if (!format) {
    throw new InputError(
      `"${fileName}" says ${frameBytes} bytes a frame, expected ${plain.bytes * channels} for ${channels} channels of ` +
        `${plain.name}; ${howToConvert(fileName)}`,
    )
  }
  return { format, channels, sampleRateHz }
}

/** Other programs read fewer than 17 bits in more than they need as if the frame were as small as it could be. */
function widerFormat(
  source: ByteSource,
  data: Chunk,
  tag: number,
  bits: number,
  bytes: number,
): SampleFormat | undefined {
  if (bytes !== 4 || bits <= 16 || tag !== 1) return undefined
  return bits === 24 ? layoutOf24In32(source, data) : sampleFormat(tag, bits, bytes)
}

/** The codec; WAVE_FORMAT_EXTENSIBLE has it in its sub-format, a GUID of two bytes and a fixed tail. */
function codecTag(view: DataView): number {
  const tag = view.getUint16(0, true)
  if (tag !== 0xfffe || view.byteLength < 40) return tag
  const fixed =
    view.getUint16(26, true) === 0 &&
    view.getUint32(28, false) === 0x00001000 &&
    view.getUint32(32, false) === 0x800000aa &&
    view.getUint32(36, false) === 0x00389b71
  return fixed ? view.getUint16(24, true) : tag
}
