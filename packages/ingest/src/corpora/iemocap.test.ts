import { InputError } from '@serflow/core'
import { expect, test } from 'vitest'
import { listingOf, type Files } from './listing.fixture.js'

const header = '% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n'

type TurnLine = readonly [name: string, code: string, ...votes: string[]]

/** A dialogue in the documented shape: its summary file and a sound a turn. */
function dialogue(name: string, turns: readonly TurnLine[], root = ''): Files {
  const session = name[4]!
  const blocks = turns.map(([turn, code, ...votes], index) => {
    const lines = votes.map((vote, i) => `C-E${i + 1}:\t${vote};\t()\n`).join('')
    const start = (6.29 + 3.7 * index).toFixed(4)
    const end = (8.23 + 3.7 * index).toFixed(4)
    return (
      `[${start} - ${end}]\t${turn}\t${code}\t[2.5000, 3.5000, 4.0000]\n${lines}` +
      'C-F1:\tHappiness;\t(curious)\nA-E3:\tval 3; act 2; dom  2;\t()\n\n'
    )
  })
  return {
    [`${root}Session${session}/dialog/EmoEvaluation/${name}.txt`]: header + blocks.join(''),
    ...Object.fromEntries(
      turns.map(([turn]) => [`${root}Session${session}/sentences/wav/${name}/${turn}.wav`, '']),
    ),
  }
}

const first = dialogue('Ses01F_impro01', [
  ['Ses01F_impro01_F000', 'neu', 'Neutral', 'Neutral', 'Neutral'],
  ['Ses01F_impro01_F001', 'hap', 'Happiness'],
  ['Ses01F_impro01_M000', 'exc', 'Excited', 'Excited; Happiness', 'Sadness'],
  ['Ses01F_impro01_M001', 'xxx', 'Neutral', 'Frustration', 'Happiness'],
  ['Ses01F_impro01_F002', 'fru', 'Frustration'],
  ['Ses01F_impro01_M002', 'ang', 'Anger', 'Anger', 'Neutral; Anger'],
  ['Ses01F_impro01_F003', 'oth', 'Other'],
])
const second = dialogue('Ses02M_script01_1', [
  ['Ses02M_script01_1_M000', 'sad', 'Sadness'],
  ['Ses02M_script01_1_F000', 'exc', 'Excited'],
  ['Ses02M_script01_1_F001', 'sur', 'Surprise'],
  ['Ses02M_script01_1_M001', 'dis', 'Disgust'],
  ['Ses02M_script01_1_F002', 'fea', 'Fear'],
])
const both = { ...first, ...second }

function tally(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1
  return counts
}

test('excited that counts as happy is told with its count, unless it is a class', async () => {
  const merged = { label: 'excited', byDefault: true, utterances: 2 }
  expect((await listingOf('iemocap', both)).labelChanges).toEqual([
    { ...merged, countsAs: 'happy' },
  ])
  const joy = await listingOf('iemocap', both, { labels: { happy: 'joy' } })
  expect(joy.labelChanges).toEqual([
    { ...merged, countsAs: 'joy' },
    { label: 'happy', countsAs: 'joy', byDefault: false, utterances: 1 },
  ])
  const classes = ['neutral', 'happy', 'excited', 'angry', 'sad']
  expect((await listingOf('iemocap', both, { classes })).labelChanges).toEqual([])
})

test('a turn in the folder of another dialogue has a note', async () => {
  const { 'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav': _, ...rest } = both
  const moved = 'Session2/sentences/wav/Ses02M_script01_1/Ses01F_impro01_F000.wav'
  const { entries } = await listingOf('iemocap', { ...rest, [moved]: '' })
  expect(entries.flatMap(({ note }) => note ?? [])).toEqual([
    'lies in the folder of Session2 Ses02M_script01_1, but its name says Session1 Ses01F_impro01',
  ])
})

