import { readFileSync } from 'node:fs'
import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listingOf, soundsAt, type Files } from './listing.fixture.js'

const golden = (name: string) =>
  readFileSync(new URL(`../../../../tests/golden/corpora/${name}`, import.meta.url))

const head = 'file,label,speaker\n'

/** A table beside these sounds. */
const tabled = (
  text: string | Uint8Array,
  sounds: readonly string[],
  name = 'labels.csv',
): Files => ({
  [name]: text,
  ...soundsAt(sounds),
})
const list = (text: string | Uint8Array, sounds: readonly string[], settings: object = {}) =>
  listingOf('table', tabled(text, sounds), settings)

async function refusal(text: string | Uint8Array, settings: object = {}): Promise<string> {
  const error: unknown = await list(text, ['a.wav', 'b.wav'], settings).catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(InputError)
  const { message } = error as InputError
  expect(message).not.toContain('\n')
  return message
}

test('a row is an utterance; columns that have no name of their own are attributes', async () => {
  const { classes, entries, others } = await list(
    'file,label,speaker,gender,session,sentence,split,age,room,code\n' +
      'sub/a.wav,happy,anna,f,s1,hello,train,34,"hall, large",01\nb.wav,sad,bert,Male,,,,,,\n',
    ['sub/a.wav', 'b.wav', 'c.wav'],
  )
  expect(classes).toEqual(['happy', 'sad'])
  expect(entries).toMatchObject([
    {
      file: 'b.wav',
      utteranceId: 'b',
      speakerId: 'bert',
      gender: 'male',
      emotion: 'sad',
      attributes: null,
      session: null,
    },
    {
      corpus: 'table',
      file: 'sub/a.wav',
      utteranceId: 'a',
      speakerId: 'anna',
      gender: 'female',
      session: 's1',
      sentence: 'hello',
      split: 'train',
      attributes: '{"age":34,"room":"hall, large","code":"01"}',
    },
  ])
  expect(others).toEqual([{ file: 'c.wav', status: 'skipped', note: 'not in the table' }])
})

describe('the same rows however the table is written', () => {
  const sounds = ['größe.wav', 'b.wav']
  const expected = ['b sad 2', 'größe happy 1']
  const rows = [
    ['file', 'label', 'speaker'],
    ['größe.wav', 'happy', '1'],
    ['b.wav', 'sad', '2'],
  ]
  const written = (separator: string, end = '\n') =>
    rows.map((row) => row.join(separator)).join(end) + end
  const utf16 = (order: 'le' | 'be') => {
    const bytes = Buffer.from(`\uFEFF${written('\t')}`, 'utf16le')
    return order === 'le' ? bytes : bytes.swap16()
  }
  test.each<[string, string | Uint8Array]>([
    ['commas', written(',')],
    ['semicolons', written(';')],
    ['tabs', written('\t')],
    ['CRLF', written(',', '\r\n')],
    ['a byte order mark', `\uFEFF${written(',')}`],
    ['UTF-16', utf16('le')],
    ['UTF-16, big end first', utf16('be')],
    ['quotes', rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n')],
    ['blanks', rows.map((row) => row.join(' , ')).join('\n')],
    ['capitals in the header', written(',').replace('file,label', 'File, LABEL ')],
    ['other names', written(',').replace('file,label,speaker', 'path,emotion,Speaker_ID')],
    ['an index of pandas', rows.map((row, i) => [i === 0 ? '' : i, ...row].join(',')).join('\n')],
    ['empty lines', written(',').replace('\n', '\n\n') + '\n\n'],
    ['umlauts of two signs', written(',').normalize('NFD')],
    ['backslashes', written(',').replace('größe.wav', '.\\größe.wav')],
    ['absolute paths', written(',').replace('b.wav', '/made/b.wav')],
  ])('%s', async (_name, text) => {
    const { entries } = await list(text, sounds)
    expect(
      entries.map(
        ({ utteranceId, emotion, speakerId }) => `${utteranceId} ${emotion} ${speakerId}`,
      ),
    ).toEqual(expected)
  })
  test.each(['tsv', 'tab'])('.%s has tabs, whatever its header holds', async (ending) => {
    const text = 'file\tlabel\tspeaker\ta,b,c,d,e\ngröße.wav\thappy\t1\tx\nb.wav\tsad\t2\t\n'
    const { entries } = await listingOf('table', tabled(text, sounds, `labels.${ending}`))
    expect(entries.map(({ attributes }) => attributes)).toEqual([null, '{"a,b,c,d,e":"x"}'])
  })
})

test.each(['snappy', 'gzip', 'brotli', 'none', 'zstd', 'lz4'])(
  'Parquet as pandas writes it: %s',
  async (compression) => {
    const name = `table-${compression}.parquet`
    const files = tabled(golden(name), ['a.wav', 'größe.wav'], name)
    const { entries } = await listingOf('table', files)
    expect(entries).toMatchObject([
      {
        utteranceId: 'a@0000',
        startSeconds: 0,
        endSeconds: 1.25,
        speakerId: '1',
        emotion: 'happy',
        attributes: '{"take":1,"when":"2024-05-01T00:00:00.000Z"}',
      },
      {
        utteranceId: 'a@0001.25',
        startSeconds: 1.25,
        endSeconds: 2.5,
        speakerId: '2',
        attributes: null,
      },
      {
        utteranceId: 'größe',
        startSeconds: null,
        endSeconds: null,
        attributes: '{"take":3,"when":"2024-05-02T00:00:00.000Z"}',
      },
    ])
  },
)

test('several utterances of a file are named by their start, in the order of time, and may overlap', async () => {
  const { entries } = await list(
    'file,label,speaker,start,end\na.wav,happy,1,100.5,102\na.wav,sad,2,9.25,101\na.wav,sad,1,9.25,10\na.wav,sad,1,200,\n',
    ['a.wav'],
  )
  expect(entries.map(({ utteranceId }) => utteranceId)).toEqual([
    'a@0009.25-0010',
    'a@0009.25-0101',
    'a@0100.5',
    'a@0200',
  ])
  expect([...entries].sort((l, r) => (l.utteranceId < r.utteranceId ? -1 : 1))).toEqual(entries)
  expect(entries[3]).toMatchObject({ startSeconds: 200, endSeconds: null })
})

test('times are seconds, or a clock as pandas writes it', async () => {
  const { entries } = await list(
    'file,label,speaker,start,end\na.wav,happy,1,0 days 00:00:01.898250,00:01:02.5\na.wav,sad,1,1e2,1 days 00:00:00\n' +
      'a.wav,sad,1,NaT,.5\nb.wav,sad,1,0 days,1 days\n',
    ['a.wav', 'b.wav'],
  )
  expect(entries.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
    [0, 0.5],
    [1.89825, 62.5],
    [100, 86400],
    [0, 86400],
  ])
  const bad = await refusal('file,label,speaker,start\na.wav,happy,1,00:61:00\n')
  expect(bad).toMatch(/start is "00:61:00", expected seconds/)
})

