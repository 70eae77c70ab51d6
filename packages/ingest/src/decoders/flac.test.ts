import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAudio } from '../sound.js'
import { bytesOf, join } from '../wav.fixture.js'
import { flacFile, flacFrameBytes, type FrameFixture } from './flac.fixture.js'
import { checkSum16 } from './flac-frame.js'
import { openFlac } from './flac.js'

const golden = new URL('../../../../tests/golden/ingest/', import.meta.url)
const goldenFile = (name: string) => new Uint8Array(readFileSync(new URL(`flac/${name}`, golden)))
const { files } = JSON.parse(readFileSync(new URL('flac.json', golden), 'utf8')) as {
  files: {
    file: string
    bits: number
    sampleRateHz: number
    channels: number
    samples: number
    sha256: string
  }[]
}

const isRead = ({ bits }: { bits: number }) => bits % 8 === 0

test.each(files.filter(isRead))('$file is bit by bit what flac decodes', async (expected) => {
  const { audio, channels } = await readAudio(goldenFile(expected.file), expected.file)
  expect(audio.sampleRateHz).toBe(expected.sampleRateHz)
  expect(channels).toBe(expected.channels)
  expect(audio.samples.length).toBe(expected.samples)
  const bytes = new Uint8Array(audio.samples.buffer)
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(expected.sha256)
})

test.each(files.filter((each) => !isRead(each)))(
  '$file is refused for its $bits bits',
  async (refused) => {
    const { file, bits } = refused
    await expect(readAudio(goldenFile(file), file)).rejects.toThrow(
      `"${file}" is FLAC (.flac) with samples of ${bits} bits; 8, 16, 24 and 32 bits are read; convert it: ffmpeg -i`,
    )
  },
)

test('samples are the same however the bytes come in', async () => {
  const bytes = goldenFile('blocks.flac')
  const whole = await readAudio(bytes, 'a.flac')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
      const decoder = await openFlac()
      const ends = [...cuts, bytes.length].sort((a, b) => a - b)
      const decoded = []
      for (const [i, end] of ends.entries()) {
        for await (const piece of decoder.decode(bytes.subarray(ends[i - 1] ?? 0, end)))
          decoded.push(piece)
      }
      for await (const piece of decoder.flush()) decoded.push(piece)
      expect(decoded.flatMap(({ channels }) => [...channels[0]!])).toEqual([...whole.audio.samples])
      expect(decoder.notes()).toEqual([])
    }),
    { numRuns: 30 },
  )
})

/** Frames of ten samples of 16 bits, numbered upwards from a value. */
const block = (from: number) => Array.from({ length: 10 }, (_, i) => from + i)
const frame = (index: number, more: Partial<FrameFixture> = {}) =>
  flacFrameBytes({ channels: [block(100 * index + 1)], number: index, ...more })
const frames = (count: number) => Array.from({ length: count }, (_, index) => frame(index))
const steps = async (bytes: Uint8Array) => {
  const { audio, notes } = await readAudio(bytes, 'a.flac')
  return { steps: [...audio.samples].map((value) => value * 32768), notes }
}
const zeros = (count: number) => Array.from({ length: count }, () => 0)

test.each(['verbatim', 'escape', 'rice'] as const)('%s samples are read', async (coding) => {
  const values = [0, 1, -1, 32767, -32768, 300, -301]
  const bytes = flacFile({ frames: [flacFrameBytes({ channels: [values], number: 0, coding })] })
  expect((await steps(bytes)).steps).toEqual(values)
})

test('each value of 16 bits is read exactly', async () => {
  const values = Array.from({ length: 65536 }, (_, i) => i - 32768)
  const parts = Array.from({ length: 16 }, (_, i) => values.slice(4096 * i, 4096 * (i + 1)))
  const bytes = flacFile({
    frames: parts.map((channel, i) => flacFrameBytes({ channels: [channel], number: i })),
  })
  expect((await steps(bytes)).steps).toEqual(values)
})

test('blocks of eight channels are read', async () => {
  const channel = Array.from({ length: 4608 }, (_, i) => Math.trunc(9000 * Math.sin(i / 7)) + 0)
  const channels = Array.from({ length: 8 }, () => channel)
  const parts = [0, 1, 2, 3].map((number) => flacFrameBytes({ channels, number, coding: 'rice' }))
  const bytes = flacFile({ channels: 8, blockSamples: 4608, total: 4 * 4608, frames: parts })
  expect((await steps(bytes)).steps).toEqual([0, 1, 2, 3].flatMap(() => channel))
})

