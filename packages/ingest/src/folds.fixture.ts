import { foldNumbers, foldParts, type FoldPart, type FoldRow } from '@serflow/core'
import fc from 'fast-check'
import type { Speaker, SpeakerUtterance } from './folds-speakers.js'

/** A speaker with an utterance of each sentence, take and emotion of one corpus. */
export function speaker(
  speakerId: string,
  { corpus = 'made', sentences = ['1', '2'], emotions = ['sad', 'happy'], gender = 'unknown' } = {},
): Speaker & { readonly utterances: readonly SpeakerUtterance[] } {
  const utterances = sentences.flatMap((sentence) =>
    emotions.map((emotion): SpeakerUtterance => {
      const utteranceId = `${corpus}-${speakerId}-${sentence}-${emotion}`
      return { utteranceId, corpus, sentence, emotion, recording: utteranceId }
    }),
  )
  const counts = Object.fromEntries(emotions.map((emotion) => [emotion, sentences.length]))
  return { speakerId, gender, corpora: [corpus], counts, utterances }
}

/** Corpora whose speakers differ in gender, session, what they said and how often. */
export const corpora: fc.Arbitrary<readonly Speaker[]> = fc.uniqueArray(
  fc
    .record({
      speakerId: fc.string({ minLength: 1, maxLength: 3 }),
      gender: fc.constantFrom('female', 'male', 'unknown'),
      sentences: fc.uniqueArray(fc.constantFrom('1', '2', '3', '4'), { minLength: 1 }),
      emotions: fc.uniqueArray(fc.constantFrom('sad', 'happy', 'calm'), { minLength: 1 }),
      corpus: fc.constantFrom('a', 'b'),
    })
    .map(({ speakerId, ...said }) => speaker(speakerId, said)),
  { minLength: 2, maxLength: 12, selector: ({ speakerId }) => speakerId },
)

/** How often each utterance is tested, by id. */
export function testsOf(
  rows: readonly FoldRow[],
  speakers: readonly Speaker[],
): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const fold of foldNumbers(rows)) {
    const partOf = foldParts(rows, fold)
    for (const { speakerId, utterances = [] } of speakers) {
      for (const { utteranceId } of utterances) {
        const isTested = partOf({ speakerId, utteranceId }) === 'test'
        times.set(utteranceId, (times.get(utteranceId) ?? 0) + Number(isTested))
      }
    }
  }
  return times
}

/** The utterances of a part of a fold. */
export function inPart(
  rows: readonly FoldRow[],
  fold: number,
  part: FoldPart,
  speakers: readonly Speaker[],
): readonly (SpeakerUtterance & { readonly speakerId: string })[] {
  const partOf = foldParts(rows, fold)
  return speakers.flatMap(({ speakerId, utterances = [] }) =>
    utterances
      .filter(({ utteranceId }) => partOf({ speakerId, utteranceId }) === part)
      .map((utterance) => ({ ...utterance, speakerId })),
  )
}
