import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { watchAllocations } from './allocations.fixture.js'
import { bytesSource } from './byte-source.js'
import { openFlac } from './decoders/flac.js'
import { flacFile, flacFrameBytes } from './decoders/flac.fixture.js'
import { frameSource } from './frame-source.js'
import { openUtterances } from './utterance-sound.js'
import { chunk, fmt, join, riff, uint32 } from './wav.fixture.js'

const golden = (name: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../../tests/golden/ingest/sounds/${name}`, import.meta.url)),
  )

const repeated = (bytes: Uint8Array, times: number) =>
  join(...Array.from({ length: times }, () => bytes))

const megabyte = 2 ** 20
const data = new Uint8Array(4 * megabyte).fill(130)
const repeats = (name: string): [string, Uint8Array] => {
  const bytes = golden(name)
  return [name, repeated(bytes, Math.ceil((1.25 * megabyte) / bytes.length))]
}

test.each<[string, Uint8Array]>([
  ['pcm8.wav', riff([fmt({ bits: 8 }), chunk('data', data)])],
  ['mulaw.wav', riff([fmt({ tag: 7, bits: 8, rate: 8000 }), chunk('data', data)])],
  ['stereo.wav', riff([fmt({ channels: 2 }), chunk('data', data)])],
  ['endless.wav', riff([fmt(), chunk('data', data, 0xffffffff)], { size: 0xffffffff })],
  [
    'endless-rf64.wav',
    riff(
      [
        chunk('ds64', uint32(0, 2 ** 31, 0, 2 ** 31, 0, 0, 0)),
        fmt(),
        chunk('data', data, 0xffffffff),
      ],
      { magic: 'RF64', size: 0xffffffff },
    ),
  ],
  repeats('stereo.flac'),
  repeats('stereo.mp3'),
  repeats('layer2.mp2'),
  repeats('stereo.ogg'),
  repeats('stereo.opus'),
  repeats('stereo.oga'),
])(
  '%s: to read a second at a time takes no block near the size of the file',
  async (name, bytes) => {
    const { largestBytes } = await watchAllocations(async () => {
      const source = await frameSource(bytesSource(bytes), name)
      const second = source.sampleRateHz
      let first = 0
      for (let part = await source.read(0, second); part.length > 0;) {
        first += part.length
        part = await source.read(first, first + second)
      }
      source.close()
      expect(first).toBeGreaterThan(second)
    })
    expect(bytes.length).toBeGreaterThan(1.25 * megabyte)
    expect(largestBytes).toBeLessThanOrEqual(megabyte)
  },
)

/** Silence of over five hours in 64 KiB: 14 bytes a frame of 65535 samples. */
const silence = () => {
  const channels = [new Array<number>(65535).fill(0)]
  const frame = flacFrameBytes({ channels, number: 0, coding: 'constant' })
  return flacFile({ frames: [repeated(frame, Math.floor(65536 / frame.length))] })
}

test('hours of silence in a few bytes are decoded as they are asked for', async () => {
  const bytes = silence()
  const { result, totalBytes } = await watchAllocations(async () => {
    const decoder = await openFlac()
    let samples = 0
    for await (const { channels } of decoder.decode(bytes)) {
      samples += channels[0]!.length
      if (samples > 4 * 65535) break
    }
    decoder.close()
    return samples
  })
  expect(result).toBe(5 * 65535)
  expect(totalBytes).toBeLessThan(32 * megabyte)
})

test('hours of silence in a few bytes are no utterance', async () => {
  const { totalBytes } = await watchAllocations(async () => {
    const reader = openUtterances(bytesSource(silence()), 'silence.flac')
    await expect(reader.read(null, null)).rejects.toThrow(
      '"silence.flac" is longer than 10 minutes, the most of an utterance',
    )
    reader.close()
  })
  // Ten minutes are 37 MiB; each frame is copied a few times on its way.
  expect(totalBytes).toBeLessThan(400 * megabyte)
})