test('four classes: excited counts as happy, other labels and turns without majority are counted and left out', async () => {
  const { classes, entries, others } = await listingOf('iemocap', both)
  expect(classes).toEqual(['neutral', 'happy', 'sad', 'angry'])
  expect(tally(entries.map(({ emotion }) => emotion))).toEqual({
    neutral: 1,
    happy: 3,
    sad: 1,
    angry: 1,
  })
  expect(tally(others.map(({ status, note }) => `${status} ${note}`))).toEqual({
    'skipped label xxx: no majority': 1,
    'skipped label fru: frustrated': 1,
    'skipped label oth: other': 1,
    'skipped label sur: surprised': 1,
    'skipped label dis: disgust': 1,
    'skipped label fea: fearful': 1,
  })
})

test('a turn has its speaker, session, shares of votes and mean ratings', async () => {
  const { entries } = await listingOf('iemocap', both)
  const turn = entries.find(({ utteranceId }) => utteranceId === 'Ses01F_impro01_M000')
  expect(turn).toMatchObject({
    file: 'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_M000.wav',
    speakerId: 'Ses01M',
    gender: 'male',
    session: 'Ses01',
    startSeconds: null,
    // Excited, half of each, sadness: 2 of 3 for happy.
    labelShares: `{"happy":${2 / 3},"sad":${1 / 3}}`,
  })
  expect(JSON.parse(turn!.attributes!)).toEqual({
    dialogue: 'Ses01F_impro01',
    scenario: 'improvised',
    valence: 2.5,
    activation: 3.5,
    dominance: 4,
  })
})

test('the speaker is the letter before the number, whatever the dialogue is called', async () => {
  const letters = { Ses05F_impro01: 'FFM', Ses05M_impro01: 'FMM', Ses05M_script01_1b: 'FMF' }
  const files = Object.entries(letters).flatMap(([name, who]) =>
    Object.entries(
      dialogue(
        name,
        [...who].map((letter, i) => [`${name}_${letter}00${i}`, 'neu', 'Neutral']),
      ),
    ),
  )
  const { entries } = await listingOf('iemocap', Object.fromEntries(files))
  expect(tally(entries.map(({ speakerId }) => speakerId))).toEqual({ Ses05F: 5, Ses05M: 4 })
  expect(entries.every(({ session }) => session === 'Ses05')).toBe(true)
})

test('other classes on request, in the fixed order; excited is itself where it is named', async () => {
  const { classes, entries } = await listingOf('iemocap', both, {
    classes: ['frustrated', 'excited', 'happy', 'sad'],
  })
  expect(classes).toEqual(['happy', 'sad', 'excited', 'frustrated'])
  expect(tally(entries.map(({ emotion }) => emotion))).toEqual({
    happy: 1,
    sad: 1,
    excited: 2,
    frustrated: 1,
  })
  const wrong = listingOf('iemocap', both, { classes: ['happy', 'glad'] })
  await expect(wrong).rejects.toThrow(InputError)
  await expect(wrong).rejects.toThrow('IEMOCAP has no label "glad", expected some of neutral')
})

test('improvised dialogues alone on request', async () => {
  const { entries, others } = await listingOf('iemocap', both, { improvised: true })
  expect(tally(entries.map(({ session }) => session!))).toEqual({ Ses01: 4 })
  expect(tally(others.map(({ note }) => note)).scripted).toBe(5)
})

test('a turn without its sound and a sound without its turn are counted; a macOS twin is passed over', async () => {
  const { 'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav': _, ...rest } = first
  const { entries, others } = await listingOf('iemocap', {
    ...rest,
    'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F009.wav': '',
    'Session1/dialog/EmoEvaluation/._Ses01F_impro01.txt': '\0\u0005',
    'Session1/dialog/EmoEvaluation/Categorical/Ses01F_impro01_e1_cat.txt': '[not a turn',
    'Session1/dialog/wav/Ses01F_impro01.wav': '',
    'Session1/dialog/avi/Ses01F_impro01.avi': '',
  })
  expect(entries).toHaveLength(3)
  expect(others.filter(({ status }) => status === 'rejected')).toEqual([
    {
      file: 'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav',
      status: 'rejected',
      note: 'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav is labelled, but is not there',
    },
    {
      file: 'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F009.wav',
      status: 'rejected',
      note: 'no EmoEvaluation summary names this turn',
    },
  ])
})

