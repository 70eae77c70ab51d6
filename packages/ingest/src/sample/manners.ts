import type { Random } from '@serflow/core'
import { ravdessEmotions } from '../corpora/ravdess-names.js'

/** How a clip is spoken: what the synthesiser turns into sound. */
export interface Manner {
  /** Mean pitch in semitones above the speaker's own. */
  readonly pitchSemitones: number
  /** Rise on stressed syllables in semitones. */
  readonly rangeSemitones: number
  /** Pitch change from the first syllable to the last, in semitones. */
  readonly slopeSemitones: number
  /** Speed against a middle rate. */
  readonly rate: number
  readonly gainDb: number
  /** Brightness of the voice: far above 700 Hz it is 2.5 times as many decibels louder. */
  readonly tiltDb: number
  /** Noise of breath in the voice, 0..1. */
  readonly breath: number
  /** Irregularity of the periods as a part of their length. */
  readonly jitter: number
}

/**
 * A manner for an emotion, with as much chance in it as makes a fair task. The directions follow what is known of
 * acted speech: anger and fear high, fast and bright, sadness and calm low, slow and dark, and so on.
 *
 * @param emotion one of the RAVDESS emotions
 * @param strength how far from neutral the speaker goes; 1 in the middle
 * @throws RangeError for another emotion
 * @see Scherer 2003, "Vocal communication of emotion", table 1; Juslin & Laukka 2003
 */
export function mannerOf(emotion: string, strength: number, draw: Random): Manner {
  const index = ravdessEmotions.findIndex((known) => known === emotion)
  const mean = means[index]
  if (!mean) throw new RangeError(`no manner for the emotion "${emotion}"`)
  const value = (column: number) => mean[column]! * strength + spreads[column]! * draw.normal()
  return {
    pitchSemitones: value(0),
    rangeSemitones: Math.max(0, 2 + value(1)),
    slopeSemitones: -2 + value(2),
    rate: Math.min(1.4, Math.max(0.78, 1 + value(3))),
    gainDb: value(4),
    tiltDb: Math.min(5, Math.max(-7, value(5))),
    breath: Math.max(0.02, 0.08 + value(6)),
    jitter: Math.max(0.003, 0.008 + value(7)),
  }
}

/** Columns as in Manner, as differences from neutral; rows in the order of the emotions. */
const means: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0, 0, 0, 0],
  [-1, -0.6, -0.5, -0.1, -4, -1.2, 0.12, -0.002],
  [4, 3.5, 0, 0.1, 5, 1.6, -0.02, 0.001],
  [-2, -1, -2, -0.18, -8, -3, 0.05, 0.008],
  [4, 1.5, -2, 0.08, 11, 3.8, -0.04, 0.012],
  [8, -0.5, 1, 0.2, 2, 0, 0.16, 0.016],
  [-1, 1.5, -3.5, -0.14, 3, 1.2, 0, 0.02],
  [7, 6, 7, 0, 4, 0.6, 0.04, 0],
]

const spreads: readonly number[] = [0.9, 0.6, 0.9, 0.045, 1.4, 0.55, 0.02, 0.002]
