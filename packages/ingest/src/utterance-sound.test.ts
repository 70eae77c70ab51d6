import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesSource } from './byte-source.js'
import { openUtterances } from './utterance-sound.js'
import { readAudio } from './sound.js'
import { encodeWav } from './wav.js'

const rate = 8000
const samples = Float32Array.from({ length: 2 * rate }, (_, i) =>
  Math.fround(((i % 200) - 100) / 128),
)
const file = encodeWav({ samples, sampleRateHz: rate })

test('a part is the same samples as that part of the whole, whatever the order', async () => {
  const whole = (await readAudio(file, 'a.wav')).audio.samples
  const reader = openUtterances(bytesSource(file), 'a.wav')
  const times = fc.tuple(fc.nat(1999), fc.integer({ min: 1, max: 2000 })).filter(([s, e]) => s < e)
  await fc.assert(
    fc.asyncProperty(times, async ([start, end]) => {
      const { audio, notes } = await reader.read(start / 1000, end / 1000)
      expect(audio.sampleRateHz).toBe(rate)
      expect(audio.samples).toEqual(whole.slice(start * 8, end * 8))
      expect(notes).toEqual([])
    }),
  )
  reader.close()
})

test('without times it is the whole file; without an end it goes to the end', async () => {
  const reader = openUtterances(bytesSource(file), 'a.wav')
  expect(await reader.read(null, null)).toEqual(await readAudio(file, 'a.wav'))
  expect((await reader.read(1.5, null)).audio.samples).toHaveLength(rate / 2)
  expect((await reader.read(null, 0.25)).audio.samples).toHaveLength(rate / 4)
})

test('an end behind the sound cuts short with a note, unless it is rounding', async () => {
  const reader = openUtterances(bytesSource(file), 'a.wav')
  const { audio, notes } = await reader.read(1.9, 2.5)
  expect(audio.samples).toHaveLength(rate / 10)
  expect(notes).toEqual(["cut short: the file ends 0.5 s before the utterance's end, 2.5 s"])
  expect((await reader.read(1.9, 2.04)).notes).toEqual([])
})

test('a beginning behind the sound is an error that names both', async () => {
  const reader = openUtterances(bytesSource(file), 'a.wav')
  await expect(reader.read(2, 3)).rejects.toThrow(InputError)
  await expect(reader.read(7.25, null)).rejects.toThrow(
    '"a.wav" ends at 2 s, before the utterance that begins at 7.25 s; mend its times',
  )
  // The reader goes on.
  expect((await reader.read(0, 1)).audio.samples).toHaveLength(rate)
})

test('a part of no sample says so, wherever it lies', async () => {
  const reader = openUtterances(bytesSource(file), 'a.wav')
  const message =
    '"a.wav": the utterance from 0.5 s to 0.50001 s is shorter than a sample (1/' +
    `${rate} s); mend its times`
  await expect(reader.read(0.5, 0.50001)).rejects.toThrow(new InputError(message))
  await expect(reader.read(9, 9.000001)).rejects.toThrow(/from 9 s to 9.000001 s is shorter than/)
  expect((await reader.read(0.5, 0.5 + 1 / rate)).audio.samples).toHaveLength(1)
})

test('a part that is silent has a note, though the file is not', async () => {
  const half = samples.slice()
  half.fill(0, rate)
  const reader = openUtterances(
    bytesSource(encodeWav({ samples: half, sampleRateHz: rate })),
    'a.wav',
  )
  expect((await reader.read(1, 2)).notes).toEqual(['silent: every sample is 0'])
  expect((await reader.read(0, 2)).notes).toEqual([])
})

test('what is no sound is an error at each reading', async () => {
  const reader = openUtterances(bytesSource(new TextEncoder().encode('hello')), 'a.wav')
  await expect(reader.read(0, 1)).rejects.toThrow(/a.wav/)
  await expect(reader.read(null, null)).rejects.toThrow(/a.wav/)
})

test('an utterance of more than ten minutes is refused, whole or as a part, and shorter parts are read', async () => {
  const hour = encodeWav({ samples: new Float32Array(3600 * 100).fill(0.5), sampleRateHz: 100 })
  const reader = openUtterances(bytesSource(hour), 'a.wav')
  const message =
    '"a.wav" is longer than 10 minutes, the most of an utterance; say where its utterances begin and end in a table with ' +
    'the columns start and end'
  await expect(reader.read(null, null)).rejects.toThrow(new InputError(message))
  await expect(reader.read(10, null)).rejects.toThrow(message)
  await expect(reader.read(10, 611)).rejects.toThrow(message)
  expect((await reader.read(10, 610)).audio.samples).toHaveLength(60_000)
  expect((await reader.read(3599, null)).audio.samples).toHaveLength(100)
})
