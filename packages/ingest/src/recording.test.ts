import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { afterAll, describe, expect, test } from 'vitest'
import { openRecording } from './recording.js'
import { readAudio, readAudioFile } from './sound.js'
import { chunk, float32, fmt, list, pcm16, plainWav, riff, tone } from './wav.fixture.js'

const folder = mkdtempSync(join(tmpdir(), 'recording-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(bytes: Uint8Array): string {
  const path = join(folder, 'take.wav')
  writeFileSync(path, bytes)
  return path
}

const voice = (length: number, rate: number) =>
  tone(length, 210, rate, 9000).map((value, i) => value + ((i * 7919) % 4001))

test.each([8000, 16000, 22050, 44100, 48000])(
  'parts of a file at %i Hz are bit by bit those of the whole',
  async (rate) => {
    const path = fileOf(plainWav(voice(rate / 2, rate), rate))
    const whole = await readAudioFile(path)
    const recording = await openRecording(path)
    expect(recording).toMatchObject({
      samples: whole.samples.length,
      durationSeconds: 0.5,
      notes: [],
    })
    for (const [first, last] of [
      [0, 1],
      [0, 3000],
      [1, 777],
      [2999, 5001],
      [7000, 9999],
      [0, 8000],
    ] as const) {
      const { samples, sampleRateHz } = await recording.read(first, last)
      expect(sampleRateHz).toBe(16000)
      expect(Buffer.from(samples.buffer)).toEqual(
        Buffer.from(whole.samples.slice(first, last).buffer),
      )
    }
    expect((await recording.read(8000, 9000)).samples).toHaveLength(0)
    recording.close()
  },
)

test('two channels, other chunks and a cut end are read as in a whole file', async () => {
  const both = voice(4001, 16000)
  const bytes = riff([list(), fmt({ channels: 2 }), chunk('data', pcm16(both), 9000)])
  const path = fileOf(bytes)
  const recording = await openRecording(path)
  expect(recording.notes).toEqual(['truncated: the header says 2250 frames, the file holds 2000'])
  expect(await recording.read(0, 5000)).toEqual(await readAudioFile(path))
  recording.close()
})

describe('levels, of a recording that is read in parts', () => {
  const loud = tone(9000, 440, 16000, 60000).map((value) =>
    Math.max(-32768, Math.min(32767, value)),
  )
  const silence = loud.map(() => 0)
  const stereo = (left: readonly number[], right: readonly number[]) =>
    riff([
      fmt({ channels: 2 }),
      chunk('data', pcm16(left.flatMap((value, i) => [value, right[i]!]))),
    ])
  const floats = float32(tone(9000).map((value) => value / 8192))
  const notesOf = async (bytes: Uint8Array, ...ends: readonly number[]) => {
    const recording = await openRecording(fileOf(bytes))
    for (const [i, end] of ends.entries()) await recording.read(ends[i - 1] ?? 0, end)
    recording.close()
    return recording.notes
  }

  test.each([
    ['silence', plainWav(silence), /^silent: every sample is 0/],
    ['silence at another rate', plainWav(silence, 22050), /^silent/],
    [
      'channels that cancel each other out',
      stereo(
        tone(9000),
        tone(9000).map((v) => -v),
      ),
      /cancel/,
    ],
    ['clipping', plainWav([...silence, ...loud, ...silence]), /^clipped: \d+ samples/],
    ['clipping at another rate', plainWav(loud, 44100), /^clipped/],
    ['clipping of one channel', stereo(tone(9000), loud), /^clipped: .* in channel 2 of 2/],
    ['floats', riff([fmt({ tag: 3, bits: 32 }), chunk('data', floats)]), /above full scale/],
    ['sound in order', plainWav(tone(9000)), undefined],
  ])('%s: as of the whole', async (_, bytes, expected) => {
    const { notes } = await readAudio(bytes, 'a')
    expect(notes).toEqual(expected ? [expect.stringMatching(expected)] : [])
    for (const ends of [[99999], [1, 5000, 5001, 7777, 99999]]) {
      expect(await notesOf(bytes, ...ends)).toEqual(notes)
    }
  })

  test('nothing is said of a part, or of parts in another order', async () => {
    expect(await notesOf(plainWav(silence), 8000)).toEqual([])
    const recording = await openRecording(fileOf(plainWav(silence)))
    await recording.read(4000, 9000)
    expect(recording.notes).toEqual([])
    await recording.read(0, 9000)
    expect(recording.notes).toHaveLength(1)
    recording.close()
  })
})

test('a sample that is not finite is named by its place in the file', async () => {
  const values = new Array<number>(5000).fill(0)
  values[4321] = NaN
  const path = fileOf(riff([fmt({ tag: 3, bits: 32 }), chunk('data', float32(values))]))
  const recording = await openRecording(path)
  expect((await recording.read(0, 4000)).samples).toHaveLength(4000)
  await expect(recording.read(4000, 5000)).rejects.toThrow(/NaN at sample 4321,/)
  recording.close()
})

test('what is no sound file is an error that names it', async () => {
  const missing = join(folder, 'missing.wav')
  await expect(openRecording(missing)).rejects.toThrow(
    new InputError(`"${missing}" does not exist; check the path`),
  )
  await expect(openRecording(folder)).rejects.toThrow(
    new InputError(`"${folder}" is a folder, expected a sound file`),
  )
  await expect(openRecording(fileOf(new Uint8Array()))).rejects.toThrow(/is empty/)
  await expect(openRecording(fileOf(Buffer.from('nothing')))).rejects.toThrow(/is text, not sound/)
})
