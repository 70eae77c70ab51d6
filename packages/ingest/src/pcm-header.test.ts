import { readFileSync } from 'node:fs'
import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesSource } from './byte-source.js'
import { frameSource } from './frame-source.js'
import { readAudio } from './sound.js'
import { bytesOf, join } from './wav.fixture.js'

const { files } = JSON.parse(
  readFileSync(new URL('../../../tests/golden/ingest/big-endian.json', import.meta.url), 'utf8'),
) as { files: { name: string; rate: number; channels: number; file: string; mono: number[] }[] }
const bytesOfFile = (name: string) =>
  new Uint8Array(Buffer.from(files.find((row) => row.name === name)!.file, 'base64'))

test.each(files)('$name has the values that libsndfile reads', async (row) => {
  const bytes = Buffer.from(row.file, 'base64')
  const sound = await readAudio(bytes, 'a')
  expect([sound.audio.sampleRateHz, sound.channels, sound.notes]).toEqual([
    row.rate,
    row.channels,
    [],
  ])
  expect([...sound.audio.samples]).toEqual(row.mono.map(Math.fround))
  const source = await frameSource(bytesSource(bytes), 'a')
  expect(await source.read(3, 20)).toEqual(sound.audio.samples.slice(3, 20))
})

const word = (value: number) =>
  Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
const chunk = (id: string, body: Uint8Array, size = body.length) =>
  join(bytesOf(id), word(size), body, new Uint8Array(body.length % 2))
const rate16k = [0x40, 0x0c, 0xfa, 0, 0, 0, 0, 0, 0, 0]

function comm({ channels = 1, frames = 4, bits = 16, rate = rate16k, codec = '' } = {}) {
  const head = Uint8Array.of(0, channels, ...word(frames), 0, bits, ...rate)
  return chunk('COMM', join(head, bytesOf(codec)))
}
const values = Uint8Array.of(0x40, 0, 0xc0, 0, 0x7f, 0xff, 0x80, 0)
const ssnd = (size?: number, offset = 0) =>
  chunk('SSND', join(word(offset), word(0), new Uint8Array(offset), values), size)
const form = (...chunks: Uint8Array[]) =>
  join(bytesOf('FORM'), word(4 + join(...chunks).length), bytesOf('AIFF'), ...chunks)
const read = (bytes: Uint8Array) => readAudio(bytes, 'take.aiff')

describe('AIFF', () => {
  test('chunks may stand in any order, odd ones among them, and the sound be aligned', async () => {
    const name = chunk('NAME', bytesOf('abc'))
    const plain = await read(form(comm(), ssnd()))
    expect([...plain.audio.samples]).toEqual([0.5, -0.5, 32767 / 32768, -1])
    expect(plain.audio.sampleRateHz).toBe(16000)
    expect(await read(form(name, ssnd(), name, comm(), name))).toEqual(plain)
    expect(await read(form(comm(), ssnd(undefined, 6), name))).toEqual(plain)
  })

  test('a stream has no number of frames and no size', async () => {
    for (const size of [0, 0xffffffff, 0x7fffffff]) {
      const { audio } = await read(form(comm({ frames: 0 }), ssnd(size)))
      expect(audio.samples.length).toBe(4)
    }
  })

  test('12 bits stand in the upper ones of 16', async () => {
    const { audio } = await read(form(comm({ bits: 12 }), ssnd()))
    expect(audio.samples[0]).toBe(0.5)
  })

  test('more samples in the chunk than said are told, chunks behind a stream are none', async () => {
    const { audio, notes } = await read(form(comm({ frames: 3 }), ssnd()))
    expect(audio.samples.length).toBe(3)
    expect(notes).toEqual(['unread: the header says 3 frames, its sound chunk holds 1 more'])
    const name = chunk('NAME', bytesOf('abcdefgh'))
    expect((await read(form(comm(), ssnd(0), name))).notes).toEqual([])
  })

  test('fewer samples than said are told', async () => {
    expect((await read(form(comm({ frames: 100 }), ssnd()))).notes).toEqual([
      'truncated: the header says 100 frames, the file holds 4',
    ])
  })

  test.each([
    [form(comm()), /without a whole "SSND" chunk/],
    [form(ssnd()), /without a whole "COMM" chunk/],
    [form(comm({ codec: 'ima4\0\0' }), ssnd()), /codec "ima4" of 16 bits.*ffmpeg -i "take.aiff"/],
    [form(comm({ codec: 'a\n\x85\xe9\0\0' }), ssnd()), /codec "a\?\?\?" of 16 bits/],
    [form(comm({ channels: 0 }), ssnd()), /0 channels at 16000 Hz/],
    [form(comm({ rate: rate16k.map(() => 0) }), ssnd()), /at 0 Hz/],
    [form(comm({ bits: 40 }), ssnd()), /of 40 bits/],
    [form(comm(), chunk('SSND', new Uint8Array(8))), /has an AIFF header but no samples/],
  ])('what is wrong is said, %#', async (bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(message)
    await expect(read(bytes)).rejects.toThrow(InputError)
  })
})

describe('Sun audio', () => {
  const au = (size: number, code = 3, channels = 1) =>
    join(bytesOf('.snd'), ...[28, size, code, 16000, channels, 0].map(word), values)

  test('a size of all ones, or 0, means to the end', async () => {
    for (const size of [8, 0xffffffff, 0]) {
      expect((await readAudio(au(size), 'a.au')).audio.samples.length).toBe(4)
    }
    expect((await readAudio(au(80), 'a.au')).notes).toEqual([
      'truncated: the header says 40 frames, the file holds 4',
    ])
  })

  test('what lies behind its end is told, zeros are not', async () => {
    const bytes = join(au(8), values, values)
    expect((await readAudio(bytes, 'a.au')).audio.samples.length).toBe(4)
    expect((await readAudio(bytes, 'a.au')).notes).toEqual([
      'unread: 16 bytes lie behind its end, 8 frames if they are sound',
    ])
    expect((await readAudio(join(au(8), new Uint8Array(50)), 'a.au')).notes).toEqual([])
  })

  test.each([
    [au(8).subarray(0, 20), /20 bytes, fewer than the 24/],
    [au(8, 23), /encoding 23.*ffmpeg/],
    [au(8, 3, 0), /0 channels/],
    [au(8).subarray(0, 29), /has a Sun audio header but no samples/],
  ])('what is wrong is said, %#', async (bytes, message) => {
    await expect(readAudio(bytes, 'a.au')).rejects.toThrow(message)
  })
})

test('any damage gives finite sound or an InputError', async () => {
  const seeds = ['AIFF PCM_16 x1', 'AIFF FLOAT x2', 'AU PCM_24 x1'].map(bytesOfFile)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(100), fc.nat(255)), { maxLength: 4 }),
      fc.nat(300),
      async (seed, edits, length) => {
        const bytes = seed.slice(0, 12 + length)
        for (const [at, byte] of edits) bytes[at] = byte
        try {
          const { samples } = (await readAudio(bytes, 'a')).audio
          expect(samples.length).toBeGreaterThan(0)
          expect(samples.length).toBeLessThanOrEqual(bytes.length)
          expect(samples.every(Number.isFinite)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      },
    ),
    { numRuns: 1000 },
  )
})
