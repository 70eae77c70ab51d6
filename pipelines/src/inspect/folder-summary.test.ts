import fc from 'fast-check'
import {
  decodeWav,
  fingerprint,
  fingerprintText,
  resample,
  sampleClip,
  type FoundUtterance,
} from '@serflow/ingest'
import { describe, expect, test } from 'vitest'
import { duplicatesOf, groupsOf } from './findings.js'
import type { FolderReading } from './folder-reading.js'
import { summarise } from './folder-summary.js'
import type { Measured } from './measure.js'
import { folderPage } from './page.js'
import { folderInspectionSchema } from './schema.js'
import type { MeasuredSound } from './sound-facts.js'
import { folderText } from './text.js'

const hex = (value: string) => Buffer.from(value).toString('hex').padEnd(64, '0').slice(0, 64)

function facts(file: string, given: Partial<MeasuredSound> = {}): Measured & { facts: object } {
  const known: MeasuredSound = {
    bytes: 100,
    digest: hex(file),
    samplesDigest: hex(file),
    format: 'WAV',
    coding: '16-bit PCM',
    sampleRateHz: 16000,
    channels: 1,
    channelsAlike: null,
    silentChannels: 0,
    frames: 32000,
    durationSeconds: 2,
    rmsDb: -30,
    peakDb: -3,
    offset: 0,
    zeroShare: 0,
    notes: [],
    fingerprint: null,
  }
  return { file, facts: { ...known, ...given } }
}

const said = (file: string, speakerId: string, emotion: string): FoundUtterance => ({
  file,
  utteranceId: file,
  speakerId,
  emotion,
  gender: speakerId === 'anna' ? 'female' : 'male',
})

function summary(
  utterances: readonly FoundUtterance[],
  measured: readonly Measured[],
  given: Partial<FolderReading> = {},
) {
  const reading: FolderReading = {
    kind: 'ravdess',
    title: 'RAVDESS',
    classes: ['happy', 'sad'],
    utterances,
    others: [],
    paths: utterances.map(({ file }) => file),
    guess: null,
    stop: null,
    ...given,
  }
  return folderInspectionSchema.parse(summarise('a folder', reading, measured))
}

test('utterances are counted by class, speaker, gender and session', () => {
  const found = summary(
    [
      { ...said('a.wav', 'anna', 'happy'), session: 'S1' },
      { ...said('b.wav', 'anna', 'sad'), session: 'S1' },
      { ...said('c.wav', 'ben', 'sad'), session: 'S2' },
    ],
    [
      facts('a.wav', { rmsDb: -40 }),
      facts('b.wav', { durationSeconds: 3, rmsDb: -20, peakDb: -1 }),
      facts('c.wav', { durationSeconds: 4 }),
    ],
  )
  expect(found.classes).toEqual([
    { name: 'happy', utterances: 1, speakers: 1, seconds: 2 },
    { name: 'sad', utterances: 2, speakers: 2, seconds: 7 },
  ])
  expect(found.speakers).toEqual([
    {
      speakerId: 'anna',
      gender: 'female',
      utterances: 2,
      seconds: 5,
      utterancesByClass: { happy: 1, sad: 1 },
      level: { low: -40, median: -30, high: -20, peak: -1 },
    },
    expect.objectContaining({ speakerId: 'ben', utterancesByClass: { sad: 1 } }),
  ])
  expect(found.genders).toEqual([
    { gender: 'female', speakers: 1, utterances: 2 },
    { gender: 'male', speakers: 1, utterances: 1 },
  ])
  expect(found.sessions.map(({ session, utterances }) => [session, utterances])).toEqual([
    ['S1', 2],
    ['S2', 1],
  ])
  expect(found.duration).toEqual({ minimum: 2, median: 3, maximum: 4, total: 9 })
})

test('utterances within a file have their own lengths; one behind the end of the file has none', () => {
  const found = summary(
    [
      { ...said('a.wav', 'anna', 'happy'), utteranceId: '1', startSeconds: 0, endSeconds: 0.5 },
      { ...said('a.wav', 'anna', 'sad'), utteranceId: '2', startSeconds: 0.5, endSeconds: 9 },
      { ...said('a.wav', 'ben', 'sad'), utteranceId: '3', startSeconds: 5 },
    ],
    [facts('a.wav')],
  )
  expect(found.utterances).toBe(3)
  expect(found.duration).toEqual({ minimum: 0, median: 0.5, maximum: 1.5, total: 2 })
  expect(found.files.read).toBe(1)
})

