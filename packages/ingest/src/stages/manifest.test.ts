import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError, manifestTable } from '@serflow/core'
import { expect, test } from 'vitest'
import { listingOf } from '../corpora/listing.fixture.js'
import { chunk, fmt, namedClip, pcm16, plainWav, riff, signal, tone } from '../wav.fixture.js'
import { corpusConfig } from '../config.js'
import { readerKernel } from '../kernels/reader-kernel.js'
import { resample } from '../resample.js'
import { sampleClip } from '../sample/sample-corpus.js'
import { decodeWav, encodeWav } from '../wav.js'
import { corpusStage } from './corpus.js'
import { manifestStage } from './manifest.js'
import { context, opened, rawFile } from './stage.fixture.js'

async function manifestOf(sounds: Readonly<Record<string, Uint8Array>>) {
  const files = Object.entries(sounds).map(([path, bytes]) => rawFile(path, bytes))
  const { entries } = await listingOf('ravdess', sounds)
  return manifestStage.run({ entries, files, reader }, {}, context)
}

const reader = readerKernel()
const happy = 'Actor_01/03-01-03-01-01-01-01.wav'
const happyAgain = 'Actor_01/03-01-03-01-01-02-01.wav'
const sad = 'Actor_01/03-01-04-01-01-01-01.wav'

test('a file gives its rate, channels, duration and digests', async () => {
  const both = signal(4800).flatMap((value) => [value, 0])
  const bytes = riff([fmt({ channels: 2, rate: 48000 }), chunk('data', pcm16(both))])
  const rows = await manifestOf({ [happy]: bytes })
  expect(rows).toEqual([
    {
      corpus: 'ravdess',
      startSeconds: null,
      endSeconds: null,
      labelShares: null,
      session: null,
      split: null,
      attributes: '{"channel":"speech","repetition":"01"}',
      utteranceId: '03-01-03-01-01-01-01',
      file: happy,
      fileDigest: rawFile(happy, bytes).digest,
      speakerId: '01',
      gender: 'male',
      emotion: 'happy',
      sentence: '01',
      intensity: 'normal',
      sampleRateHz: 48000,
      channels: 2,
      durationSeconds: 0.1,
      samplesDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      fingerprint: null,
      sameSoundAs: null,
      status: 'used',
      note: null,
    },
  ])
  expect(await manifestTable.decode(await manifestTable.encode(rows))).toEqual(rows)
})

test('the digest of the samples is of float32 samples behind their rate, without zeros at the ends', async () => {
  const rows = await manifestOf({ [happy]: plainWav([0, 16384, -32768, 0], 8000) })
  // python3 -c "import hashlib, struct; print(hashlib.sha256(struct.pack('<I2f', 8000, 0.5, -1)).hexdigest())"
  expect(rows[0]!.samplesDigest).toBe(
    '5a5f29a61aede39489805441be8cc04fc59a518e7095f05c2c6432897fc2f7fe',
  )
})

test('one bad file does not stop the others: it becomes a row that says why', async () => {
  const rows = await manifestOf({
    [sad]: new Uint8Array(),
    [happy]: Uint8Array.from(Buffer.from('this is not sound\n')),
    [happyAgain]: namedClip('good').subarray(0, 1001),
  })
  expect(rows.map(({ file, status }) => [file, status])).toEqual([
    [happy, 'unreadable'],
    [happyAgain, 'used'],
    [sad, 'unreadable'],
  ])
  expect(rows[0]!.note).toMatch(/is text, not sound/)
  expect(rows[1]!.note).toMatch(/^truncated: /)
  expect(rows[2]).toMatchObject({ durationSeconds: null, samplesDigest: null, sampleRateHz: null })
})

test('the same files in an inner folder are duplicates of the first path', async () => {
  const inner = `audio_speech/${happy}`
  const rows = await manifestOf({ [inner]: namedClip('a'), [happy]: namedClip('a') })
  expect(rows.map(({ file, status, note }) => [file, status, note])).toEqual([
    [happy, 'used', null],
    [inner, 'duplicate', `a copy of ${happy}`],
  ])
})

