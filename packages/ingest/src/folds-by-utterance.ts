import { foldNumbers, InputError, random, type FoldPart, type FoldRow } from '@serflow/core'
import type { FoldsConfig } from './config.js'
import { checkFolds } from './folds-check.js'
import { kSpeakers } from './folds-by-speaker.js'
import type { Speaker, SpeakerUtterance } from './folds-speakers.js'
import { groupBy } from './groups.js'
import { comparePaths } from './path-order.js'

/**
 * Neither the speaker nor the sentence of a tested utterance is trained on. Speakers are in `folds` groups as by
 * `kSpeakers` (in fewer where there are fewer speakers), sentences in `sentences` groups, dealt in order. A fold
 * tests one group's speakers in one group's sentences and trains on the others' in the other sentences; the rest is
 * left out of it. Each utterance is tested once.
 *
 * @throws InputError where a sentence is not known, or there are fewer sentences than groups
 */
export function bySentence(
  speakers: readonly Speaker[],
  { folds, sentences: groups }: Pick<FoldsConfig, 'folds' | 'sentences'>,
): FoldRow[] {
  const sentences = [...new Set(speakers.flatMap(sentencesOf))].sort(comparePaths)
  if (sentences.length < groups) {
    throw new InputError(
      `folds: ${groups} groups of sentences for ${sentences.length} sentences; set folds.sentences lower, ` +
        'or folds.scheme to leave-one-speaker-out',
    )
  }
  const groupOf = new Map(sentences.map((sentence, index) => [sentence, index % groups]))
  const divisions = kSpeakers(speakers, Math.min(folds, speakers.length)).flatMap((tested) =>
    Array.from({ length: groups }, (_, group) => ({ tested: new Set(tested), group })),
  )
  const rows = divisions.flatMap(({ tested, group }, fold) =>
    speakers.flatMap((speaker) =>
      rowsOf(fold, speaker, ({ sentence }) => {
        const isSaid = groupOf.get(sentence!) === group
        return tested.has(speaker.speakerId) ? isSaid && 'test' : !isSaid && 'train'
      }),
    ),
  )
  // A speaker who lacks a group of sentences may leave a fold without a test.
  const tested = new Set(rows.flatMap(({ fold, part }) => (part === 'test' ? [fold] : [])))
  const kept = renumber(rows.filter(({ fold }) => tested.has(fold)))
  checkFolds(kept, idsOf(speakers), { testsAll: true, usesAll: false })
  return kept
}

/**
 * Trains on some corpora and tests on others. Without names each corpus is tested in turn, and all others are
 * trained on. Where a speaker of a tested corpus is trained on as well, be it the same corpus or one of the same people,
 * the tested speakers are in `folds` groups as by `kSpeakers`: each is trained on by the folds that do not test them.
 *
 * @throws InputError for a name that is no corpus, or a fold with nothing to train or test on
 */
export function crossCorpus(
  speakers: readonly Speaker[],
  { trainOn, testOn, folds }: Pick<FoldsConfig, 'trainOn' | 'testOn' | 'folds'>,
): FoldRow[] {
  const corpora = [...new Set(speakers.flatMap(corporaOf))].sort(comparePaths)
  const strangers = [...trainOn, ...testOn].filter((name) => !corpora.includes(name))
  if (strangers.length > 0 || corpora.length < 2) {
    const fault =
      strangers.length > 0
        ? `there is no corpus ${strangers.map((name) => `"${name}"`).join(', ')}`
        : 'cross-corpus needs two corpora'
    throw new InputError(
      `folds: ${fault}; there ${corpora.length === 1 ? 'is' : 'are'} ${corpora.join(', ')}: ` +
        'mend folds.trainOn and folds.testOn, or name more corpora in the settings',
    )
  }
  const divisions = (testOn.length > 0 ? [testOn] : corpora.map((name) => [name])).flatMap(
    (tested) => {
      const trained =
        trainOn.length > 0 ? trainOn : corpora.filter((name) => !tested.includes(name))
      const isIn = (one: Speaker, names: readonly string[]) =>
        corporaOf(one).some((name) => names.includes(name))
      const heard = speakers.filter((one) => isIn(one, tested))
      const groups = heard.some((one) => isIn(one, trained))
        ? kSpeakers(heard, Math.min(folds, heard.length))
        : [heard.map(({ speakerId }) => speakerId)]
      return groups.map((group) => ({ tested, trained, group: new Set(group) }))
    },
  )
  const rows = divisions.flatMap(({ tested, trained, group }, fold) =>
    speakers.flatMap((speaker) =>
      rowsOf(fold, speaker, ({ corpus }) =>
        group.has(speaker.speakerId)
          ? tested.includes(corpus) && 'test'
          : trained.includes(corpus) && 'train',
      ),
    ),
  )
  checkFolds(rows, idsOf(speakers), { testsAll: false, usesAll: false })
  return rows
}