test('files that are not used are counted by their kind, the rest too', () => {
  const found = summary(
    [said('a.wav', 'anna', 'happy'), said('b.wav', 'ben', 'sad')],
    [
      facts('a.wav'),
      { file: 'b.wav', fault: '"b.wav" is empty (0 bytes), expected a sound file; copy it again' },
    ],
    {
      others: [
        { file: 'x.mp4', status: 'skipped', note: 'video' },
        { file: 'y.wav', status: 'rejected', note: 'the name has 1 fields' },
      ],
      paths: ['a.wav', 'b.wav', 'labels.csv', 'x.mp4', 'y.wav'],
    },
  )
  expect(found.files).toEqual({
    found: 5,
    read: 1,
    unreadable: 1,
    rejected: 1,
    skipped: 1,
    other: 1,
  })
  expect(found.unreadable).toEqual([
    { text: 'is empty (0 bytes), expected a sound file; copy it again', files: ['b.wav'] },
  ])
  expect(found.utterances).toBe(1)
})

test('a copy counts once; one name with two sounds is a warning', () => {
  const twice = [said('a.wav', 'anna', 'happy'), said('in/a.wav', 'anna', 'happy')].map((each) => ({
    ...each,
    utteranceId: 'a',
  }))
  const same = summary(twice, [facts('a.wav'), facts('in/a.wav', { samplesDigest: hex('a.wav') })])
  expect([same.utterances, same.copies]).toEqual([1, 1])
  expect(same.warnings.join()).toContain('1 utterance there twice')
  const other = summary(twice, [facts('a.wav'), facts('in/a.wav')])
  expect([other.utterances, other.copies]).toEqual([1, 0])
  expect(other.warnings.join()).toContain(
    'one name with two sounds, at which a run stops: a.wav and in/a.wav',
  )
})

describe('warnings', () => {
  const one = [said('a.wav', 'anna', 'happy')]
  test.each<[string, Parameters<typeof summary>, RegExp]>([
    ['nothing to use', [[], []], /there is no sound that can be used/],
    ['an absent class', [one, [facts('a.wav')]], /no utterance of sad/],
    ['few utterances', [one, [facts('a.wav')]], /fewer than 20 utterances of happy \(1\)/],
    ['one speaker', [one, [facts('a.wav')]], /one speaker: nothing can be said of other voices/],
    ['a speaker of one class', [one, [facts('a.wav')]], /1 speaker with one class alone \(anna\)/],
    [
      'a long one',
      [one, [facts('a.wav', { durationSeconds: 15.1 })]],
      /1 utterance longer than 15 s/,
    ],
    [
      'a short one',
      [one, [facts('a.wav', { durationSeconds: 0.09 })]],
      /1 utterance shorter than 0.1 s/,
    ],
    [
      'two rates',
      [
        [...one, said('b.wav', 'ben', 'sad')],
        [facts('a.wav'), facts('b.wav', { sampleRateHz: 8000 })],
      ],
      /2 sampling rates/,
    ],
    [
      'levels apart',
      [
        [...one, said('b.wav', 'ben', 'sad')],
        [facts('a.wav'), facts('b.wav', { rmsDb: -55 })],
      ],
      /levels differ by 25 dB between speakers/,
    ],
    [
      'two labels of one sound',
      [
        [...one, said('b.wav', 'ben', 'sad')],
        [facts('a.wav'), facts('b.wav', { samplesDigest: hex('a.wav') })],
      ],
      /the same sound under two labels: a.wav \(happy\) and b.wav \(sad\)/,
    ],
    [
      'two speakers of one sound',
      [
        [...one, said('b.wav', 'ben', 'happy')],
        [facts('a.wav'), facts('b.wav', { samplesDigest: hex('a.wav') })],
      ],
      /the same sound under two speakers, at which a run stops: a.wav \(anna\) and b.wav \(ben\)/,
    ],
    [
      'one file of each label where there are several',
      [
        [...one, said('b.wav', 'anna', 'happy'), said('c.wav', 'anna', 'sad')],
        ['a.wav', 'b.wav', 'c.wav'].map((file) => facts(file, { samplesDigest: hex('a.wav') })),
      ],
      /the same sound under two labels: a.wav \(happy\) and c.wav \(sad\)/,
    ],
    [
      'no speaker',
      [[{ ...one[0]!, speakerId: null }], [facts('a.wav')]],
      /the speaker of 1 utterance is not known/,
    ],
  ])('tell of %s', (_what, given, expected) => {
    expect(summary(...given).warnings.join('\n')).toMatch(expected)
  })

  test('an even set of many speakers has none', () => {
    const utterances = ['anna', 'ben'].flatMap((speaker) =>
      ['happy', 'sad'].flatMap((emotion) =>
        Array.from({ length: 10 }, (_, index) =>
          said(`${speaker}-${emotion}-${index}.wav`, speaker, emotion),
        ),
      ),
    )
    expect(
      summary(
        utterances,
        utterances.map(({ file }) => facts(file)),
      ).warnings,
    ).toEqual([])
  })
})