test('one of two columns for a field is named in the settings, the other is an attribute', async () => {
  const text = 'file,label,emotion,speaker\na.wav,x,happy,1\nb.wav,y,sad,2\n'
  const { classes, entries } = await list(text, ['a.wav', 'b.wav'], {
    columns: { emotion: 'emotion' },
  })
  expect(classes).toEqual(['happy', 'sad'])
  expect(entries[0]!.attributes).toBe('{"label":"x"}')
})

test('a word in brackets is a label as any other', async () => {
  const { classes } = await list(`${head}a.wav,[other],1\nb.wav,{x},2\n`, ['a.wav', 'b.wav'])
  expect(classes).toEqual(['[other]', '{x}'])
})

test('one part of a file has the name of the file, and an id column names what it names', async () => {
  const { entries } = await list(
    'id,file,label,speaker,start\n,a.wav,happy,1,2\nfirst,b.wav,sad,1,\n',
    ['a.wav', 'b.wav'],
  )
  expect(entries.map(({ utteranceId, startSeconds }) => [utteranceId, startSeconds])).toEqual([
    ['a', 2],
    ['first', null],
  ])
})

test('two files of one name in other folders, or of other endings, are told apart', async () => {
  const paths = ['x/1.wav', 'y/1.wav', 'z/2.wav', 'z/2.flac']
  const rows = paths.map((path, i) => `${path},${i % 2 ? 'sad' : 'happy'},s`).join('\n')
  const { entries } = await list(`file,label,speaker\n${rows}\n`, paths)
  expect(entries.map(({ utteranceId }) => utteranceId)).toEqual([
    'x/1',
    'y/1',
    'z/2.flac',
    'z/2.wav',
  ])
})

test('paths are from the folder of the table, or from the corpus folder', async () => {
  const text = 'file,label,speaker\n../audio/a.wav,happy,1\naudio/b.wav,sad,1\n'
  const files = tabled(text, ['audio/a.wav', 'audio/b.wav'], 'meta/labels.csv')
  const { entries } = await listingOf('table', files)
  expect(entries.map(({ file }) => file)).toEqual(['audio/a.wav', 'audio/b.wav'])
})

