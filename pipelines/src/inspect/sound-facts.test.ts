import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '@serflow/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import golden from '../../../tests/golden/inspect/levels.json' with { type: 'json' }
import { oddities } from './findings.js'
import { soundFacts } from './sound-facts.js'
import { wavChunks } from './wav-chunks.js'
import { wavChunk, wavFile } from './wav-file.fixture.js'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serflow-facts-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function put(content: Buffer): Promise<string> {
  const path = join(folder, 'sound.wav')
  await writeFile(path, content)
  return path
}

const factsOf = async (content: Buffer) => soundFacts(await put(content), 'sound.wav')

describe('levels are those of numpy', () => {
  test.each(Object.entries(golden.cases))('for %s', async (_name, expected) => {
    const bytes = wavFile(expected.channels)
    const facts = await factsOf(bytes)
    expect(facts).toMatchObject({
      bytes: bytes.length,
      digest: sha256(bytes),
      samplesDigest: expected.samplesDigest,
      format: 'WAV',
      coding: '16-bit PCM',
      sampleRateHz: 16000,
      channels: expected.channels.length,
      channelsAlike: expected.channelsAlike,
      silentChannels: expected.silentChannels,
      frames: 120,
      durationSeconds: 0.0075,
    })
    for (const name of ['rmsDb', 'peakDb'] as const) {
      if (expected[name] === null) expect(facts[name]).toBeNull()
      else expect(facts[name]).toBeCloseTo(expected[name], 9)
    }
    expect(facts.offset).toBeCloseTo(expected.offset, 12)
    expect(facts.zeroShare).toBeCloseTo(expected.zeroShare, 12)
  })
})

test('a long sound is read in blocks that give what one block would', async () => {
  const frames = 600_000
  const values = Array.from({ length: frames }, (_, index) => ((index * 7919) % 2001) - 1000)
  // A run at full scale across the edge of a block.
  for (let index = 262_142; index < 262_147; index++) values[index] = 32767
  const facts = await factsOf(wavFile([values]))
  const mean = values.reduce((sum, value) => sum + value / 32768, 0) / frames
  expect(facts.frames).toBe(frames)
  expect(facts.offset).toBeCloseTo(mean, 9)
  expect(facts.notes).toEqual(['clipped: 5 samples at full scale'])
})

test('what is odd is noted', async () => {
  const notes = async (content: Buffer) => {
    const facts = await factsOf(content)
    return [...facts.notes, ...oddities(facts)]
  }
  const tone = Array.from({ length: 400 }, (_, index) => Math.round(9000 * Math.sin(index)))
  const zero = tone.map(() => 0)
  expect(await notes(wavFile([tone]))).toEqual([])
  expect(await notes(wavFile([zero]))).toEqual(['silent: every sample is 0'])
  expect(await notes(wavFile([tone, tone]))).toEqual(['2 channels, all alike'])
  expect(await notes(wavFile([tone, zero]))).toEqual([
    '2 channels, of which some are silent: their mean is quieter',
  ])
  expect(await notes(wavFile([tone, tone.map((value) => value >> 1)]))).toEqual([
    '2 channels: their mean is used',
  ])
  expect(await notes(wavFile([tone.map((value) => value + 3000)]))).toEqual([
    expect.stringMatching(/^offset: its mean is 0.09\d of full scale/),
  ])
  expect(await notes(wavFile([tone.map((value, index) => (index < 240 ? 0 : value))]))).toEqual([
    'digital silence: 60 % of its samples are exactly 0',
  ])
  expect(await notes(wavFile([tone.map((value) => Math.round(value / 500))]))).toContainEqual(
    expect.stringMatching(/^very quiet: 6\d\.\d dB below full scale/),
  )
  expect(await notes(wavFile([tone], { missingBytes: 100 }))).toEqual([
    'truncated: the header says 400 frames, the file holds 350',
  ])
})

test('the chunks of a file are told in their order, as far as the file goes', async () => {
  const before = Buffer.concat([
    wavChunk('FLLR', Buffer.alloc(4044)),
    wavChunk('LIST', Buffer.alloc(19)),
  ])
  const path = await put(wavFile([[1, 2, 3, 4]], { before, missingBytes: 2 }))
  expect(wavChunks(path)).toEqual([
    { id: 'fmt', offset: 12, bytes: 16 },
    { id: 'FLLR', offset: 36, bytes: 4044 },
    { id: 'LIST', offset: 4088, bytes: 19 },
    { id: 'data', offset: 4116, bytes: 6 },
  ])
})

test('a 64-bit file has the size of its data in ds64; a file of zeros ends', async () => {
  const sizes = Buffer.alloc(28)
  sizes.writeBigUInt64LE(8n, 8)
  const content = wavFile([[1, 2, 3, 4]], { before: wavChunk('LIST', Buffer.alloc(2)) })
  content.write('RF64', 0)
  content.writeUInt32LE(0xffffffff, content.length - 12)
  const wide = Buffer.concat([
    content.subarray(0, 12),
    wavChunk('ds64', sizes),
    content.subarray(12),
    wavChunk('LIST', Buffer.alloc(4)),
  ])
  const names = wavChunks(await put(wide))?.map(({ id, bytes }) => `${id} ${bytes}`)
  expect(names).toEqual(['ds64 28', 'fmt 16', 'LIST 2', 'data 8', 'LIST 4'])
  const zeros = Buffer.concat([content.subarray(0, 12), Buffer.alloc(100_000)])
  expect(wavChunks(await put(zeros))).toHaveLength(1000)
  expect(wavChunks(await put(Buffer.from('text')))).toBeNull()
})

test('text called .wav is refused', async () => {
  await expect(factsOf(Buffer.from('hello'))).rejects.toThrow('"sound.wav" is text, not sound')
})

test('clipping is told by channel, also beside a silent one', async () => {
  const loud = Array.from({ length: 400 }, (_, index) => (index < 5 ? 32767 : index % 100))
  const zero = loud.map(() => 0)
  const { notes, silentChannels } = await factsOf(wavFile([loud, zero]))
  expect(notes).toEqual(['clipped: 5 samples at full scale in channel 1 of 2'])
  expect(silentChannels).toBe(1)
})
