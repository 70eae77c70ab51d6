import type { ManifestRow, PredictionRow, TrainingRecord } from '@serflow/core'
import type { Scores } from './schema.js'
import { seedsOf } from './leak-check.js'
import { counted, listed, percent, points } from './wording.js'

/** Fewer speakers than this say little about speakers in general. */
const fewSpeakers = 5

/** At most so many different notes on used files are told one by one. */
const mostNotes = 12

const unknownSpeakers =
  'Speakers unknown: not speaker-independent. A speaker may be heard in training and in test, so that these numbers ' +
  'are too good for speakers the model has never heard. There is no interval.'

const sharedSpeakers =
  'Not speaker-independent: speakers are in training and in test, so that these numbers are too good for speakers the ' +
  'model has never heard. There is no interval.'

/** What the numbers themselves call for: how far they may be trusted, and what they do not show. */
export function scoreWarnings(scores: Omit<Scores, 'warnings'>): string[] {
  const { uar, chance, speakers, absentClasses, perSpeaker } = scores
  const warnings: string[] = []
  if (!scores.protocol.speakersIndependent) {
    warnings.push(speakers === 0 ? unknownSpeakers : sharedSpeakers)
  }
  if (absentClasses.length > 0) {
    warnings.push(
      `No used recording of ${listed(absentClasses, 10)}: ` +
        'UAR is the mean over the classes that occur, and says nothing of the absent ones.',
    )
  }
  if (speakers === 1) {
    warnings.push(
      'One speaker only: nothing can be said of other speakers, so there is no interval.',
    )
  } else if (speakers > 0 && speakers < fewSpeakers) {
    warnings.push(
      `Only ${speakers} speakers: the interval is wide, and holds only if these resemble the speakers to come.`,
    )
  }
  if (uar.low !== null && uar.low <= chance) {
    warnings.push(
      `The UAR of ${percent(uar.value)} is not shown to be better than chance (${percent(chance)}): ` +
        `its interval begins at ${percent(uar.low)}.`,
    )
  }
  if (perSpeaker.length === 0) return warnings
  const speakerMean = perSpeaker.reduce((total, { uar: own }) => total + own, 0) / speakers
  if (Math.abs(speakerMean - uar.value) > 0.02) {
    warnings.push(
      `The speakers' own UARs average ${percent(speakerMean)}, the pooled UAR is ${percent(uar.value)}: ` +
        'they differ since speakers differ in how many recordings of which class they have.',
    )
  }
  for (const { name, difference } of scores.protocol.speakersIndependent ? scores.baselines : []) {
    warnings.push(...baselineWarnings(name, difference))
  }
  return warnings
}

function baselineWarnings(
  name: string,
  { value, low, high }: Scores['baselines'][number]['difference'],
): string[] {
  if (low === null || high === null) {
    return [`With one speaker it cannot be told whether the network is better than ${name}.`]
  }
  const found = `${points(value)} points, interval ${points(low)} to ${points(high)}`
  if (high < 0) return [`The network is worse than ${name}: ${found}.`]
  if (low > 0) return []
  return [
    `The network is not shown to be better than ${name}: ${found}, which includes no difference. ` +
      `${name} is the simpler model.`,
  ]
}

/** Folds in which the network answers always the same, though the truth varies: a collapsed training. */
export function collapseWarnings(predictions: readonly PredictionRow[]): string[] {
  const warnings: string[] = []
  const folds = [...new Set(predictions.map((row) => row.fold))].sort((a, b) => a - b)
  for (const fold of folds) {
    for (const seed of seedsOf(predictions)) {
      const rows = predictions.filter((row) => row.fold === fold && row.seed === seed)
      const truths = new Set(rows.map((row) => row.truth))
      const answers = new Set(rows.map((row) => row.prediction))
      if (truths.size > 1 && answers.size === 1) {
        warnings.push(
          `${placeOf(fold, seed)} answers ${listed([...answers])} to all its ${rows.length} recordings: ` +
            'its training collapsed.',
        )
      }
    }
  }
  return warnings
}

/**
 * What trainings had to tell: losses that are not finite, and their own warnings, each told once with its places.
 *
 * @param places fold and seed of each training, in the order of the records; undefined where not known
 */