describe('votes decide by plurality, after the label map', () => {
  const sounds = ['a.wav', 'b.wav', 'c.wav']
  test.each([
    ['pairs', 'file,speaker,votes\na.wav,1,happy:3; sad:1\nb.wav,1,sad=2\nc.wav,1,happy:1;sad:1\n'],
    [
      'JSON',
      'file,speaker,votes\na.wav,1,"{""happy"":3,""sad"":1}"\nb.wav,1,"{""sad"":2}"\nc.wav,1,"{""happy"":1,""sad"":1}"\n',
    ],
    [
      'a list',
      'file,speaker,votes\na.wav,1,happy;happy;sad;happy\nb.wav,1,sad|sad\nc.wav,1,happy;sad\n',
    ],
    [
      'a list as JSON',
      'file,speaker,votes\na.wav,1,"[""happy"",""happy"",""sad"",""happy""]"\nb.wav,1,"[""sad"",null]"\nc.wav,1,"[""happy"",""sad""]"\n',
    ],
    [
      'semicolons and JSON in quotes',
      'file;speaker;votes\na.wav;1;"{""happy"":3,""sad"":1}"\nb.wav;1;"{""sad"":2,""happy"":null}"\nc.wav;1;happy|sad\n',
    ],
    ['columns', 'file,speaker,vote_happy,vote_sad\na.wav,1,3,1\nb.wav,1,,2\nc.wav,1,1,1\n'],
  ])('%s', async (_name, text) => {
    const { classes, entries, others } = await list(text, sounds)
    expect(classes).toEqual(['happy', 'sad'])
    expect(entries.map(({ emotion, labelShares }) => [emotion, labelShares])).toEqual([
      ['happy', '{"happy":0.75,"sad":0.25}'],
      ['sad', '{"sad":1}'],
    ])
    expect(others).toEqual([{ file: 'c.wav', status: 'skipped', note: 'no majority of votes' }])
  })
  test('between tabs a quote within a cell is text, so that JSON needs none around it', async () => {
    const text =
      'file\tspeaker\tvotes\tsentence\na.wav\t1\t{"happy":3,"sad":1}\tsay "yes"\nb.wav\t1\t["sad"]\t"a ""b"" c"\n'
    const files = tabled(text, ['a.wav', 'b.wav'], 'l.tsv')
    const { entries } = await listingOf('table', files)
    expect(entries.map(({ emotion, sentence }) => [emotion, sentence])).toEqual([
      ['happy', 'say "yes"'],
      ['sad', 'a "b" c'],
    ])
  })
  test('a map merges votes before they are counted, and drops those it leaves out', async () => {
    const text =
      'file,speaker,votes\na.wav,1,happy:1;excited:1;sad:1\nb.wav,1,sad:1;fru:3\nc.wav,1,fru:2\n'
    const labels = { excited: 'happy', fru: null }
    const { classes, entries, others } = await list(text, sounds, { labels })
    expect(classes).toEqual(['happy', 'sad'])
    expect(entries.map(({ emotion, labelShares }) => [emotion, labelShares])).toEqual([
      ['happy', `{"happy":${2 / 3},"sad":${1 / 3}}`],
      ['sad', '{"sad":1}'],
    ])
    expect(others[0]!.note).toBe('votes only for labels left out by corpus.labels')
  })
  test('a label that is given goes before the votes', async () => {
    const text = 'file,speaker,label,votes\na.wav,1,sad,happy:3;sad:1\nb.wav,1,happy,\n'
    const { entries } = await list(text, sounds)
    expect(entries.map(({ emotion, labelShares }) => [emotion, labelShares])).toEqual([
      ['sad', '{"happy":0.75,"sad":0.25}'],
      ['happy', null],
    ])
  })
  test('shares add up to 1', async () => {
    const counts = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)).filter(([a, b]) => a > b)
    await fc.assert(
      fc.asyncProperty(counts, async ([a, b, c]) => {
        const text = `file,speaker,label,vote_x,vote_y,vote_z\na.wav,1,x,${a},${b},${c}\nb.wav,1,y,0,1,\n`
        const { entries } = await list(text, ['a.wav', 'b.wav'])
        const shares = JSON.parse(entries[0]!.labelShares!) as Record<string, number>
        expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
      }),
      { numRuns: 20 },
    )
  })
})