test('one recording under one name in two formats is a duplicate of the first path', async () => {
  const bytes = sampleClip('03-01-05-01-01-01-01')
  const { audio } = decodeWav(bytes, 'x')
  const telephone = resample({ ...audio, samples: audio.samples.map((x) => x / 3) }, 8000)
  const inner = `telephone/${happy}`
  const rows = await manifestOf({ [happy]: bytes, [inner]: encodeWav(telephone) })
  expect(rows.map(({ file, status, note }) => [file, status, note])).toEqual([
    [happy, 'used', null],
    [inner, 'duplicate', `a copy of ${happy}`],
  ])
  expect(rows[0]!.fingerprint).toMatch(/^[\w+/]+=*$/)
})

test('one name with two sounds is an error that names both files', async () => {
  const inner = `audio_speech/${happy}`
  const run = manifestOf({ [happy]: namedClip('a'), [inner]: namedClip('b') })
  await expect(run).rejects.toThrow(InputError)
  await expect(run).rejects.toThrow(`"${happy}" and "${inner}" have the same name`)
})

test('the same sound under another name and the same label is kept, and both are noted', async () => {
  const rows = await manifestOf({ [happy]: namedClip('a'), [happyAgain]: namedClip('a') })
  expect(rows.map(({ status, note }) => [status, note])).toEqual([
    ['used', `same samples as ${happyAgain}`],
    ['used', `same samples as ${happy}`],
  ])
})

test('the same samples at another rate are another sound', async () => {
  const rows = await manifestOf({
    [happy]: plainWav(tone(100), 16000),
    [sad]: plainWav(tone(100), 8000),
  })
  expect(rows.map(({ note }) => note)).toEqual([null, null])
})

test('one sound with two labels is an error that names both files', async () => {
  const run = manifestOf({ [happy]: namedClip('a'), [sad]: namedClip('a') })
  await expect(run).rejects.toThrow(InputError)
  await expect(run).rejects.toThrow(`"${happy}" (happy) and "${sad}" (sad) are the same sound`)
})

test('an entry of another speaker or without its file is a defect', async () => {
  const files = [rawFile(happy, namedClip('a'))]
  const { entries } = await listingOf('ravdess', [happy])
  const other = { ...context, part: { speaker: '02' } }
  await expect(async () =>
    manifestStage.run({ entries, files, reader }, {}, other),
  ).rejects.toThrow(/is of speaker 01, not 02/)
  await expect(async () =>
    manifestStage.run({ entries, files: [], reader }, {}, context),
  ).rejects.toThrow(/not among the files/)
})

