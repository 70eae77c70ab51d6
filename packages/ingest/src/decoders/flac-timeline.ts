import { countNote, lostNote, silence, type Decoded } from './decoder.js'
import type { FlacFrame } from './flac-frame.js'
import type { FlacInfo } from './flac-header.js'

/** Frames put where their numbers say that they belong. */
export interface FlacTimeline {
  /**
   * A stream begins; one file may hold several.
   *
   * @param torn whether the last frame of the one before is not whole
   */
  open(info: FlacInfo, torn: boolean): void
  /**
   * A frame, behind as much silence as frames before it are lost.
   *
   * @param torn whether bytes before it are lost
   * @param seen bytes of the file up to it
   */
  place(frame: FlacFrame, torn: boolean, seen: number): readonly Decoded[]
  /** @param torn whether the last frame is not whole */
  notes(torn: boolean): readonly string[]
}

/**
 * What is lost is as long as the numbers of the frames around it say, so that all behind it stays at its time. A stream
 * whose first frame is whole may begin with any number: it is a part of a longer one. Numbers that go back are those of a
 * stream joined to the one before without a header.
 */
export function flacTimeline(): FlacTimeline {
  let info: FlacInfo | undefined
  let expected: number | undefined = 0
  /** Samples of this stream, and of all of them; what is silent in place of lost frames counts too. */
  let placed = 0
  let total = 0
  let silent = 0
  let gaps = false
  /** Number of the sample that should come next. */
  let next: number | undefined

  function gapBefore({ header }: FlacFrame, torn: boolean, seen: number): number {
    const from = next ?? (torn ? 0 : header.first)
    if (header.first === undefined || from === undefined) {
      gaps ||= torn && placed > 0
      return 0
    }
    const gap = header.first - from
    if (gap <= 0) return 0
    // A number that is no number must not fill the memory.
    const room = Math.min(
      (info?.samples ?? Infinity) - placed - header.blockSamples,
      densest * seen - silent,
    )
    gaps ||= gap > room
    return gap > room ? 0 : gap
  }
  return {
    open(opened, torn) {
      gaps ||= torn
      info = opened
      next = undefined
      placed = 0
      expected =
        expected === undefined || opened.samples === undefined
          ? undefined
          : expected + opened.samples
    },
    place(frame, torn, seen) {
      const { header, channels } = frame
      const { sampleRateHz, blockSamples, first } = header
      const gap = gapBefore(frame, torn, seen)
      silent += gap
      placed += gap + blockSamples
      total += gap + blockSamples
      next = first === undefined ? undefined : first + blockSamples
      return [...silence(gap, header.channels, sampleRateHz), { channels, sampleRateHz }]
    },
    notes(torn) {
      const notes = [...lostNote(silent, total), ...countNote(info && expected, total)]
      if (notes.length > 0) return notes
      if (gaps) return ['damaged: some of its frames could not be read']
      return torn ? ['damaged or cut short: its last frame is not whole'] : []
    },
  }
}

/** Samples a byte of the smallest frame of the largest block: 65535 in 14 bytes. */
const densest = 4681
