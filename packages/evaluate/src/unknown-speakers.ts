import type { Scores } from './schema.js'
import { counted } from './wording.js'

/**
 * Scores over stand-ins for speakers, without what would be said of speakers: no interval, no breakdown by speaker or
 * gender, and a protocol that says so. Stand-ins divide recordings; who speaks in them is not known, so a speaker may
 * be on both sides of a fold.
 */
export function withoutSpeakers<Kept extends Omit<Scores, 'warnings'>>(scores: Kept): Kept {
  const unbounded = { low: null, high: null }
  const { protocol } = scores
  return {
    ...scores,
    protocol: {
      ...protocol,
      foldScheme: `${counted(protocol.folds, 'fold')}; speakers unknown: not speaker-independent`,
      speakersIndependent: false,
      interval: 'none: speakers are not known',
    },
    speakers: 0,
    uar: { ...scores.uar, ...unbounded },
    perSpeaker: [],
    perGender: [],
    perCorpus: scores.perCorpus.map((each) => ({ ...each, speakers: 0 })),
    perFold: scores.perFold.map((each) => ({ ...each, speakerIds: [] })),
    baselines: scores.baselines.map((baseline) => ({
      ...baseline,
      uar: { ...baseline.uar, ...unbounded },
      perSpeaker: [],
      // The mean over stand-ins is one over recordings: the plain difference says the same.
      difference: { value: scores.uar.value - baseline.uar.value, ...unbounded },
    })),
  }
}
