import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError, random, sha256 } from '@serflow/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listingOf } from '../corpora/listing.fixture.js'
import { fingerprint } from '../fingerprint.js'
import { sameRecordings } from '../same-recordings.js'
import { decodeWav } from '../wav.js'
import { mannerOf } from './manners.js'
import { sampleClip, writeSampleCorpus } from './sample-corpus.js'

describe('the corpus of the default options', () => {
  let folder = ''
  let paths: string[] = []
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sample-'))
    await writeSampleCorpus(folder)
    paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.wav'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('is eight speakers, men and women in turn, with three clips of each emotion', async () => {
    const { classes, entries, others } = await listingOf(
      'sample',
      paths.map((path) => path.replaceAll('\\', '/')),
    )
    expect(others).toEqual([])
    expect(entries).toHaveLength(192)
    const keys = entries.map(
      ({ speakerId, gender, emotion }) => `${speakerId} ${gender} ${emotion}`,
    )
    for (let speaker = 1; speaker <= 8; speaker++) {
      const gender = speaker % 2 === 1 ? 'male' : 'female'
      for (const emotion of classes) {
        expect(keys.filter((key) => key === `0${speaker} ${gender} ${emotion}`)).toHaveLength(3)
      }
    }
  })

  test('is 16 kHz, 1.6 to 2.7 s, neither clipped nor silent, with quiet ends', async () => {
    for (const path of paths) {
      const { audio, channels, notes } = decodeWav(await readFile(join(folder, path)), path)
      const { samples, sampleRateHz } = audio
      expect([sampleRateHz, channels, notes]).toEqual([16000, 1, []])
      expect(samples.length / 16000).toBeGreaterThan(1.6)
      expect(samples.length / 16000).toBeLessThan(2.7)
      const peak = (part: Float32Array) => part.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
      expect(peak(samples)).toBeGreaterThan(0.01)
      expect(peak(samples)).toBeLessThan(0.99)
      expect(peak(samples.subarray(0, 3200))).toBeLessThan(0.001)
      expect(peak(samples.subarray(-3200))).toBeLessThan(0.001)
    }
  })

  test('has the same bytes on every machine', async () => {
    const digests = await Promise.all(
      [...paths].sort().map(async (path) => sha256(await readFile(join(folder, path)))),
    )
    expect(sha256(digests.join())).toBe(
      '93d9526d05464b4e9e1354a8efacafe5de673bca2a63cb6676371ae12675c5cb',
    )
  })

  test('holds no two clips that are taken for one recording', async () => {
    const fingerprints = await Promise.all(
      paths.map(async (path) =>
        fingerprint(decodeWav(await readFile(join(folder, path)), path).audio),
      ),
    )
    expect(fingerprints.filter((words) => words !== null)).toHaveLength(192)
    expect(sameRecordings(fingerprints)).toEqual([])
  })

  test('writes what is missing and leaves what is there', async () => {
    const kept = join(folder, 'Actor_01', '03-01-01-01-01-01-01.wav')
    const missing = join(folder, 'Actor_02', '03-01-03-01-01-01-02.wav')
    const bytes = await readFile(missing)
    await writeFile(kept, 'mine')
    await rm(missing)
    await writeSampleCorpus(folder)
    expect(await readFile(kept, 'utf8')).toBe('mine')
    expect((await readFile(missing)).equals(bytes)).toBe(true)
    const names = await readdir(join(folder, 'Actor_02'))
    expect(names.filter((name) => name.startsWith('.'))).toEqual([])
  })
})

test('another seed gives other sound, the same seed the same', () => {
  const name = '03-01-05-02-02-01-03'
  expect(sampleClip(name, 1)).toEqual(sampleClip(name, 1))
  expect(sampleClip(name, 1)).not.toEqual(sampleClip(name, 2))
})

test('it grows to all 60 names of a speaker, each valid', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sample-'))
  await writeSampleCorpus(folder, { speakers: 1, clipsPerSpeaker: 60 })
  const names = await readdir(join(folder, 'Actor_01'))
  expect((await listingOf('sample', names)).entries).toHaveLength(60)
  await rm(folder, { recursive: true })
})

test('options out of range are errors', async () => {
  await expect(writeSampleCorpus('nowhere', { speakers: 25 })).rejects.toThrow(InputError)
  await expect(writeSampleCorpus('nowhere', { clipsPerSpeaker: 0 })).rejects.toThrow(
    /clipsPerSpeaker is 0, expected 1 to 60/,
  )
})

test('an unknown emotion is a defect', () => {
  expect(() => mannerOf('bored', 1, random('test'))).toThrow(RangeError)
})
