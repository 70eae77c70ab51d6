import { random } from '@serflow/core'
import { expect, test } from 'vitest'
import { convolve } from '../fourier.js'
import { inRoom, roomTail } from './room.js'
import { rate } from './sounds.fixture.js'

/** RT60 from the decay of the energy that is still to come, between −5 and −25 dB: T20 of ISO 3382. */
function reverberationSeconds(answer: Float32Array | Float64Array, sampleRateHz: number): number {
  const decay = Float64Array.from(answer)
  for (let n = decay.length - 1, rest = 0; n >= 0; n--) decay[n] = rest += answer[n]! ** 2
  const levels = decay.map((energy) => 10 * Math.log10(energy / decay[0]!))
  const from = levels.findIndex((level) => level <= -5)
  const to = levels.findIndex((level) => level <= -25)
  return (60 / (levels[from]! - levels[to]!)) * ((to - from) / sampleRateHz)
}

test.each([0.1, 0.3, 0.6, 1, 2])('a room of %d s rings as long, within 10 percent', (seconds) => {
  for (const sampleRateHz of [8000, rate]) {
    for (const seed of [0, 1, 2]) {
      const tail = roomTail(seconds, sampleRateHz, random('room', seed))
      const measured = reverberationSeconds(tail, sampleRateHz)
      expect(Math.abs(measured / seconds - 1)).toBeLessThan(0.1)
    }
  }
})

test('of a click there is the click as it was, silence for 2 ms, and a tail as loud as it', () => {
  const samples = new Float32Array(rate)
  samples[100] = 0.25
  const answer = inRoom({ samples, sampleRateHz: rate }, 0.3, random('a')).samples
  expect(answer.length).toBe(rate)
  expect(answer.subarray(0, 100).every((sample) => Math.abs(sample) < 1e-12)).toBe(true)
  expect(answer[100]).toBe(0.25)
  expect(answer.subarray(101, 132).every((sample) => Math.abs(sample) < 1e-12)).toBe(true)
  const tail = answer.subarray(132).reduce((sum, sample) => sum + sample * sample, 0)
  expect(tail / 0.25 ** 2).toBeCloseTo(1, 4)
  expect(Math.abs(reverberationSeconds(answer.subarray(132), rate) / 0.3 - 1)).toBeLessThan(0.1)
})

test('convolution by way of the spectrum is that of the definition', () => {
  const draw = random('convolve')
  for (const [n, m] of [
    [1, 1],
    [5, 9],
    [100, 37],
    [64, 64],
  ] as const) {
    const x = Float32Array.from({ length: n }, () => draw.normal())
    const h = Float64Array.from({ length: m }, () => draw.normal())
    const y = convolve(x, h, n)
    expect(y.length).toBe(n)
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let k = 0; k <= i; k++) sum += x[k]! * (h[i - k] ?? 0)
      expect(y[i]).toBeCloseTo(sum, 10)
    }
  }
})
