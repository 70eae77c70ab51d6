import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listingOf } from './listing.fixture.js'
import { plainName } from './names.js'

test.each([
  ['a zero-width space', 'hap\u200bpy'],
  ['a zero-width joiner', 'happy\u200d'],
  ['a byte order mark', '\ufeffhappy'],
  ['a soft hyphen', 'hap\u00adpy'],
  ['marks of direction', '\u200ehap\u202cpy\u2069'],
  ['a word joiner', 'happy\u2060'],
  ['a selector of variants', 'happy\ufe0f'],
  ['a control', 'hap\u0000py\u007f'],
  ['blanks without break, and wide ones', '\u00a0happy\u3000'],
  ['a line', 'happy\r\n'],
])('%s is not seen', (_, text) => {
  expect(plainName(text)).toBe('happy')
})

test('blanks of any kind are one space, and letters in two signs are one', () => {
  expect(plainName('pleasant\u00a0\t surprise')).toBe('pleasant surprise')
  expect(plainName('a \u200b b')).toBe('a b')
  expect(plainName('fro\u0308h')).toBe('fr\u00f6h')
  expect(plainName('o\u200b\u0308')).toBe('\u00f6')
  expect(plainName('\u200b')).toBe('')
})

test('what is plain stays as it is', () => {
  for (const name of ['Größe Ω', 'デモ', '😊', 'an-1_b.c', 'العربية', '-0']) {
    expect(plainName(name)).toBe(name.normalize('NFC'))
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(plainName(plainName(text))).toBe(plainName(text))
    }),
    { numRuns: 2000 },
  )
})

const two = { 'a.wav': '', 'b.wav': '', 'c.wav': '' }

test('a table: labels, speakers and votes that look alike are one', async () => {
  const text =
    'file,\ufeffemotion,speaker,votes\n' +
    'a.wav,fro\u0308h,an\u200b,fro\u0308h:2\nb.wav,fr\u00f6h\u00ad,\u00a0an,\nc.wav,sad,be,fr\u00f6h\u200b:1;sad:3\n'
  const { classes, entries } = await listingOf('table', { 'l.csv': text, ...two })
  expect(classes).toEqual(['fr\u00f6h', 'sad'])
  expect(entries.map(({ speakerId, emotion }) => `${speakerId} ${emotion}`)).toEqual([
    'an fr\u00f6h',
    'an fr\u00f6h',
    'be sad',
  ])
  expect(entries[2]!.labelShares).toBe('{"fr\u00f6h":0.25,"sad":0.75}')
})

test('a cell of nothing that is seen is empty', async () => {
  const text = 'file,emotion,speaker\na.wav,\u200b,an\n'
  await expect(listingOf('table', { 'l.csv': text, ...two })).rejects.toThrow(
    '"l.csv", line 2: "a.wav" has no label',
  )
})

test('settings mean names as they are seen, in whichever form they are written', async () => {
  const text =
    'file,emotion,speaker\na.wav,fr\u00f6h,J\u00f6rg\nb.wav,sad,J\u00f6rg\nc.wav,m\u00fcde,be\n'
  const listed = (settings: object) => listingOf('table', { 'l.csv': text, ...two }, settings)
  const nfd = (name: string) => name.normalize('NFD')
  expect((await listed({ labels: { [nfd('fr\u00f6h')]: 'sad' } })).classes).toEqual([
    'sad',
    'm\u00fcde',
  ])
  expect((await listed({ labels: { [nfd('fr\u00f6h')]: null } })).entries).toHaveLength(2)
  expect((await listed({ where: { speaker: nfd('J\u00f6rg') } })).entries).toHaveLength(2)
  const classes = ['sad', nfd('m\u00fcde'), 'fr\u00f6h']
  expect((await listed({ classes })).classes).toEqual(['sad', 'm\u00fcde', 'fr\u00f6h'])
})

test('folders: the same for labels and for speakers', async () => {
  const paths = [
    'happy/an_1.wav',
    'happy\u200b/an\u200b_2.wav',
    'fro\u0308h/an_1.wav',
    'fr\u00f6h/an_2.wav',
  ]
  const { classes, entries } = await listingOf('folders', paths, { speaker: '^([^_]+)_' })
  expect(classes).toEqual(['fr\u00f6h', 'happy'])
  expect(new Set(entries.map(({ speakerId }) => speakerId))).toEqual(new Set(['an']))
})

test('audformat: the same for the labels of the scheme, for speakers and for what is known of them', async () => {
  const header = [
    'name: made',
    'schemes:',
    '  emotion: {dtype: str, labels: ["fro\u0308h", sad]}',
    '  speaker: {dtype: str, labels: {"an\u200b": {gender: female}, be: {gender: male}}}',
    'tables:',
    '  all: {type: filewise, columns: {emotion: {scheme_id: emotion}, speaker: {scheme_id: speaker}}}',
  ]
  const rows = 'file,emotion,speaker\na.wav,fr\u00f6h,an\nb.wav,sad\u200b,an\u200b\nc.wav,sad,be\n'
  const files = { 'db.yaml': header.join('\n'), 'db.all.csv': rows, ...two }
  const { classes, entries } = await listingOf('audformat', files)
  expect(classes).toEqual(['fr\u00f6h', 'sad'])
  expect(entries.map(({ speakerId, gender }) => `${speakerId} ${gender}`)).toEqual([
    'an female',
    'an female',
    'be male',
  ])
})