/**
 * Utterances in k folds, whoever speaks: shuffled within each emotion and dealt like cards. Speakers are on both
 * sides, so the result says nothing of other speakers. One recording under two names is on one side, and so are parts of
 * one that overlap.
 *
 * @throws InputError for more folds than recordings
 */
export function randomClips(
  speakers: readonly Speaker[],
  { folds, seed }: Pick<FoldsConfig, 'folds' | 'seed'>,
): FoldRow[] {
  const recordings = [...groupBy(speakers.flatMap(utterancesOf), ({ recording }) => recording)]
    .map(([, own]) => own)
    .sort((left, right) => comparePaths(left[0]!.utteranceId, right[0]!.utteranceId))
  if (recordings.length < folds) {
    throw new InputError(
      `folds: ${folds} folds for ${recordings.length} recordings, expected at most one fold a recording; set folds.folds lower`,
    )
  }
  const draws = random('random-clips', seed)
  const emotions = [...groupBy(recordings, ([first]) => first!.emotion)]
  emotions.sort(([left], [right]) => comparePaths(left, right))
  const dealt = emotions.flatMap(([, own]) => draws.shuffle(own))
  const foldOf = new Map(
    dealt.flatMap((own, index) => own.map(({ utteranceId }) => [utteranceId, index % folds])),
  )
  const rows = Array.from({ length: folds }, (_, fold) =>
    speakers.flatMap((speaker) =>
      rowsOf(fold, speaker, ({ utteranceId }) =>
        foldOf.get(utteranceId) === fold ? 'test' : 'train',
      ),
    ),
  ).flat()
  checkFolds(rows, idsOf(speakers), { testsAll: true, speakersApart: false })
  return rows
}

/** A speaker's rows in a fold: one for all, where all utterances are in one part, else one each. */
function rowsOf(
  fold: number,
  speaker: Speaker,
  partOf: (utterance: SpeakerUtterance) => FoldPart | false,
): FoldRow[] {
  const { speakerId } = speaker
  const parts = utterancesOf(speaker).map((utterance) => [utterance, partOf(utterance)] as const)
  const [first] = parts
  if (!first) return []
  if (parts.every(([, part]) => part === first[1])) {
    return first[1] ? [{ fold, speakerId, utteranceId: null, part: first[1] }] : []
  }
  return parts.flatMap(([{ utteranceId }, part]) =>
    part ? [{ fold, speakerId, utteranceId, part }] : [],
  )
}

function utterancesOf({ speakerId, utterances }: Speaker): readonly SpeakerUtterance[] {
  if (!utterances) throw new Error(`folds: the utterances of speaker ${speakerId} are not told`)
  return utterances
}

function sentencesOf(speaker: Speaker): string[] {
  return utterancesOf(speaker).map(({ utteranceId, sentence }) => {
    if (sentence !== null) return sentence
    throw new InputError(
      `folds: what is said in "${utteranceId}" is not known, and by-sentence needs it of every recording; ` +
        'give it a sentence, or set folds.scheme to leave-one-speaker-out',
    )
  })
}

const corporaOf = ({ corpora = [] }: Speaker) => corpora
const idsOf = (speakers: readonly Speaker[]) => speakers.map(({ speakerId }) => speakerId)

/** Folds from 0 again, in the same order. */
function renumber(rows: readonly FoldRow[]): FoldRow[] {
  const numbers = foldNumbers(rows)
  return rows.map((row) => ({ ...row, fold: numbers.indexOf(row.fold) }))
}
