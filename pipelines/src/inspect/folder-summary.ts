import { groupBy, type FoundUtterance } from '@serflow/ingest'
import { duplicatesOf, groupsOf, oddities } from './findings.js'
import type { FolderReading } from './folder-reading.js'
import type { Measured } from './measure.js'
import type { FolderInspection } from './schema.js'
import { warningsOf } from './warnings.js'

type Recording = FolderInspection['recordings'][number]
type Level = FolderInspection['speakers'][number]['level']

/** An utterance in a file that can be read, with its length. */
export interface ReadUtterance extends FoundUtterance {
  readonly seconds: number
  readonly recording: Recording
}

/** What a folder holds: its reader's listing and its files' facts, counted. */
export function summarise(
  folder: string,
  reading: FolderReading,
  measured: readonly Measured[],
): FolderInspection {
  const recordings = measured.flatMap(recordingOf)
  const faults = measured.flatMap((each) =>
    'fault' in each ? [{ file: each.file, text: each.fault }] : [],
  )
  const byFile = new Map(recordings.map((recording) => [recording.file, recording]))
  const readable = reading.utterances.flatMap((utterance) => {
    const recording = byFile.get(utterance.file)
    return recording ? [{ ...utterance, recording, seconds: lengthOf(utterance, recording) }] : []
  })
  const duplicates = duplicatesOf(measured, reading.utterances)
  const { utterances, copies, clashes } = withoutCopies(readable, duplicates)
  const others = (status: string) =>
    reading.others
      .filter((other) => other.status === status)
      .map(({ file, note }) => ({ file, text: note }))
  const unreadable = [...faults, ...others('unreadable')]
  const notes = [
    ...recordings.flatMap(({ file, notes }) => notes.map((text) => ({ file, text }))),
    ...reading.utterances.flatMap(({ file, note }) => (note ? [{ file, text: note }] : [])),
  ]
  const counted = {
    what: 'folder' as const,
    folder,
    kind: reading.kind,
    guess: reading.guess,
    title: reading.title,
    files: {
      found: new Set([...reading.paths, ...reading.others.map(({ file }) => file)]).size,
      read: recordings.length,
      unreadable: unreadable.length,
      rejected: others('rejected').length,
      skipped: others('skipped').length,
      other: passedOver(reading),
    },
    copies,
    utterances: utterances.length,
    duration: durationOf(utterances),
    classes: classesOf(reading.classes, utterances),
    speakers: speakersOf(utterances),
    genders: gendersOf(utterances),
    sessions: sessionsOf(utterances),
    level: recordings.length > 0 ? levelOf(recordings) : null,
    formats: tally(recordings, ({ format, coding }) => (coding ? `${format}, ${coding}` : format)),
    sampleRatesHz: tally(recordings, ({ sampleRateHz }) => sampleRateHz),
    channels: tally(recordings, ({ channels }) => channels),
    unreadable: groupsOf(unreadable),
    rejected: groupsOf(others('rejected')),
    skipped: groupsOf(others('skipped')),
    notes: groupsOf(notes),
    duplicates,
    recordings,
  }
  return { ...counted, warnings: warningsOf(counted, utterances, { clashes, stop: reading.stop }) }
}

/** The same id with the same sound counts once; with another sound it is a fault of the corpus. */
function withoutCopies(
  found: readonly ReadUtterance[],
  duplicates: FolderInspection['duplicates'],
) {
  const groupOf = new Map(
    duplicates.flatMap(({ files }, group) => files.map((file) => [file, group])),
  )
  const firsts = new Map<string, ReadUtterance>()
  const clashes: (readonly [string, string])[] = []
  const utterances = found.filter((utterance) => {
    const first = firsts.get(utterance.utteranceId)
    if (!first) firsts.set(utterance.utteranceId, utterance)
    else if (
      first.file !== utterance.file &&
      (groupOf.get(first.file) ?? -1) !== groupOf.get(utterance.file)
    ) {
      clashes.push([first.file, utterance.file])
    }
    return !first
  })
  return { utterances, clashes, copies: found.length - utterances.length - clashes.length }
}

