import { expect, test } from 'vitest'
import { peakOf } from './kernels/decode.js'
import { levelNotes } from './levels.js'
import { readAudio } from './sound.js'
import { chunk, float32, fmt, plainWav, riff, tone } from './wav.fixture.js'

const notes = (values: readonly number[]) => levelNotes(Float32Array.from(values), 1 - 2 ** -15)

test('samples of 0 alone are silence', () => {
  expect(notes([0, 0, -0])).toEqual(['silent: every sample is 0'])
  expect(notes([0, 1e-9, 0])).toEqual([])
})

test('three or more samples at full scale in a row are clipping, two are not', () => {
  expect(notes([0.5, 1, 1, 0.5, -1, -1])).toEqual([])
  expect(notes([0.5, 1, 1, 1, 0.5, -1, -1, -1, -1])).toEqual(['clipped: 7 samples at full scale'])
  expect(notes([1, 1, -1, -1, 1, 1])).toEqual([])
})

test('they are told of files, integers at both ends of their range', async () => {
  const notesOf = async (bytes: Uint8Array) => (await readAudio(bytes, 'a.wav')).notes
  expect(await notesOf(plainWav(new Array<number>(9).fill(0)))).toEqual([
    'silent: every sample is 0',
  ])
  const loud = [0, 32767, 32767, 32767, 0, -32768, -32768, -32768, 5]
  expect(await notesOf(plainWav(loud))).toEqual(['clipped: 6 samples at full scale'])
  expect(await notesOf(plainWav(tone(900)))).toEqual([])
  const bytes8 = riff([
    fmt({ bits: 8 }),
    chunk('data', Uint8Array.from([128, 255, 255, 255, 0, 0, 0])),
  ])
  expect(await notesOf(bytes8)).toEqual(['clipped: 6 samples at full scale'])
  const above = riff([fmt({ tag: 3, bits: 32 }), chunk('data', float32([0, 2.5, 2.5, 2.5]))])
  expect(await notesOf(above)).toEqual(['its loudest sample is 2.50, above full scale (1)'])
})

test('the peak is the largest magnitude, Infinity for what is no number, with both kernels', () => {
  for (const length of [0, 1, 3, 4, 5, 4095, 4096, 4097, 9001]) {
    const samples = Float32Array.from({ length }, (_, i) => Math.sin(i * i) / 2)
    if (length > 0) samples[length - 1] = -0.75
    for (const kernel of ['wasm-simd', 'plain'] as const) {
      expect(peakOf(samples, kernel)).toBe(length > 0 ? 0.75 : 0)
      for (const strange of [NaN, Infinity, -Infinity]) {
        const bad = samples.map((sample, i) => (i === length >> 1 ? strange : sample))
        if (length > 0) expect(peakOf(bad, kernel)).toBe(Infinity)
      }
    }
  }
})
