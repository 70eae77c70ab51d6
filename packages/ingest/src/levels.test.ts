import fc from 'fast-check'
import { expect, test } from 'vitest'
import { integerPeak, peakOf } from './kernels/decode.js'
import { levelNotes, startChannelLevels } from './levels.js'
import { readAudio } from './sound.js'
import { chunk, float32, fmt, pcm16, pcm24, plainWav, riff, tone } from './wav.fixture.js'

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

const notesOf = async (bytes: Uint8Array) => (await readAudio(bytes, 'a.wav')).notes

/** Two channels, frame by frame. */
const both = (left: readonly number[], right: readonly number[]) =>
  left.flatMap((value, i) => [value, right[i]!])
const loud = tone(900).map((value) => Math.max(-32768, Math.min(32767, value * 4)))
const clippedIn = (values: readonly number[]) => levelNotes(Float32Array.from(values), 32767)

test('a clipped channel is told whatever the others are', async () => {
  const silence = loud.map(() => 0)
  const [only] = clippedIn(loud)
  const stereo = (left: readonly number[], right: readonly number[]) =>
    notesOf(riff([fmt({ channels: 2 }), chunk('data', pcm16(both(left, right)))]))
  expect(await stereo(loud, silence)).toEqual([`${only} in channel 1 of 2`])
  expect(await stereo(tone(900, 100), loud)).toEqual([`${only} in channel 2 of 2`])
  expect(await stereo(tone(900, 100), tone(900))).toEqual([])
  const count = Number(/\d+/.exec(only!)![0])
  expect(await stereo(loud, loud)).toEqual([`clipped: ${2 * count} samples at full scale`])
})

test.each([
  ['8 bits', { bits: 8 }, (v: number[]) => Uint8Array.from(v, (x) => 128 + (x >> 8))],
  [
    '24 bits',
    { bits: 24 },
    (v: number[]) => pcm24(v.map((x) => (x === 32767 ? 2 ** 23 - 1 : x * 256))),
  ],
  [
    '32 bits',
    { bits: 32 },
    (v: number[]) => new Uint8Array(Int32Array.from(v, (x) => x * 65536).buffer),
  ],
  ['floats', { tag: 3, bits: 32 }, (v: number[]) => float32(v.map((x) => x / 32768))],
  [
    'mu-law',
    { tag: 7, bits: 8 },
    (v: number[]) => Uint8Array.from(v, (x) => (x > 32000 ? 0x80 : x < -32000 ? 0 : 0xff)),
  ],
] as const)('in one channel of five, %s', async (_, format, encode) => {
  const values = loud.flatMap((value) => [0, 0, 0, value, 0])
  const bytes = riff([fmt({ ...format, channels: 5 }), chunk('data', encode(values))])
  expect(await notesOf(bytes)).toEqual([
    expect.stringMatching(/^clipped: \d+ samples at full scale in channel 4 of 5$/),
  ])
})

test('a channel of floats above full scale is told by its own loudest', async () => {
  const values = both([0.5, -1.5, 0.5], [0, 0.5, 0])
  const bytes = riff([fmt({ tag: 3, bits: 32, channels: 2 }), chunk('data', float32(values))])
  expect(await notesOf(bytes)).toEqual(['its loudest sample is 1.50, above full scale (1)'])
})

test('channels that cancel each other out are silent, and that is said', async () => {
  const values = both(
    tone(500),
    tone(500).map((value) => -value),
  )
  const bytes = riff([fmt({ channels: 2 }), chunk('data', pcm16(values))])
  expect(await notesOf(bytes)).toEqual([
    'silent: its channels cancel each other out, their mean is 0',
  ])
})

test('levels told in pieces are those of the whole', () => {
  const values = fc.array(fc.constantFrom(0, 0.5, 1, 1, 1, -1, -1), { maxLength: 60 })
  fc.assert(
    fc.property(values, fc.nat(60), (samples, cut) => {
      const [whole, parts] = [startChannelLevels(1), startChannelLevels(1)]
      whole.add([Float32Array.from(samples)])
      parts.add([Float32Array.from(samples.slice(0, cut))])
      parts.add([Float32Array.from(samples.slice(cut))])
      expect(parts.clipped()).toEqual(whole.clipped())
      expect(parts.peak()).toBe(whole.peak())
    }),
  )
})

test('the peak of integers is that of the plain loop, whatever their number', () => {
  const integers = (bits: number) =>
    fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
  fc.assert(
    fc.property(fc.array(integers(16), { maxLength: 40 }), fc.nat(13000), (values, before) => {
      const padded = [...new Array<number>(before).fill(0), ...values]
      const largest = Math.max(0, ...values.map(Math.abs))
      expect(integerPeak(pcm16(padded), 2) ?? largest / 2 ** 15).toBe(largest / 2 ** 15)
    }),
  )
  fc.assert(
    fc.property(fc.array(integers(24), { maxLength: 40 }), fc.nat(9000), (values, before) => {
      const padded = [...new Array<number>(before).fill(0), ...values]
      const largest = Math.max(0, ...values.map(Math.abs))
      expect(integerPeak(pcm24(padded), 3) ?? largest / 2 ** 23).toBe(largest / 2 ** 23)
    }),
  )
})