/** Samples as 16 bits. */
const words = (bytes: Uint8Array) =>
  Array.from(
    { length: bytes.length >> 1 },
    (_, i) => ((bytes[2 * i]! << 24) >> 16) + bytes[2 * i + 1]!,
  )

/** A frame of at least eight samples, the third of which makes the check sum up to it right. */
function frameWithSum(values: readonly number[]): { values: number[]; bytes: Uint8Array } {
  const plain = flacFrameBytes({ channels: [values], number: 0 })
  const before = plain.length - 2 - 2 * values.length
  const sum = (checkSum16(plain, 0, before + 4) << 16) >> 16
  const chosen = values.map((value, i) => (i === 2 ? sum : value))
  return { values: chosen, bytes: flacFrameBytes({ channels: [chosen], number: 0 }) }
}

test('a check sum that is right by chance ends no frame', async () => {
  const { values, bytes } = frameWithSum(block(7))
  for (const behind of [new Uint8Array(), bytesOf('TAG of some kind')]) {
    expect(await steps(flacFile({ total: 10, frames: [join(bytes, behind)] }))).toEqual({
      steps: values,
      notes: [],
    })
  }
})

test('a frame within the samples of another is none', async () => {
  const inner = frame(0)
  const even = inner.length % 2 === 0 ? inner : join(inner, new Uint8Array(1))
  const { values, bytes } = frameWithSum([1, 2, 3, ...words(even), 4, 5])
  expect(await steps(flacFile({ frames: [bytes] }))).toEqual({ steps: values, notes: [] })
})

test('blocks of different sizes are numbered by their samples', async () => {
  const sizes = [3, 7, 1, 12]
  const starts = [0, 3, 10, 11]
  const parts = sizes.map((size, i) =>
    flacFrameBytes({
      channels: [block(50).concat(block(60)).slice(0, size)],
      number: starts[i]!,
      variable: true,
    }),
  )
  const whole = await steps(flacFile({ total: 23, frames: parts }))
  expect(whole.notes).toEqual([])
  expect(whole.steps.length).toBe(23)
  const lacking = await steps(flacFile({ total: 23, frames: [parts[0]!, parts[3]!] }))
  expect(lacking.steps).toEqual([...whole.steps.slice(0, 3), ...zeros(8), ...whole.steps.slice(11)])
})

const firstFrame = (bytes: Uint8Array) =>
  bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xf8)

test('a changed byte costs its frame, which is silence, and nothing else', async () => {
  const bytes = goldenFile('blocks.flac')
  const whole = await readAudio(bytes, 'a.flac')
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: firstFrame(bytes), max: bytes.length - 700 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, change) => {
        const damaged = bytes.slice()
        damaged[at]! ^= change
        const { audio, notes } = await readAudio(damaged, 'a.flac')
        expect(audio.samples.length).toBe(6000)
        expect(notes).toEqual([
          'damaged: 256 of its 6000 frames could not be read, and are silence instead',
        ])
        const wrong = [...audio.samples.keys()].filter(
          (i) => audio.samples[i] !== whole.audio.samples[i],
        )
        const start = Math.floor(wrong[0]! / 256) * 256
        expect(wrong.at(-1)).toBeLessThan(start + 256)
        expect(audio.samples.slice(start, start + 256).every((value) => value === 0)).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})

test('what is missing inside is silence, so that the rest stays at its time', async () => {
  const bytes = goldenFile('blocks.flac')
  const whole = await readAudio(bytes, 'a.flac')
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: firstFrame(bytes), max: bytes.length - 700 }),
      fc.integer({ min: 1, max: 6000 }),
      async (at, length) => {
        const end = Math.min(at + length, bytes.length - 650)
        const { audio } = await readAudio(
          join(bytes.subarray(0, at), bytes.subarray(end)),
          'a.flac',
        )
        expect(audio.samples.length).toBe(6000)
        audio.samples.forEach((value, i) => {
          if (value !== 0) expect(value).toBe(whole.audio.samples[i])
        })
        expect(audio.samples.slice(-256)).toEqual(whole.audio.samples.slice(-256))
      },
    ),
    { numRuns: 40 },
  )
})

