import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { corpora } from './index.js'
import { listingOf } from './listing.fixture.js'

type Kind = keyof typeof corpora

async function notesOf(kind: Kind, path: string): Promise<readonly string[]> {
  const { entries, others } = await listingOf(kind, [path])
  expect(entries).toEqual([])
  return others.map(({ status, note }) => `${status}: ${note}`)
}

async function tally(kind: Kind, paths: readonly string[], column: 'emotion' | 'speakerId') {
  const counts: Record<string, number> = {}
  for (const entry of (await listingOf(kind, paths)).entries) {
    counts[entry[column]] = (counts[entry[column]] ?? 0) + 1
  }
  return counts
}

test('EMO-DB: the sixth character is the emotion, the first two the speaker; label files are passed over', async () => {
  const names = ['03a01Wa', '08a02La', '09b01Ea', '11a05Aa', '13a04Fc', '15b03Ta', '16b10Nb']
  const { classes, entries, others } = await listingOf('emodb', [
    ...names.map((name) => `wav/${name}.wav`),
    'erkennung.txt',
    'erklaerung.txt',
    'silb/03a01Wa.silb',
    'lablaut/03a01Wa.lablaut',
    'labsilb/03a01Wa.labsilb',
    'db.yaml',
    'db.files.csv',
  ])
  expect(others).toEqual([])
  const words = ['anger', 'boredom', 'disgust', 'fear', 'happiness', 'sadness', 'neutral']
  expect(classes).toEqual(words)
  expect(entries.map(({ emotion }) => emotion)).toEqual(words)
  expect(entries.map(({ speakerId, gender }) => `${speakerId} ${gender}`)).toEqual([
    '03 male',
    '08 female',
    '09 female',
    '11 male',
    '13 female',
    '15 male',
    '16 female',
  ])
  expect(entries[4]).toMatchObject({
    corpus: 'emodb',
    utteranceId: '13a04Fc',
    sentence: 'a04',
    attributes: '{"version":"c"}',
  })
})

test.each([
  ['wav/03a01Xa.wav', 'rejected: emotion is "X", expected one of W, L, E, A, F, T, N'],
  ['wav/03a01wa.wav', 'rejected: the name is "03a01wa", expected one like 03a01Fa.wav'],
  ['wav/04a01Fa.wav', /^rejected: speaker is "04", expected one of 03, 08, 09, 10/],
  ['wav/03a03Fa.wav', /^rejected: text is "a03", expected one of a01, a02/],
  ['wav/03a01Fa (1).wav', /^rejected: the name looks like a second copy/],
  ['notes.md', 'skipped: not a sound file'],
])('EMO-DB: %s is left out: %s', async (path, expected) => {
  const [note] = await notesOf('emodb', path)
  if (typeof expected === 'string') expect(note).toBe(expected)
  else expect(note).toMatch(expected)
})

test('EMO-DB: its 535 names give the published counts of emotions and speakers', async () => {
  const path = new URL('../../../../tests/golden/corpora/emodb-names.txt', import.meta.url)
  const names = readFileSync(path, 'utf8').trim().split(/\s+/)
  expect(names).toHaveLength(535)
  const paths = names.map((name) => `wav/${name}.wav`)
  expect(await tally('emodb', paths, 'emotion')).toEqual({
    anger: 127,
    boredom: 81,
    disgust: 46,
    fear: 69,
    happiness: 71,
    sadness: 62,
    neutral: 79,
  })
  expect(await tally('emodb', paths, 'speakerId')).toEqual({
    '03': 49,
    '08': 58,
    '09': 43,
    '10': 38,
    '11': 55,
    '12': 35,
    '13': 61,
    '14': 69,
    '15': 56,
    '16': 71,
  })
})

test('RAVDESS: speech and song on request, of the same actors; song alone has six emotions', async () => {
  const paths = ['03-01-03-02-01-01-01', '03-02-03-02-01-01-01', '03-02-06-01-02-01-24'].map(
    (name) => `Actor_${name.slice(-2)}/${name}.flac`,
  )
  const both = await listingOf('ravdess', paths, { channels: ['speech', 'song'] })
  expect(both.entries.map(({ speakerId }) => speakerId)).toEqual(['01', '01', '24'])
  expect(both.classes).toHaveLength(8)
  expect(both.about.title).toMatch(/\(speech and song\)$/)
  const song = await listingOf('ravdess', paths, { channels: ['song'] })
  expect(song.classes).toEqual(['neutral', 'calm', 'happy', 'sad', 'angry', 'fearful'])
  expect(song.entries.map(({ utteranceId }) => utteranceId)).toEqual([
    '03-02-03-02-01-01-01',
    '03-02-06-01-02-01-24',
  ])
  expect(song.others.map(({ note }) => note)).toEqual(['speech'])
  expect(await notesOf('ravdess', 'Actor_01/03-02-07-01-01-01-01.wav')).toEqual(['skipped: song'])
  const sung = await listingOf('ravdess', ['Actor_01/03-02-07-01-01-01-01.wav'], {
    channels: ['song'],
  })
  expect(sung.others[0]!.note).toBe('disgust is never sung')
})