function passedOver({ paths, utterances, others }: FolderReading): number {
  const named = new Set([...utterances, ...others].map(({ file }) => file))
  return paths.filter((path) => !named.has(path)).length
}

function recordingOf(measured: Measured): readonly Recording[] {
  if ('fault' in measured) return []
  const { file } = measured
  const { fingerprint: _, ...facts } = measured.facts
  return [{ file, ...facts, notes: [...facts.notes, ...oddities(facts)] }]
}

function lengthOf({ startSeconds, endSeconds }: FoundUtterance, recording: Recording): number {
  const whole = recording.durationSeconds
  return Math.max(0, Math.min(endSeconds ?? whole, whole) - (startSeconds ?? 0))
}

function durationOf(utterances: readonly ReadUtterance[]): FolderInspection['duration'] {
  if (utterances.length === 0) return null
  const sorted = utterances.map(({ seconds }) => seconds).sort((left, right) => left - right)
  return {
    minimum: sorted[0]!,
    median: median(sorted),
    maximum: sorted.at(-1)!,
    total: sum(sorted),
  }
}

function classesOf(names: readonly string[], utterances: readonly ReadUtterance[]) {
  return names.map((name) => {
    const own = utterances.filter(({ emotion }) => emotion === name)
    return {
      name,
      utterances: own.length,
      speakers: new Set(own.map(({ speakerId }) => speakerId)).size,
      seconds: sum(own.map(({ seconds }) => seconds)),
    }
  })
}

function speakersOf(utterances: readonly ReadUtterance[]): FolderInspection['speakers'] {
  const known = utterances.flatMap((utterance) =>
    utterance.speakerId === null ? [] : [{ ...utterance, speakerId: utterance.speakerId }],
  )
  return [...groupBy(known, ({ speakerId }) => speakerId)]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([speakerId, own]) => ({
      speakerId,
      gender: own[0]!.gender ?? 'unknown',
      utterances: own.length,
      seconds: sum(own.map(({ seconds }) => seconds)),
      utterancesByClass: Object.fromEntries(
        [...groupBy(own, ({ emotion }) => emotion ?? 'by votes')].map(([name, those]) => [
          name,
          those.length,
        ]),
      ),
      level: levelOf([...new Set(own.map(({ recording }) => recording))]),
    }))
}

function gendersOf(utterances: readonly ReadUtterance[]): FolderInspection['genders'] {
  const known = utterances.filter(({ speakerId }) => speakerId !== null)
  const groups = groupBy(known, ({ gender }) => gender ?? 'unknown')
  return (['female', 'male', 'unknown'] as const).flatMap((gender) => {
    const own = groups.get(gender)
    return own ? [{ gender, speakers: speakersAmong(own), utterances: own.length }] : []
  })
}

function sessionsOf(utterances: readonly ReadUtterance[]): FolderInspection['sessions'] {
  const known = utterances.flatMap((each) =>
    each.session === undefined ? [] : [{ ...each, session: each.session }],
  )
  return [...groupBy(known, ({ session }) => session)]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([session, own]) => ({ session, utterances: own.length, speakers: speakersAmong(own) }))
}

function speakersAmong(utterances: readonly ReadUtterance[]): number {
  return new Set(utterances.map(({ speakerId }) => speakerId)).size
}

/** Silence has no level and is left out. */
function levelOf(recordings: readonly Recording[]): Level {
  const levels = recordings
    .flatMap(({ rmsDb }) => (rmsDb === null ? [] : [rmsDb]))
    .sort((left, right) => left - right)
  const peaks = recordings.flatMap(({ peakDb }) => (peakDb === null ? [] : [peakDb]))
  if (levels.length === 0) return { low: null, median: null, high: null, peak: null }
  return {
    low: levels[0]!,
    median: median(levels),
    high: levels.at(-1)!,
    peak: peaks.reduce((most, peak) => Math.max(most, peak), -Infinity),
  }
}

function tally<Value extends string | number>(
  recordings: readonly Recording[],
  valueOf: (recording: Recording) => Value,
): { value: Value; files: number }[] {
  return [...groupBy(recordings, valueOf)]
    .map(([value, own]) => ({ value, files: own.length }))
    .sort((left, right) => right.files - left.files || (left.value < right.value ? -1 : 1))
}

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