test('frames that lack between whole ones are silence too', async () => {
  const [first, , , fourth] = frames(4)
  const bytes = flacFile({ total: 40, blockSamples: 10, frames: [first!, fourth!] })
  expect(await steps(bytes)).toEqual({
    steps: [...block(1), ...zeros(20), ...block(301)],
    notes: ['damaged: 20 of its 40 frames could not be read, and are silence instead'],
  })
})

test('a damaged first frame is silence, the start of a longer stream is not', async () => {
  const torn = frames(3)
  torn[0]![12]! ^= 1
  expect((await steps(flacFile({ total: 30, blockSamples: 10, frames: torn }))).steps).toEqual([
    ...zeros(10),
    ...block(101),
    ...block(201),
  ])
  const later = [frame(70), frame(71)]
  expect(await steps(flacFile({ blockSamples: 10, frames: later }))).toEqual({
    steps: [...block(7001), ...block(7101)],
    notes: [],
  })
})

test('a number that is none does not fill the memory', async () => {
  for (const total of [0, 2 ** 36 - 1]) {
    const forged = flacFrameBytes({ channels: [block(5)], number: 2 ** 30 })
    const bytes = flacFile({ total, blockSamples: 10, frames: [frame(0), forged] })
    const { steps: values, notes } = await steps(bytes)
    expect(values).toEqual([...block(1), ...block(5)])
    expect(notes[0]).toMatch(/^damaged/)
  }
})

test('bytes between frames that no frame is missing for are no loss', async () => {
  const [first, second] = frames(2)
  const bytes = flacFile({
    total: 20,
    blockSamples: 10,
    frames: [first!, bytesOf('rubbish \xff\xf8'), second!],
  })
  expect(await steps(bytes)).toEqual({ steps: [...block(1), ...block(101)], notes: [] })
})

test('metadata is stepped over, also with a wrong length', async () => {
  const padding = (length: number) => join(Uint8Array.of(0x81, 0, 0, length), new Uint8Array(20))
  for (const length of [20, 3, 90]) {
    const metadata = padding(length)
    const bytes = flacFile({ total: 20, blockSamples: 10, metadata, frames: frames(2) })
    expect(await steps(bytes)).toEqual({ steps: [...block(1), ...block(101)], notes: [] })
  }
})

test('streams that follow each other are one sound, with a tag between them or none', async () => {
  const left = flacFile({ total: 20, blockSamples: 10, frames: frames(2) })
  const channels = [block(11), block(13)]
  const right = flacFile({
    total: 10,
    channels: 2,
    frames: [flacFrameBytes({ channels, number: 0 })],
  })
  const tag = join(bytesOf('ID3\x03\0\0\0\0\0\x05'), new Uint8Array(5))
  for (const between of [new Uint8Array(), tag]) {
    expect(await steps(join(left, between, right))).toEqual({
      steps: [...block(1), ...block(101), ...block(12)],
      notes: [],
    })
  }
  const faster = flacFile({ sampleRateHz: 22050, frames: frames(1) })
  await expect(readAudio(join(left, faster), 'a.flac')).rejects.toThrow(
    /"a.flac" changes its sample rate from 16000 to 22050 Hz at sample 20; convert it: ffmpeg/,
  )
})

test('frames joined without a header are all read', async () => {
  const bytes = flacFile({ total: 20, blockSamples: 10, frames: [...frames(2), ...frames(3)] })
  expect((await steps(bytes)).steps).toEqual([
    ...block(1),
    ...block(101),
    ...block(1),
    ...block(101),
    ...block(201),
  ])
})

test('a stream cut short is told, where its length is known and where it is not', async () => {
  const known = flacFile({ total: 30, blockSamples: 10, frames: frames(3) })
  expect((await steps(known.subarray(0, -9))).notes).toEqual([
    'damaged or cut short: the header says 30 frames, 20 could be decoded',
  ])
  const unknown = flacFile({ blockSamples: 10, frames: frames(3) })
  expect((await steps(unknown.subarray(0, -9))).notes).toEqual([
    'damaged or cut short: its last frame is not whole',
  ])
  expect((await steps(join(unknown, bytesOf('TAG'), new Uint8Array(125)))).notes).toEqual([])
})
