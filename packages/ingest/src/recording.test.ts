import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { afterAll, expect, test } from 'vitest'
import { openRecording } from './recording.js'
import { readAudioFile } from './sound.js'
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
