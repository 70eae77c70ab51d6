import { InputError } from '@serflow/core'
import { expect, test } from 'vitest'
import { listingOf } from './listing.fixture.js'
import { columnsOf } from './table-columns.js'

const columns = (...names: string[]) => columnsOf({ columns: names }, {}, 'l.csv')

test.each([
  ['file', 'file_name', 'file name', 'filepath', 'audio-path', 'audio_filepath', 'path', 'wav'],
  ['speaker', 'speaker id', 'speaker_id', 'speakerid', 'speaker-id', 'spk'],
  ['start', 'start_time', 'starttime', 'start (s)', 'start [sec]', 'start seconds', 'begin'],
  ['end', 'end_time', 'endtime', 'end (s)', 'end_sec', 'stop'],
] as const)('%s may be called otherwise', (field, ...others) => {
  for (const name of [field, ...others]) {
    const rest = ['file', 'label'].filter((each) => each !== field)
    expect(columns(name, ...rest)[field], name).toBe(name)
  }
})

test.each([
  [['start', 'duration'], { start: 'start', duration: 'duration' }],
  [['offset', 'duration'], { start: 'offset', duration: 'duration' }],
  [['onset', 'offset'], { start: 'onset', end: 'offset' }],
  [['start', 'end', 'duration'], { start: 'start', end: 'end' }],
  [['duration'], {}],
  [['offset'], {}],
  [['start', 'end', 'start_ms', 'end_ms'], { start: 'start', end: 'end' }],
  [['begin_quality', 'endless', 'starts_with'], {}],
])('of %j times are %j', (names, times) => {
  expect(columns('file', 'label', ...names)).toEqual({ file: 'file', emotion: 'label', ...times })
})

test.each(['start_ms', 'end (ms)', 'start_frame', 'end_samples', 'onset_ns'])(
  'the column "%s" alone would be passed over, and the whole file used',
  (name) => {
    expect(() => columns('file', 'label', name)).toThrow(InputError)
    expect(() => columns('file', 'label', name)).toThrow(`has the column "${name}", expected times`)
  },
)

test('a part by its start and duration', async () => {
  const text =
    'Audio_FilePath,Label,Speaker ID,Offset,Duration\na.wav,happy,1,1.5,2\na.wav,sad,1,4,\n'
  const { entries } = await listingOf('table', { 'l.csv': text, 'a.wav': '' })
  expect(entries.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
    [1.5, 3.5],
    [4, null],
  ])
})

test('columns of votes keep the case of their labels', async () => {
  const text = 'file,Emotion,speaker,vote_Happy,Vote_Sad\na.wav,Happy,1,3,1\nb.wav,Sad,1,0,2\n'
  const { classes, entries } = await listingOf('table', { 'l.csv': text, 'a.wav': '', 'b.wav': '' })
  expect(classes).toEqual(['Happy', 'Sad'])
  expect(entries.map(({ labelShares }) => labelShares)).toEqual([
    '{"Happy":0.75,"Sad":0.25}',
    '{"Sad":1}',
  ])
})

test.each(["{'happy': 2, 'sad': 1}", '{"happy": 2, "sad": 1}', "['happy', 'sad', 'happy']"])(
  'votes as pandas writes them: %s',
  async (votes) => {
    const text = `file\tspeaker\tvotes\na.wav\t1\t${votes}\nb.wav\t1\tsad\n`
    const { entries } = await listingOf('table', { 'l.tsv': text, 'a.wav': '', 'b.wav': '' })
    expect(entries[0]).toMatchObject({
      emotion: 'happy',
      labelShares: `{"happy":${2 / 3},"sad":${1 / 3}}`,
    })
  },
)
