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
  /** Where the chunk contradicts itself, which of the two counts. */
  readonly notes: readonly string[]
}

/**
 * What a `fmt ` chunk says. The bytes of a sample are those of a frame by the channels, so that 12 bits may stand in 16;
 * where the chunk says 0 bytes a frame, they are as few as hold the bits. The oldest chunks, of 14 bytes, have no number of
 * bits, and some writers leave it 0: then all bits of a sample's bytes count. A-law and mu-law have 8 whatever is said, since
 * telephone systems give the 13 or 16 that they stand for. Where the bytes a frame do not fit but those a second do, the
 * former are wrong.
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
  if (view.byteLength < 14) {
    throw new InputError(
      `"${fileName}" has a WAV format chunk of ${view.byteLength} bytes, expected at least 14; copy or record it again`,
    )
  }
  const channels = view.getUint16(2, true)
  const sampleRateHz = view.getUint32(4, true)
  const frameBytes = view.getUint16(12, true)
  const tag = codecTag(view)
  const bits = bitsOf(view, tag)

  const plain = sampleFormat(tag, bits, Math.ceil(bits / 8))
  if (!plain) {
    throw new InputError(
      `"${fileName}" is WAV with ${tag === extensible ? 'an unknown sub-format' : codecName(tag)} of ${bits} bits, ` +
        `which is not read here; ${howToConvert(fileName)}`,
    )
  }
  expectChannelsAndRate(channels, sampleRateHz, fileName)
  const plainBytes = plain.bytes * channels
  if (frameBytes === 0 || frameBytes === plainBytes) {
    return { format: plain, channels, sampleRateHz, notes: [] }
  }
  const wider = widerFormat(source, data, tag, bits, frameBytes / channels)
  if (wider) return { format: wider, channels, sampleRateHz, notes: [] }
  const fit = `${plainBytes} for ${channels} channels of ${plain.name}`
  if (view.getUint32(8, true) === sampleRateHz * plainBytes) {
    const note = `damaged: its header says ${frameBytes} bytes a frame, and is read as ${fit}, as its bytes a second say`
    return { format: plain, channels, sampleRateHz, notes: [note] }
  }
  throw new InputError(
    `"${fileName}" says ${frameBytes} bytes a frame, expected ${fit}; ${howToConvert(fileName)}`,
  )
}

function bitsOf(view: DataView, tag: number): number {
  if (tag === aLaw || tag === muLaw) return 8
  const bits = view.byteLength < 16 ? 0 : view.getUint16(14, true)
  // 0 channels are told later.
  return bits || (8 * view.getUint16(12, true)) / Math.max(1, view.getUint16(2, true))
}

const aLaw = 6
const muLaw = 7

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

const extensible = 0xfffe

/**
 * The codec; WAVE_FORMAT_EXTENSIBLE has it in its sub-format, a GUID of two bytes and a tail, which is one of two.
 *
 * @see Microsoft, "Multiple channel audio data and WAVE files"; Dobson, "AMB Ambisonic File Format"
 */
function codecTag(view: DataView): number {
  const tag = view.getUint16(0, true)
  if (tag !== extensible || view.byteLength < 40) return tag
  const guid = guidOf(view)
  return guid.startsWith('0000') && codecTails.some((tail) => guid.endsWith(tail))
    ? view.getUint16(24, true)
    : tag
}

/** Behind the codec's two bytes: the tail of all codecs of WAVE, and that of ambisonic B format. */
const codecTails = ['-0000-0010-8000-00aa00389b71', '-0721-11d3-8644-c8c1ca000000']

function guidOf(view: DataView): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
  const parts = [
    hex(view.getUint32(24, true), 8),
    hex(view.getUint16(28, true), 4),
    hex(view.getUint16(30, true), 4),
    hex(view.getUint16(32, false), 4),
    hex(view.getUint16(34, false), 4) + hex(view.getUint32(36, false), 8),
  ]
  return parts.join('-')
}