test('any sound format counts', async () => {
  const endings = ['wav', 'WAV', 'flac', 'mp3', 'ogg', 'opus', 'm4a']
  const paths = endings.map((ending, index) => `Actor_01/03-01-0${index + 2}-01-01-01-01.${ending}`)
  expect((await listingOf('ravdess', paths)).entries).toHaveLength(endings.length)
})

const demographics =
  'ActorID,Age,Sex,Race,Ethnicity\n1001,51,Male,Caucasian,Not Hispanic\n1002,21,Female,Caucasian,Not Hispanic\n'

test('CREMA-D: names give actor, sentence, emotion and level; the table of actors gives gender and age', async () => {
  const { classes, entries, others } = await listingOf('crema-d', {
    'AudioWAV/1001_DFA_ANG_XX.wav': '',
    'AudioWAV/1002_IEO_HAP_HI.wav': '',
    'AudioWAV/1040_ITH_SAD_X.wav': '',
    'VideoDemographics.csv': demographics,
    'SentenceFilenames.csv': '"","Filename"\n',
    'README.md': 'about',
  })
  expect(classes).toEqual(['anger', 'disgust', 'fear', 'happy', 'neutral', 'sad'])
  expect(others).toEqual([])
  expect(entries).toMatchObject([
    { speakerId: '1001', gender: 'male', emotion: 'anger', intensity: null, sentence: 'DFA' },
    { speakerId: '1002', gender: 'female', emotion: 'happy', intensity: 'high' },
    { speakerId: '1040', gender: 'unknown', emotion: 'sad', intensity: null, attributes: null },
  ])
  expect(entries[1]!.attributes).toBe('{"age":21}')
})

test('CREMA-D: without the table of actors the gender is unknown', async () => {
  const { entries } = await listingOf('crema-d', ['1001_DFA_ANG_XX.wav'])
  expect(entries[0]!.gender).toBe('unknown')
})

test.each([
  ['1000_DFA_ANG_XX.wav', 'rejected: actor is "1000", expected 1001 to 1091'],
  ['1092_DFA_ANG_XX.wav', 'rejected: actor is "1092", expected 1001 to 1091'],
  ['1001_DFA_ANGRY_XX.wav', /^rejected: emotion is "ANGRY", expected one of ANG, DIS/],
  ['1001_XYZ_ANG_XX.wav', /^rejected: sentence is "XYZ"/],
  ['1001_DFA_ANG_MX.wav', 'rejected: level is "MX", expected LO, MD, HI or XX'],
  ['1001_DFA_ANG.wav', /^rejected: the name is "1001_DFA_ANG"/],
])('CREMA-D: %s is left out: %s', async (path, expected) => {
  const [note] = await notesOf('crema-d', path)
  if (typeof expected === 'string') expect(note).toBe(expected)
  else expect(note).toMatch(expected)
})

test('TESS: the parts of the name are woman, word and emotion, in any case; one name lacks its F', async () => {
  const { classes, entries } = await listingOf('tess', [
    'OAF_Fear/OAF_back_fear.wav',
    'OAF_neutral/OA_bite_neutral.wav',
    'YAF_pleasant_surprised/YAF_back_ps.wav',
    'TESS/YAF_angry/yaf_dog_Angry.wav',
  ])
  expect(classes).toHaveLength(7)
  expect(
    entries.map(({ speakerId, sentence, emotion }) => `${speakerId} ${sentence} ${emotion}`),
  ).toEqual(['OAF back fear', 'OAF bite neutral', 'YAF dog angry', 'YAF back pleasant surprise'])
  expect(entries.every(({ gender }) => gender === 'female')).toBe(true)
  expect(entries.every(({ note }) => note === null)).toBe(true)
  expect(await notesOf('tess', 'OAF_back_bored.wav')).toEqual([
    'rejected: emotion is "bored", expected one of neutral, happy, sad, angry, fear, disgust, ps',
  ])
  expect(await notesOf('tess', 'back_angry.wav')).toEqual([
    'rejected: the name is "back_angry", expected one like OAF_back_angry.wav',
  ])
})