test('the whole set again in an inner folder is the same utterances again; two labels are an error', async () => {
  const again = dialogue('Ses01F_impro01', [['Ses01F_impro01_F000', 'neu']], 'IEMOCAP/')
  const { entries } = await listingOf('iemocap', { ...first, ...again })
  const ids = entries.map(({ utteranceId }) => utteranceId)
  expect(ids.filter((id) => id === 'Ses01F_impro01_F000')).toHaveLength(2)
  const other = dialogue('Ses01F_impro01', [['Ses01F_impro01_F000', 'sad']], 'IEMOCAP/')
  await expect(listingOf('iemocap', { ...first, ...other })).rejects.toThrow(
    /label the turn Ses01F_impro01_F000 as sad and neu/,
  )
})

test('summaries may have other blanks, line ends, case and coding', async () => {
  const path = 'Session1/dialog/EmoEvaluation/Ses01F_impro01.txt'
  const text = String(first[path])
  const expected = (await listingOf('iemocap', first)).entries.map(({ emotion }) => emotion)
  const remark = Buffer.from(text.replace('(curious)', '(d\u00e9j\u00e0 vu)'), 'latin1')
  const { [path]: _, ...sounds } = first
  for (const files of [
    { [path]: text.replaceAll('\t', '    ') },
    { [path]: `\ufeff${text.replaceAll('\n', '\r\n')}` },
    { [path]: remark },
    { [path.replace('.txt', '.TXT')]: text },
    { [path.toLowerCase().replace('ses01f', 'Ses01F')]: text },
  ]) {
    const { entries } = await listingOf('iemocap', { ...sounds, ...files })
    expect(entries.map(({ emotion }) => emotion)).toEqual(expected)
  }
})

test('a line that is no turn is an error that names file and line', async () => {
  const path = 'Session1/dialog/EmoEvaluation/Ses01F_impro01.txt'
  const broken = { ...first, [path]: `${header}[6.29 - 8.23] Ses01F_impro01_F000 neu\n` }
  const run = listingOf('iemocap', broken)
  await expect(run).rejects.toThrow(InputError)
  await expect(run).rejects.toThrow(`"${path}", line 3: found "[6.29 - 8.23] Ses01F`)
})

test('the published counts: 5531 turns of 10,039 in four classes, by session', async () => {
  // Counts of the release by session: angry, happy with excited, sad, neutral.
  const sessions = [
    [229, 278, 194, 384],
    [137, 327, 197, 362],
    [240, 286, 305, 320],
    [327, 303, 143, 258],
    [170, 442, 245, 384],
  ]
  const codes = ['ang', 'exc', 'sad', 'neu', 'fru']
  const files = sessions.flatMap((counts, session) => {
    const name = `Ses0${session + 1}F_impro01`
    const turns = [...counts, 10].flatMap((count, code) =>
      Array.from({ length: count }, (_, i): TurnLine => [`${name}_F${code}${i}`, codes[code]!]),
    )
    return Object.entries(dialogue(name, turns))
  })
  const { entries, others } = await listingOf('iemocap', Object.fromEntries(files))
  expect(entries).toHaveLength(5531)
  expect(others).toHaveLength(50)
  expect(tally(entries.map(({ session }) => session!))).toEqual({
    Ses01: 1085,
    Ses02: 1023,
    Ses03: 1151,
    Ses04: 1031,
    Ses05: 1241,
  })
})