test.each([
  ['', '"labels.csv" is empty, expected a header and rows'],
  [head, '"labels.csv" has a header, but no row'],
  [
    'name,label\nx,y\n',
    /has no column "file"; it has name, label; expected file, emotion and speaker/,
  ],
  ['file,speaker\na.wav,1\n', /has no column "emotion"/],
  [
    'file,Label,label\na.wav,x,y\n',
    '"labels.csv" has the column "label" twice; rename one of them',
  ],
  [
    `${head}a.wav,happy\n`,
    /^"labels.csv", line 2: found 2 cells, expected 3 as in the header; mend the row/,
  ],
  [`${head}a.wav,"happy,1\n`, /"labels.csv": Quote Not Closed/],
  [`${head},happy,1\n`, '"labels.csv", line 2: the file is empty; name it or remove the row'],
  [
    `${head}a.wav,happy,1\nb.wav,,1\n`,
    '"labels.csv", line 3: "b.wav" has no label; give it one or remove the row (NA, NaN and None are no labels)',
  ],
  [
    `${head}a.wav,happy,1\n\nmissing.wav,sad,1\n`,
    /^"labels.csv", line 4: there is no file "missing.wav" in \/made; mend/,
  ],
  [`${head}A.WAV,happy,1\n`, /there is no file "A.WAV" in \/made, but "a.wav" is there/],
  [`${head}a,happy,1\n`, /there is no file "a" in \/made, but "a.wav" is there/],
  [`${head}../../etc/a.wav,happy,1\n`, /there is no file/],
  [
    `${head}a.wav,happy,1\n"a.wav",sad,2\n`,
    /^"labels.csv", line 3: the same part of "a.wav" as in "labels.csv", line 2; remove one row, or where annotators/,
  ],
  [
    `id,${head}x,a.wav,happy,1\nx,b.wav,sad,2\n`,
    /line 3: the id "x" stands in "labels.csv", line 2 already/,
  ],
  [
    `start,end,${head}2,1,a.wav,happy,1\n`,
    '"labels.csv", line 2: the end, 1 s, is not behind the start, 2 s; mend the row',
  ],
  [
    `emotion,${head}sad,a.wav,happy,1\n`,
    '"labels.csv" has the columns "label" and "emotion", expected one for emotion; say which by corpus.columns: {emotion: label}',
  ],
  [
    `speaker_id,${head}1,a.wav,happy,1\n`,
    /has the columns "speaker" and "speaker_id", expected one for speaker/,
  ],
  [
    `votes,${head}"[1,2]",a.wav,happy,1\n`,
    /line 2: found 1 among the votes, expected a list of labels/,
  ],
  [`votes,${head}"{""happy"":{""x"":1}}",a.wav,happy,1\n`, /line 2: found "happy:\{"x":1\}" among/],
  [`votes,${head}['don't],a.wav,happy,1\n`, /line 2: the votes are no JSON: \['don't\]; expected/],
  [
    `${head}a.wav,"[""happy"",""sad""]",1\n`,
    '"labels.csv", line 2: emotion is ["happy","sad"], expected one word; annotators may disagree in the column votes',
  ],
  [
    `start;file;label;speaker\n1,5;a.wav;happy;1\n`,
    '"labels.csv", line 2: start is "1,5", expected seconds such as 1.25; write 1.5',
  ],
  [`start,${head}-1,a.wav,happy,1\n`, /start is "-1", expected seconds/],
  [`start,${head}0:01,a.wav,happy,1\n`, /start is "0:01", expected seconds/],
  [
    `end,${head}500000000,a.wav,happy,1\n`,
    '"labels.csv", line 2: end is 500000000, which would be 5787 days; write it in seconds, such as 1.25',
  ],
  [`votes,${head}happy:x,a.wav,happy,1\n`, /line 2: found "happy:x" among the votes/],
  [`votes,${head}{oops,a.wav,happy,1\n`, /line 2: the votes are no JSON/],
  [
    `${head}a.wav,Happy,1\nb.wav,happy,1\n`,
    /labels "Happy" \(a.wav\) and "happy" \(b.wav\) differ only in case/,
  ],
  [`${head}a.wav,happy,1\nb.wav,happy,1\n`, /one class \(happy\) is left, expected at least two/],
  [
    `${head}a.wav,happy,1\nb.wav,sad,\n`,
    /^table: the speaker of "b.wav" is not known, so that no fold can keep speakers apart/,
  ],
  [
    Buffer.from(`${head}größe.wav,happy,1\n`, 'latin1'),
    '"labels.csv" is not UTF-8 text; save it as UTF-8',
  ],
])('%j is refused', async (text, expected) => {
  const message = await refusal(text)
  if (typeof expected === 'string') expect(message).toBe(expected)
  else expect(message).toMatch(expected)
})