test('a file that lies in the folder of another class or speaker is used by its name, with a note', async () => {
  const noteOf = async (kind: Kind, path: string) =>
    (await listingOf(kind, [path])).entries[0]?.note
  expect(await noteOf('tess', 'OAF_happy/OAF_back_sad.wav')).toBe(
    'lies in the folder of OAF happy, but its name says OAF sad',
  )
  expect(await noteOf('tess', 'YAF_Pleasant_surprise/OAF_back_ps.wav')).toBe(
    'lies in the folder of YAF pleasant surprise, but its name says OAF pleasant surprise',
  )
  expect(await noteOf('tess', 'whatever/OAF_back_sad.wav')).toBeNull()
  expect(await noteOf('savee', 'KL/DC_a01.wav')).toBe(
    'lies in the folder of KL, but its name says DC',
  )
  expect(await noteOf('savee', 'ALL/DC_a01.wav')).toBeNull()
})

test('SAVEE: the speaker is in the name or is the folder; sad and surprise have two letters', async () => {
  const { entries } = await listingOf('savee', [
    'AudioData/DC/a01.wav',
    'AudioData/DC/sa15.wav',
    'ALL/KL_su03.wav',
    'ALL/JE_n30.wav',
  ])
  expect(
    entries.map(({ utteranceId, speakerId, emotion, sentence }) =>
      [utteranceId, speakerId, emotion, sentence].join(' '),
    ),
  ).toEqual([
    'JE_n30 JE neutral n30',
    'KL_su03 KL surprise 03',
    'DC_a01 DC anger 01',
    'DC_sa15 DC sadness sa15',
  ])
  expect(await notesOf('savee', 'DC/a16.wav')).toEqual([
    'rejected: sentence is "16", expected 01 to 15 for anger',
  ])
  expect(await notesOf('savee', 'XX/a01.wav')).toEqual([
    'rejected: neither its name nor a folder says the speaker, one of DC, JE, JK, KL',
  ])
  expect(await notesOf('savee', 'ALL/XX_a01.wav')).toEqual([
    'rejected: speaker is "XX", expected one of DC, JE, JK, KL',
  ])
  expect(await notesOf('savee', 'DC/x01.wav')).toEqual([
    'rejected: emotion is "x", expected one of a, d, f, h, n, sa, su',
  ])
})

test('SAVEE: capitals, and a folder of the speaker further up', async () => {
  const paths = ['A/JK/ANGER/A02.WAV', 'B/kl/surprise/su01.wav', 'C/JE_SA15.WAV', 'D/dc_n30.wav']
  const { entries } = await listingOf('savee', paths)
  expect(entries.map(({ utteranceId, emotion }) => `${utteranceId} ${emotion}`)).toEqual([
    'JK_a02 anger',
    'KL_su01 surprise',
    'JE_sa15 sadness',
    'DC_n30 neutral',
  ])
})

test('names that differ in case alone are the same utterance', async () => {
  for (const [kind, path, id] of [
    ['crema-d', 'AudioWAV/1001_DFA_ANG_XX.wav', '1001_DFA_ANG_XX'],
    ['tess', 'OAF_angry/OAF_back_angry.wav', 'OAF_back_angry'],
    ['savee', 'DC_a01.wav', 'DC_a01'],
  ] as const) {
    const { entries } = await listingOf(kind, [path, path.toLowerCase(), path.toUpperCase()])
    expect(entries.map(({ utteranceId }) => utteranceId)).toEqual([id, id, id])
  }
})

test('CREMA-D: its MP3s are passed over where they lie beside the waves, and else are the recordings', async () => {
  const wave = 'AudioWAV/1001_DFA_ANG_XX.wav'
  const copies = ['AudioMP3/1001_DFA_ANG_XX.mp3', 'AudioMP3/1002_DFA_ANG_XX.mp3']
  const { entries, others } = await listingOf('crema-d', [wave, ...copies])
  expect(entries.map(({ file }) => file)).toEqual([copies[1], wave])
  expect(others).toEqual([])
  expect((await listingOf('crema-d', copies)).entries).toHaveLength(2)
})

test('a second copy of the whole set is the same utterances again', async () => {
  for (const [kind, path] of [
    ['emodb', 'wav/03a01Fa.wav'],
    ['crema-d', 'AudioWAV/1001_DFA_ANG_XX.wav'],
    ['tess', 'OAF_angry/OAF_back_angry.wav'],
    ['savee', 'DC/DC_a01.wav'],
  ] as const) {
    const { entries } = await listingOf(kind, [path, `again/${path}`])
    expect(entries).toHaveLength(2)
    expect(new Set(entries.map(({ utteranceId }) => utteranceId)).size).toBe(1)
  }
})

test.each(Object.keys(corpora) as Kind[])(
  '%s: what systems leave lying about is passed over, and an example is shown',
  async (kind) => {
    if (kind === 'table' || kind === 'audformat') return
    const { entries, others } = await listingOf(kind, [
      '.DS_Store',
      '__MACOSX/._a.wav',
      'a/._b.wav',
    ])
    expect([entries, others]).toEqual([[], []])
    expect(corpora[kind].example).not.toBe('')
  },
)
