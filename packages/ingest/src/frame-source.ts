import type { ByteSource } from './byte-source.js'
import { openCompressed, type CompressedSound } from './compressed.js'
import type { CompressedKind } from './decoders/index.js'
import { isPcm, readPcmHeader } from './pcm-header.js'
import { soundKind, type SoundKind } from './sound-kind.js'
import { readFrames } from './wav.js'
import type { WavHeader } from './wav-header.js'
import { startWavLevels } from './wav-levels.js'

/** Mono samples of a file at its own rate, read in parts. */
export interface FrameSource {
  readonly sampleRateHz: number
  readonly channels: number
  /** How many there are; undefined until known. */
  frames(): number | undefined
  /** Complete once the end has been read. */
  notes(): readonly string[]
  /** Notes on the levels of all frames, once they have been read from first to last; see `channelNotes`. */
  levelNotes(): readonly string[]
  /** Frames first to last, the latter not included; fewer where the file ends before. */
  read(first: number, last: number): Promise<Float32Array>
  close(): void
}

/** @throws InputError for what is wrong with the file, as `readAudio` */
export async function frameSource(source: ByteSource, fileName: string): Promise<FrameSource> {
  const found = soundKind(source, fileName)
  if (!isPcm(found)) return compressedFrames(source, found, fileName)
  return pcmFrames(source, readPcmHeader(source, found, fileName), fileName)
}

function pcmFrames(source: ByteSource, header: WavHeader, fileName: string): FrameSource {
  const { format, channels, frames } = header
  const levels = startWavLevels(format, channels)
  /** Frames from the first on whose levels are known. */
  let known = 0
  return {
    sampleRateHz: header.sampleRateHz,
    channels,
    frames: () => frames,
    notes: () => header.notes,
    levelNotes: () => (known === frames ? levels.notes() : []),
    async read(first, last) {
      const end = Math.min(last, frames)
      if (end <= first) return new Float32Array()
      return readFrames(source, header, first, end, fileName, (data, mono) => {
        if (first > known || end <= known) return
        levels.add(
          data.subarray((known - first) * format.bytes * channels),
          mono.subarray(known - first),
        )
        known = end
      })
    },
    close: () => undefined,
  }
}

/**
 * Decodes forward and keeps what the last part read and a little before it, since the next part begins near its end.
 * Reading further back begins again from the beginning.
 */
async function compressedFrames(
  source: ByteSource,
  { kind, start, notes: before }: SoundKind<CompressedKind>,
  fileName: string,
): Promise<FrameSource> {
  const open = () => openCompressed(source, start, kind, fileName)
  let sound: CompressedSound = await open()
  const { sampleRateHz, channels } = sound
  let pieces: Float32Array[] = []
  /** The frame that the first piece begins with, and the one behind the last piece. */
  let from = 0
  let to = 0
  let frames: number | undefined
  /** What a decoder has to say before the end would take what is not read yet for missing. */
  let notes: readonly string[] = []
  let levelNotes: readonly string[] = []

  async function advance(first: number, last: number): Promise<void> {
    if (first < from) {
      sound.close()
      sound = await open()
      pieces = []
      from = to = 0
    }
    while (to < Math.min(last, frames ?? Infinity)) {
      const piece = await sound.next()
      if (!piece) {
        frames = to
        notes = [...before, ...sound.notes()]
        levelNotes = sound.levelNotes()
        break
      }
      pieces.push(piece)
      to += piece.length
      forget(first)
    }
    forget(first)
  }

  function forget(before: number): void {
    while (pieces[0] && from + pieces[0].length <= before) from += pieces.shift()!.length
  }
  return {
    sampleRateHz,
    channels,
    frames: () => frames,
    notes: () => notes,
    levelNotes: () => levelNotes,
    async read(first, last) {
      await advance(first, last)
      const end = Math.min(last, to)
      const samples = new Float32Array(Math.max(0, end - first))
      let at = from
      for (const piece of pieces) {
        const begin = Math.max(first, at)
        const stop = Math.min(end, at + piece.length)
        if (stop > begin) samples.set(piece.subarray(begin - at, stop - at), begin - first)
        at += piece.length
      }
      return samples
    },
    close: () => sound.close(),
  }
}
