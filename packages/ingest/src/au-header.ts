import { InputError } from '@serflow/core'
import { bigEndianFormat, type BigEndianCoding } from './big-endian.js'
import type { ByteSource } from './byte-source.js'
import { howToConvert } from './conversion.js'
import { expectChannelsAndRate, expectFrames, lengthNotes } from './pcm-checks.js'
import { fourBytes, readView } from './wav-chunk.js'
import type { WavHeader } from './wav-header.js'
import { tailNote } from './wav-tail.js'

/**
 * The header of a Sun audio file (.au, .snd): PCM of 8 to 32 bits, float of 32 and 64 bits, A-law and mu-law.
 *
 * @param start of the header in the source
 * @throws InputError naming the file: no samples, an unknown codec, a damaged header
 * @see https://pubs.opengroup.org/external/auformat.html
 */
export function auHeader(source: ByteSource, start: number, fileName: string): WavHeader {
  const view = readView(source, start, 24)
  if (view.byteLength < 24) {
    throw new InputError(
      `"${fileName}" is Sun audio of ${view.byteLength} bytes, fewer than the 24 of its header; copy it again`,
    )
  }
  const offset = view.getUint32(4)
  const size = view.getUint32(8)
  const code = view.getUint32(12)
  const sampleRateHz = view.getUint32(16)
  const channels = view.getUint32(20)
  const coding = codings.get(code)
  const format = coding && bigEndianFormat(...coding)
  if (!format || view.getUint32(0) !== fourBytes('.snd')) {
    throw new InputError(
      `"${fileName}" is Sun audio with encoding ${code}, which is not read here; ${howToConvert(fileName)}`,
    )
  }
  expectChannelsAndRate(channels, sampleRateHz, fileName)
  const frameBytes = format.bytes * channels
  const left = Math.max(0, source.size - start - offset)
  // All ones: a stream; 0 is what a recorder leaves that was stopped.
  const said = size === 0xffffffff || size === 0 ? Infinity : size
  const present = Math.min(said, left)
  const frames = Math.floor(present / frameBytes)
  expectFrames(frames, sampleRateHz, { format: 'a Sun audio', present }, fileName)
  const notes = [
    ...lengthNotes(said, present, frameBytes),
    ...tailNote(source, start + offset + present, frameBytes),
  ]
  return { format, channels, sampleRateHz, start: start + offset, frames, notes }
}

const codings: ReadonlyMap<number, readonly [BigEndianCoding, number]> = new Map([
  [1, ['mu-law', 8]],
  [2, ['pcm', 8]],
  [3, ['pcm', 16]],
  [4, ['pcm', 24]],
  [5, ['pcm', 32]],
  [6, ['float', 32]],
  [7, ['float', 64]],
  [27, ['a-law', 8]],
])