test('a sound that is shorter than a sample at 16 kHz is none', async () => {
  const rows = await manifestOf({
    'Actor_01/03-01-05-01-01-01-01.wav': plainWav([1000], 48000),
    'Actor_01/03-01-05-01-01-02-01.wav': plainWav([1000], 16000),
  })
  expect(rows.map(({ status }) => status)).toEqual(['unreadable', 'used'])
  expect(rows[0]!.note).toMatch(/03-01-05-01-01-01-01.wav" is shorter than a sample at 16 kHz/)
})

/** Utterances of one recording by a table. */
async function cutManifest(rows: string, sounds: Readonly<Record<string, Uint8Array>>) {
  const files = Object.entries(sounds).map(([path, bytes]) => ({
    ...rawFile(path, bytes),
    open: async () => {
      reads.push(path)
      return opened(bytes)
    },
  }))
  const reads: string[] = []
  const table = `file,label,speaker,start,end\n${rows}`
  const { entries } = await listingOf('table', { ...sounds, 'labels.csv': table })
  return { rows: await manifestStage.run({ entries, files, reader }, {}, context), reads }
}

test('utterances of one file are cut from it, which is read once; what lies outside of it is named', async () => {
  const long = plainWav(tone(4000), 8000)
  const { rows, reads } = await cutManifest(
    'a.wav,happy,1,0.25,0.375\na.wav,sad,1,0,0.25\na.wav,sad,1,3,4\na.wav,happy,1,0.4,9\n',
    { 'a.wav': long },
  )
  expect(reads).toEqual(['a.wav'])
  expect(
    rows.map(({ utteranceId, status, durationSeconds }) => [utteranceId, status, durationSeconds]),
  ).toEqual([
    ['a@0000', 'used', 0.25],
    ['a@0000.25', 'used', 0.125],
    ['a@0000.4', 'used', 0.1],
    ['a@0003', 'unreadable', null],
  ])
  expect(rows[2]!.note).toMatch(/^cut short: the file ends 8.5 s before/)
  expect(rows[3]!.note).toMatch(/ends at 0.5 s, before the utterance that begins at 3 s/)
  expect(new Set(rows.map(({ samplesDigest }) => samplesDigest)).size).toBe(4)
})

test('the digest of a cut is that of a file with the same samples', async () => {
  const { rows } = await cutManifest('a.wav,happy,1,0.25,0.375\nb.wav,sad,1,,\n', {
    'a.wav': plainWav(tone(4000), 8000),
    'b.wav': plainWav(tone(4000).slice(2000, 3000), 8000),
  }).catch((error: unknown) => ({ rows: [String(error)] }))
  expect(rows[0]).toMatch(/"a.wav" from 0.25 s \(happy\) and "b.wav" \(sad\) are the same sound/)
})

test('what is wrong with a file is told once, not with each of its utterances', async () => {
  const cut = plainWav(tone(4000), 8000).subarray(0, 7001)
  const { rows } = await cutManifest('a.wav,happy,1,0,0.1\na.wav,sad,1,0.1,0.25\n', {
    'a.wav': cut,
  })
  expect(rows[0]!.note).toMatch(/^truncated: /)
  expect(rows[1]!.note).toBeNull()
})

test('a copy of a file under its own name in another folder is one, whatever the ids', async () => {
  const bytes = namedClip('a')
  const { rows } = await cutManifest('x/a.wav,happy,1,,\ny/a.wav,happy,1,,\nb.wav,sad,1,,\n', {
    'x/a.wav': bytes,
    'y/a.wav': bytes,
    'b.wav': namedClip('b'),
  })
  expect(rows.map(({ file, status }) => `${file} ${status}`)).toEqual([
    'b.wav used',
    'x/a.wav used',
    'y/a.wav duplicate',
  ])
})

test('all of real RAVDESS is read: 1440 utterances, the identical pair kept and noted', async () => {
  const root = process.env.SERFLOW_RAVDESS
  if (!root) {
    console.log('SERFLOW_RAVDESS is not set: reading of real recordings is not checked')
    return
  }
  const manifests = []
  for (let speaker = 1; speaker <= 24; speaker++) {
    const folder = `Actor_${String(speaker).padStart(2, '0')}`
    const sounds = readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.wav'))
      .map((name) => [`${folder}/${name}`, readFileSync(join(root, folder, name))] as const)
    manifests.push(await manifestOf(Object.fromEntries(sounds)))
  }
  const rows = await corpusStage.run({ manifests, others: [] }, corpusConfig.parse({}), context)
  expect(rows).toHaveLength(1440)
  expect(rows.every(({ status }) => status === 'used')).toBe(true)
  const pair = ['Actor_07/03-01-03-01-02-01-07.wav', 'Actor_07/03-01-03-01-02-02-07.wav']
  expect(rows.filter(({ note }) => note !== null).map(({ file, note }) => [file, note])).toEqual([
    [pair[0], `same samples as ${pair[1]}`],
    [pair[1], `same samples as ${pair[0]}`],
  ])
})
