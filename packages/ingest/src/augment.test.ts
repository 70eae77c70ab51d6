import { expect, test } from 'vitest'
import { readClip } from './augment.js'
import { changeSpeed } from './effects/speed.js'
import { encodeWav } from './wav.js'

const tone = (hz: number, rate: number, length: number) =>
  Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate))

test.each([0.5, 0.9, 0.95, 1.1, 1.037, Math.SQRT2, 2])(
  'speed %d makes a tone higher and shorter by that factor',
  (speed) => {
    const audio = changeSpeed({ samples: tone(500, 16000, 8000), sampleRateHz: 16000 }, speed)
    expect(audio.sampleRateHz).toBe(16000)
    expect(audio.samples.length).toBe(Math.round(8000 / speed))
    const expected = tone(500 * speed, 16000, audio.samples.length)
    // A speed that is no fraction is off by up to 1e-6, which shifts the phase by as much a sample.
    const tolerance = speed === Math.SQRT2 ? 2e-3 : 2e-5
    const differences = expected
      .map((value, i) => Math.abs(value - audio.samples[i]!))
      .subarray(400, expected.length - 400)
    expect(Math.max(...differences)).toBeLessThan(tolerance)
  },
)

test('speed 1 gives the same object', () => {
  const audio = { samples: tone(500, 16000, 100), sampleRateHz: 16000 }
  expect(changeSpeed(audio, 1)).toBe(audio)
})

test.each([0, 0.49, 2.01, NaN])('speed %d is a defect', (speed) => {
  const audio = { samples: new Float32Array(8), sampleRateHz: 16000 }
  expect(() => changeSpeed(audio, speed)).toThrow(/expected 0.5 to 2/)
})

test('a clip is read, brought to 16 kHz and then to its speed', async () => {
  const bytes = encodeWav({ samples: tone(440, 48000, 24000), sampleRateHz: 48000 })
  expect(await readClip(bytes, 'a.wav', '')).toMatchObject({ sampleRateHz: 16000 })
  expect((await readClip(bytes, 'a.wav', '')).samples.length).toBe(8000)
  expect((await readClip(bytes, 'a.wav', 'speed=0.8')).samples.length).toBe(10000)
  expect((await readClip(bytes, 'a.wav', '', 8000)).samples.length).toBe(4000)
})