test.each([
  ['anna', 'Anna'],
  ['1', '01'],
])(
  'speakers "%s" and "%s" look like one, who would be on both sides of a fold',
  async (one, other) => {
    expect(await refusal(`${head}a.wav,happy,${one}\nb.wav,sad,${other}\n`)).toMatch(
      /look like one, who would be/,
    )
  },
)

test('sessions that look like one are an error, and sentences that do are one sentence', async () => {
  const columns = 'file,label,speaker,session,sentence\n'
  expect(await refusal(`${columns}a.wav,happy,1,Ses1,\nb.wav,sad,2,ses01,\n`)).toMatch(
    /the sessions "Ses1" \(a.wav\) and "ses01" \(b.wav\) look like one/,
  )
  const { entries } = await list(`${columns}a.wav,happy,1,,Go on.\nb.wav,sad,2,,go on\n`, [
    'a.wav',
    'b.wav',
  ])
  expect(entries.map(({ sentence }) => sentence)).toEqual(['Go on.', 'Go on.'])
})

test('a cell that goes over two lines does not shift the lines that are told', async () => {
  const text = `${head}a.wav,"hap\npy",1\nb.wav,,1\n`
  expect(await refusal(text)).toMatch(/^"labels.csv", line 4: "b.wav" has no label/)
})

test.each(['./a/l\u00e4.csv', 'a\\l\u00e4.csv', '/made/a/l\u00e4.csv', 'a/l\u00e4.csv'])(
  'the table may be written as %s',
  async (table) => {
    const text = `${head}x.wav,happy,1\ny.wav,sad,1\n`
    const files = { 'a/la\u0308.csv': text, 'b.csv': head, 'a/x.wav': '', 'a/y.wav': '' }
    expect((await listingOf('table', files, { table })).entries).toHaveLength(2)
  },
)

test('a table that is not there, none, and several are refused with what is there', async () => {
  expect(await refusal(head, { table: 'other.csv' })).toMatch(/"other.csv": there is no such table/)
  await expect(listingOf('table', ['a.wav'])).rejects.toThrow(/there is no table/)
  const two = { 'a.csv': head, 'b.tsv': head }
  await expect(listingOf('table', two)).rejects.toThrow(/2 tables \(a.csv, b.tsv\); say which/)
})

test('columns of other names are named in the settings', async () => {
  const text = 'clip,feeling,actor\na.wav,happy,1\nb.wav,sad,2\n'
  const columns = { file: 'Clip', emotion: 'feeling', speaker: 'actor' }
  const { entries } = await list(text, ['a.wav', 'b.wav'], { columns })
  expect(entries.map(({ speakerId }) => speakerId)).toEqual(['1', '2'])
  expect(await refusal(text, { columns: { ...columns, speaker: 'who' } })).toBe(
    'corpus.columns.speaker: "labels.csv" has no column "who"; it has clip, feeling, actor',
  )
})

test('classes may be given in their order; a label that is none of them is an error', async () => {
  const text = `${head}a.wav,sad,1\nb.wav,happy,1\n`
  const { classes } = await list(text, ['a.wav', 'b.wav'], { classes: ['sad', 'happy', 'angry'] })
  expect(classes).toEqual(['sad', 'happy', 'angry'])
  expect(await refusal(text, { classes: ['sad', 'hapy'] })).toMatch(
    /the label "happy" \(b.wav\) is none of corpus.classes \(sad, hapy\)/,
  )
})

test('without speakers it needs to be said; then a stand-in goes by what is in the file', async () => {
  const text = 'file,label\na.wav,happy\nb.wav,sad\ncopy of a.wav,happy\n'
  const files = { ...tabled(text, []), 'a.wav': 'one', 'b.wav': 'two', 'copy of a.wav': 'one' }
  await expect(listingOf('table', files)).rejects.toThrow(/corpus.speakers: unknown/)
  const { entries, speakersKnown } = await listingOf('table', files, { speakers: 'unknown' })
  expect(speakersKnown).toBe(false)
  const [a, b, copy] = entries.map(({ speakerId }) => speakerId)
  expect(a).toMatch(/^unknown-\d\d$/)
  expect(copy).toBe(a)
  expect(b).not.toBe(a)
})

test("the title, licence and citation are the user's", async () => {
  const said = { title: 'Calls', licence: 'internal', citation: 'nobody', name: 'calls' }
  const { about, entries } = await list(
    `${head}a.wav,happy,1\nb.wav,sad,1\n`,
    ['a.wav', 'b.wav'],
    said,
  )
  expect(about).toEqual({ title: 'Calls', licence: 'internal', citation: 'nobody' })
  expect(entries[0]!.corpus).toBe('calls')
})
