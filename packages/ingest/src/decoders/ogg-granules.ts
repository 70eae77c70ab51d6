import { lengthOf, lostNote, silence, trimEnd, type Decoded } from './decoder.js'
import type { OggPage } from './ogg-pages.js'

/** Sound put where the positions of its pages (granules, in samples) say that it belongs. */
export interface OggGranules {
  /** What is decoded of a page, behind silence for pages before it that are lost, without what lies behind the last position. */
  place(page: OggPage, decoded: readonly Decoded[]): readonly Decoded[]
  notes(): readonly string[]
}

/**
 * A stream may begin at any position: it is a part of a longer one, recorded with the headers of the whole. So before its
 * first sound no more than a few pages count as lost.
 */
export function oggGranules(first: OggPage, channels: number, sampleRateHz: number): OggGranules {
  let granule = 0
  /** Samples since that position. */
  let since = 0
  let total = 0
  let silent = 0
  let seen = 0
  let sequence = first.sequence
  let torn = false
  /** Pages that are lost before this one, and samples of one that is not. */
  let missing = 0
  let usualSamples = 0
  return {
    place(page, decoded) {
      seen += page.bytes.length
      const jump = page.sequence - sequence
      if (jump !== 0 && (total > 0 || (jump > 0 && jump <= fewPages))) {
        torn = true
        missing += jump
      }
      sequence = page.sequence + 1
      since += lengthOf(decoded)
      total += lengthOf(decoded)
      if (page.granule === undefined) return decoded
      const behind = page.granule - granule - since
      // How much of a last page counts is not known where the one before is lost: that one was as long as those before it.
      const usual = torn && page.last ? missing * usualSamples : 0
      const lost = usual > behind && usual - behind < since ? usual : behind
      const surplus = page.last ? Math.max(0, -behind, lost - behind) : 0
      // A position that is none must not fill the memory.
      const gap = torn && lost > 0 && silent + lost <= densest * seen ? lost : 0
      if (!torn) usualSamples = page.granule - granule
      granule = page.granule
      since = 0
      torn = false
      missing = 0
      silent += gap
      total += gap - surplus
      return [...silence(gap, channels, sampleRateHz), ...trimEnd(decoded, surplus)]
    },
    notes: () => lostNote(silent, total),
  }
}

const fewPages = 4

/** Samples a byte. Speech of 6 kbit/s has 64, and most of a file may be lost. */
const densest = 2000
