import { InputError } from '@serflow/core'
import type { ByteSource } from './byte-source.js'
import { openDecoder, type CompressedKind } from './decoders/index.js'
import { UnreadableSound, type Decoded, type Decoder } from './decoders/decoder.js'
import { peakOf } from './kernels/decode.js'
import { channelNotes, expectFinite, startChannelLevels } from './levels.js'
import { howToConvert } from './conversion.js'

/** The sound of a compressed file, decoded piece by piece from its beginning. */
export interface CompressedSound {
  readonly sampleRateHz: number
  readonly channels: number
  /** The next mono samples at the file's rate; undefined at the end. */
  next(): Promise<Float32Array | undefined>
  /** What the user should know, at the end: before it, what is not read yet counts as missing. */
  notes(): readonly string[]
  /** Notes on the levels of what has been decoded, each channel by itself; see `channelNotes`. */
  levelNotes(): readonly string[]
  close(): void
}

/**
 * Opens FLAC, MP3, Ogg Vorbis, Ogg Opus or Ogg FLAC; memory holds one piece of 64 KiB and what comes of it.
 *
 * @param start where the sound begins in the file, behind tags
 * @throws InputError naming the file and its format where no sound comes out, and where its rate changes on the way;
 *   `next` likewise
 */
export async function openCompressed(
  source: ByteSource,
  start: number,
  kind: CompressedKind,
  fileName: string,
): Promise<CompressedSound> {
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof InputError) throw error
      throw undecodable(fileName, kind, error)
    }
  }
  const decoder = await guard(() => openDecoder(kind))
  const pieces = decodedPieces(decoder, source, start)
  const advance = () =>
    guard(async () => {
      const { value } = await pieces.next()
      return value
    })

  let first: Decoded | undefined
  try {
    first = await advance()
    if (!first) throw undecodable(fileName, kind)
  } catch (error) {
    decoder.close()
    throw error
  }
  const { sampleRateHz } = first
  const channels = first.channels.length
  const levels = startChannelLevels(compressedFullScale)
  let isSilent = true
  let position = 0
  return {
    sampleRateHz,
    channels,
    async next() {
      const piece = first ?? (await advance())
      first = undefined
      if (!piece) return undefined
      if (piece.sampleRateHz !== sampleRateHz) {
        throw new InputError(
          `"${fileName}" changes its sample rate from ${sampleRateHz} to ${piece.sampleRateHz} Hz at sample ` +
            `${position}; ${howToConvert(fileName)}`,
        )
      }
      levels.add(piece.channels)
      const mono = meanOf(piece.channels)
      expectFinite(mono, position, fileName)
      isSilent &&= peakOf(mono) === 0
      position += mono.length
      return mono
    },
    notes: () => decoder.notes(),
    levelNotes: () => channelNotes(levels, isSilent),
    close: () => decoder.close(),
  }
}

/** That of 16 bits, from which such files are mostly made. */
const compressedFullScale = 1 - 2 ** -15

const pieceBytes = 65536

async function* decodedPieces(
  decoder: Decoder,
  source: ByteSource,
  start: number,
): AsyncGenerator<Decoded, undefined> {
  for (let at = start; at < source.size; at += pieceBytes) {
    yield* decoder.decode(source.read(at, at + pieceBytes))
  }
  yield* decoder.flush()
  return undefined
}

function undecodable(fileName: string, kind: CompressedKind, cause?: unknown): InputError {
  if (cause instanceof UnreadableSound) {
    return new InputError(
      `"${fileName}" is ${kind} with ${cause.message}; ${howToConvert(fileName)}`,
      { cause },
    )
  }
  return new InputError(
    `"${fileName}" is ${kind}, but no sound can be decoded from it; export it again, or ${howToConvert(fileName)}`,
    { cause },
  )
}

/** Mean of the channels of each sample, summed in float64. */
function meanOf(channels: Decoded['channels']): Float32Array {
  const [left, right] = channels
  if (!left || channels.length === 1) return left ?? new Float32Array()
  const mean = new Float32Array(left.length)
  if (right && channels.length === 2) {
    for (let i = 0; i < mean.length; i++) mean[i] = (left[i]! + right[i]!) / 2
    return mean
  }
  for (let i = 0; i < mean.length; i++) {
    let sum = 0
    for (const channel of channels) sum += channel[i]!
    mean[i] = sum / channels.length
  }
  return mean
}
