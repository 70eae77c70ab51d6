import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mp3Frames } from './mp3-frames.js'
import { mp3Header, mp3Samples } from './mp3-header.js'

const sound = (name: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../../../tests/golden/ingest/sounds/${name}`, import.meta.url)),
  )
/** Without its ID3v2 tag. */
const stereo = () => {
  const bytes = sound('stereo.mp3')
  return bytes.subarray(
    bytes.findIndex((_, i) => mp3Header(bytes.subarray(i, i + 4)) !== undefined),
  )
}
function framesOf(...parts: readonly Uint8Array[]) {
  const reader = mp3Frames()
  const out = [...parts.map((part) => reader.push(part)), reader.end()].flatMap((part) => [...part])
  const { bytes: lost, cut } = reader.lost()
  return { bytes: Uint8Array.from(out), lost, cut, first: reader.first }
}

test('headers are read', () => {
  const header = (...bytes: number[]) => mp3Header(Uint8Array.from(bytes))
  expect(header(0xff, 0xfb, 0x90, 0x64)).toEqual({
    channels: 2,
    sampleRateHz: 44100,
    samples: 1152,
    layer: 3,
    full: true,
    bytes: 417,
  })
  expect(header(0xff, 0xf3, 0x48, 0xc4)).toMatchObject({
    channels: 1,
    sampleRateHz: 16000,
    samples: 576,
    bytes: 144,
  })
  expect(header(0xff, 0xfd, 0x84, 0x04)).toMatchObject({
    layer: 2,
    sampleRateHz: 48000,
    bytes: 384,
  })
  expect(header(0xff, 0xff, 0x34, 0x04)).toMatchObject({ layer: 1, samples: 384, bytes: 96 })
  // A reserved version, layer, rate; a bad and a free bit rate; no sync; too short.
  for (const bytes of [
    [0xff, 0xeb, 0x90, 0],
    [0xff, 0xf9, 0x90, 0],
    [0xff, 0xfb, 0x9c, 0],
    [0xff, 0xfb, 0xf0, 0],
  ]) {
    expect(header(...bytes)).toBeUndefined()
  }
  expect(header(0xff, 0xfb, 0x00, 0)).toBeUndefined()
  expect(header(0xfe, 0xfb, 0x90, 0)).toBeUndefined()
  expect(header(0xff, 0xfb, 0x90)).toBeUndefined()
})

test('LAME says how many samples there are, its delay and padding off', () => {
  expect(mp3Samples(stereo())).toBe(15434)
  expect(mp3Samples(sound('untagged.mp3'))).toBeUndefined()
})

test('all frames come out, however the bytes come in, and rubbish at both ends does not', () => {
  const bytes = stereo()
  const rubbish = Uint8Array.from({ length: 300 }, (_, i) => (i * 91) & 127)
  const joined = Uint8Array.from([...rubbish, ...bytes, ...rubbish])
  fc.assert(
    fc.property(fc.array(fc.nat(joined.length), { maxLength: 8 }), (cuts) => {
      const ends = [...cuts, joined.length].sort((a, b) => a - b)
      const parts = ends.map((end, i) => joined.subarray(ends[i - 1] ?? 0, end))
      const found = framesOf(...parts)
      expect(Buffer.from(found.bytes)).toEqual(Buffer.from(bytes))
      expect(found).toMatchObject({ lost: 0, cut: false })
    }),
    { numRuns: 30 },
  )
})

test('rubbish between frames is counted, a last frame without its end is told', () => {
  const bytes = stereo()
  const frame = mp3Header(bytes)!.bytes
  const second = frame + mp3Header(bytes.subarray(frame))!.bytes
  const torn = Uint8Array.from([...bytes.subarray(0, second), 1, 2, 3, ...bytes.subarray(second)])
  expect(framesOf(torn)).toMatchObject({ lost: 3, bytes })
  expect(framesOf(bytes.subarray(0, -9))).toMatchObject({ lost: 0, cut: true })
  expect(framesOf(bytes.subarray(0, frame))).toMatchObject({
    lost: 0,
    cut: false,
    bytes: bytes.subarray(0, frame),
  })
})

test('a header that nothing like it follows is no frame', () => {
  const one = Uint8Array.from(
    { length: 3000 },
    (_, i) => [0xff, 0xfb, 0x90, 0x64][i] ?? (i * 7) & 127,
  )
  expect(framesOf(one).bytes.length).toBe(0)
})

test('a stream of another rate behind is an error, a header alone is none', () => {
  const bytes = stereo()
  const other = sound('mono.mp3')
  const start = other.findIndex((_, i) => mp3Header(other.subarray(i, i + 4)) !== undefined)
  const both = Uint8Array.from([...bytes, ...other.subarray(start)])
  const message = 'two streams one behind the other, 44100 Hz in layer 3 and 16000 Hz in layer 3'
  for (const cut of [0, bytes.length - 1, bytes.length + 3, both.length]) {
    expect(() => framesOf(both.subarray(0, cut), both.subarray(cut))).toThrow(message)
  }
  const foreign = both.slice(0, bytes.length + mp3Header(other.subarray(start))!.bytes + 4)
  expect(framesOf(foreign)).toMatchObject({ bytes, lost: 0 })
})