test('what differs in numbers and names alone is one group', () => {
  const text = (file: string, what: string) => ({ file, text: what })
  expect(
    groupsOf([
      text('a.wav', 'silence: 50 % of 3 parts'),
      text('b.wav', 'silence: 7.5 % of 3 parts'),
      text('c.wav', 'convert it: ffmpeg -i "c.wav" "c-pcm.wav"'),
      text('in/d.wav', 'convert it: ffmpeg -i "in/d.wav" "in/d-pcm.wav"'),
      text('e.wav', 'silent'),
      ...[1, 2, 3, 4].map((count) => text('f.wav', `clipped: ${count} samples`)),
    ]),
  ).toEqual([
    { text: 'clipped: 1 to 4 samples', files: ['f.wav', 'f.wav', 'f.wav', 'f.wav'] },
    { text: 'convert it: ffmpeg -i "FILE" "FILE-pcm.wav"', files: ['c.wav', 'in/d.wav'] },
    { text: 'silence: 7.5 or 50 % of 3 parts', files: ['a.wav', 'b.wav'] },
    { text: 'silent', files: ['e.wav'] },
  ])
})

test('equal files and equal sounds are told apart', () => {
  const { audio } = decodeWav(sampleClip('03-01-05-01-01-01-01'), 'voice.wav')
  const telephone = resample({ ...audio, samples: audio.samples.map((x) => x / 3) }, 8000)
  const [whole, copy] = [audio, telephone].map((sound) => ({
    fingerprint: fingerprintText(fingerprint(sound)!),
  }))
  const measured = [
    facts('a.wav'),
    facts('b.wav', { digest: hex('a.wav'), samplesDigest: hex('a.wav') }),
    facts('c.wav', whole),
    facts('d.wav', { samplesDigest: hex('c.wav') }),
    facts('e.wav', { samplesDigest: null }),
    facts('f.wav', { samplesDigest: null }),
    facts('g.wav', copy),
  ]
  const found = duplicatesOf(measured, [
    said('a.wav', 'anna', 'happy'),
    said('c.wav', 'anna', 'sad'),
    said('g.wav', 'ben', 'sad'),
  ])
  expect(found).toEqual([
    { same: 'bytes', files: ['a.wav', 'b.wav'], labels: ['happy'], speakers: ['anna'] },
    {
      same: 'recording',
      files: ['c.wav', 'd.wav', 'g.wav'],
      labels: ['sad'],
      speakers: ['anna', 'ben'],
    },
  ])
})

const word = fc.stringMatching(/^[a-zäöü<&"' ]{1,60}$/)

test('any summary is within 100 columns and makes a page without loose markup', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.record({
          name: word,
          speaker: word,
          emotion: word,
          level: fc.double({ min: -90, max: 0, noNaN: true }),
        }),
        {
          selector: ({ name }) => name,
          maxLength: 12,
        },
      ),
      (items) => {
        const utterances = items.map(({ name, speaker, emotion }) => said(name, speaker, emotion))
        const found = summary(
          utterances,
          items.map(({ name, level }) => facts(name, { rmsDb: level })),
          { classes: [...new Set(items.map(({ emotion }) => emotion))].sort() },
        )
        for (const line of folderText(found).split('\n')) {
          expect(line.length, line).toBeLessThanOrEqual(100)
        }
        const page = folderPage(found)
        expect(page).toContain('</html>')
        const inserted = items.map(({ name }) => name).filter((name) => /</.test(name))
        for (const name of inserted) expect(page).not.toContain(`>${name}<`)
      },
    ),
    { numRuns: 40 },
  )
})

test('what a run would stop at is a warning', () => {
  const { warnings } = summary([said('a.wav', 'anna', 'happy')], [facts('a.wav')], { stop: 'why' })
  expect(warnings).toContain('a run stops here: why')
})