export function trainingWarnings(
  records: readonly TrainingRecord[],
  places: readonly (readonly [fold: number, seed: number | null] | undefined)[],
): string[] {
  const placesByText = new Map<string, string[]>()
  records.forEach(({ lossByEpoch, warnings, seed }, index) => {
    const place = places[index]
    const where = place ? placeOf(...place) : `Training ${index + 1} (seed ${seed})`
    const epoch = lossByEpoch.findIndex((loss) => !Number.isFinite(loss))
    const lost = epoch < 0 ? [] : [`the loss is not finite from epoch ${epoch + 1} on.`]
    for (const text of [...lost, ...warnings]) {
      placesByText.set(text, [...(placesByText.get(text) ?? []), where])
    }
  })
  return [...placesByText].map(([text, where]) => `${listed(where)}: ${text}`)
}

function placeOf(fold: number, seed: number | null): string {
  return seed === null ? `Fold ${fold}` : `Fold ${fold} (seed ${seed})`
}

/** Kinds of skipped files that are told one by one. */
const mostKinds = 6

const reasons = {
  duplicate: [
    'is a copy of a used one and was left out',
    'are copies of used ones and were left out',
  ],
  unreadable: ['cannot be read as sound', 'cannot be read as sound'],
  rejected: ["does not follow the corpus's naming", "do not follow the corpus's naming"],
} as const

/**
 * Utterances of which the end is not looked at.
 *
 * @param mostSeconds what the model sees of one, without the silence at its ends
 */
export function lengthWarnings(corpus: readonly ManifestRow[], mostSeconds: number): string[] {
  const long = corpus.filter(
    ({ status, durationSeconds }) => status === 'used' && (durationSeconds ?? 0) > mostSeconds + 1,
  )
  if (long.length === 0) return []
  const beyond = `what is beyond the first ${Number(mostSeconds.toFixed(1))} s`
  return [
    `Of ${counted(long.length, 'utterance')} ${beyond} is neither trained nor tested on ` +
      `(segments.maxSegments): ${listed(long.map(({ file }) => file))}.`,
  ]
}

/** Files that were not used, summed up by reason, and what is to be known of used ones. */
export function fileWarnings(corpus: readonly ManifestRow[]): string[] {
  const left = Object.entries(reasons).flatMap(([status, [singular, plural]]) => {
    const files = corpus.filter((row) => row.status === status).map((row) => row.file)
    if (files.length === 0) return []
    const reason = files.length === 1 ? singular : plural
    return [`${counted(files.length, 'file')} ${reason}: ${listed(files)}.`]
  })
  left.push(...skippedWarnings(corpus))
  const filesByNote = new Map<string, { files: string[]; texts: Set<string> }>()
  for (const { status, note, file } of corpus) {
    if (status !== 'used' || note === null) continue
    for (const text of note.split('; ')) {
      const kind = kindOf(text)
      const same = filesByNote.get(kind) ?? { files: [], texts: new Set() }
      filesByNote.set(kind, same)
      same.files.push(file)
      same.texts.add(text)
    }
  }
  const notes = [...filesByNote]
  const told = notes.slice(0, mostNotes).map(([kind, { files, texts }]) => {
    const text = texts.size === 1 ? [...texts].join('') : kind
    return `${listed(files)} (used): ${text.replace(/\.?$/, '.')}`
  })
  const rest = notes.slice(mostNotes).flatMap(([, { files }]) => files)
  if (rest.length > 0) {
    told.push(`${counted(rest.length, 'more used file')} with a note: ${listed(rest)}.`)
  }
  return [...left, ...told]
}

/** `clipped: 12 samples at full scale` is of the kind `clipped`: hundreds of files differ in the number alone. */
function kindOf(note: string): string {
  return /^[a-z ]+(?=: )/.exec(note)?.[0] ?? note
}

/** What was skipped, counted by kind. */
function skippedWarnings(corpus: readonly ManifestRow[]): string[] {
  const counts = new Map<string, number>()
  for (const { status, note } of corpus) {
    if (status === 'skipped')
      counts.set(note ?? 'unknown', (counts.get(note ?? 'unknown') ?? 0) + 1)
  }
  if (counts.size === 0) return []
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const kinds = [...counts].sort(([, left], [, right]) => right - left)
  const told = listed(
    kinds.map(([kind, count]) => `${kind} (${count})`),
    mostKinds,
  )
  const what = total === 1 ? '1 file or utterance was' : `${total} files or utterances were`
  return [`${what} skipped: ${told}.`]
}

/** Speakers whose gender the corpus tells in two ways. */
export function genderWarnings(speakerIds: readonly string[]): string[] {
  if (speakerIds.length === 0) return []
  return [
    `The corpus gives more than one gender for speaker ${listed(speakerIds)}: counted as unknown.`,
  ]
}
