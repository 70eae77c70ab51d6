import fc from 'fast-check'
import { expect, test } from 'vitest'
import { segmentConfig } from './config.js'
import { cutSegments, segmentCount } from './segment.js'

const paper = segmentConfig.parse({})
const [bands, channels] = [5, 3]
const width = bands * channels

/** Every value names its place. */
function clip(frames: number) {
  const data = Float32Array.from({ length: frames * width }, (_, i) => i + 1)
  return { data, shape: [frames, bands, channels] }
}

test.each([
  [1, 1],
  [63, 1],
  [64, 1],
  [65, 2],
  [96, 2],
  [97, 3],
  [368, 11],
  [1504, 46],
  [1505, 46],
  [9000, 46],
])('%d frames are %d segments', (frames, segments) => {
  expect(segmentCount(frames, paper)).toBe(segments)
})

test('a clip shorter than a segment is one segment that repeats its last frame, marked', () => {
  const { segments, validFrames } = cutSegments(clip(8), paper)
  expect(segments.shape).toEqual([1, 64, bands, channels])
  expect(validFrames).toEqual([8])
  const last = clip(8).data.subarray(7 * width)
  for (let frame = 8; frame < 64; frame++) {
    expect(segments.data.subarray(frame * width, (frame + 1) * width)).toEqual(last)
  }
})

test('segments overlap by half and the last is padded', () => {
  const { segments, validFrames } = cutSegments(clip(100), paper)
  expect(segments.shape).toEqual([3, 64, bands, channels])
  expect(validFrames).toEqual([64, 64, 36])
  const second = segments.data.subarray(64 * width, 2 * 64 * width)
  expect(second).toEqual(clip(100).data.subarray(32 * width, 96 * width))
})

test('the valid frames of all segments are the clip again, each where it was', () => {
  const settings = fc
    .record({
      segmentFrames: fc.integer({ min: 1, max: 20 }),
      hopFrames: fc.integer({ min: 1, max: 20 }),
    })
    .filter(({ segmentFrames, hopFrames }) => hopFrames <= segmentFrames)
  fc.assert(
    fc.property(settings, fc.integer({ min: 1, max: 120 }), (sizes, frames) => {
      const config = { ...sizes, maxSegments: 1000 }
      const { segments, validFrames } = cutSegments(clip(frames), config)
      expect(segments.shape[0]).toBe(segmentCount(frames, config))
      const rebuilt = new Float32Array(frames * width)
      validFrames.forEach((valid, segment) => {
        expect(valid).toBeGreaterThan(0)
        const from = segment * sizes.segmentFrames * width
        const frame = segment * sizes.hopFrames
        rebuilt.set(segments.data.subarray(from, from + valid * width), frame * width)
      })
      expect(rebuilt).toEqual(clip(frames).data)
      expect(validFrames.slice(0, -1).every((valid) => valid === sizes.segmentFrames)).toBe(true)
    }),
  )
})

test('frames beyond maxSegments are left out', () => {
  const { segments, validFrames } = cutSegments(clip(500), { ...paper, maxSegments: 2 })
  expect(segments.shape[0]).toBe(2)
  expect(validFrames).toEqual([64, 64])
})

test('segments are copies: writing into one changes neither clip nor neighbour', () => {
  const source = clip(100)
  const { segments } = cutSegments(source, paper)
  segments.data.fill(0, 0, 64 * width)
  expect(source.data[0]).toBe(1)
  expect(segments.data[64 * width]).toBe(32 * width + 1)
})

test('a clip without frames is refused', () => {
  expect(() => cutSegments(clip(0), paper)).toThrow(
    'a clip of 0 frames cannot be cut, expected at least one frame',
  )
  expect(() => segmentCount(1.5, paper)).toThrow('a clip of 1.5 frames cannot be cut')
})

test('a tensor of another shape is refused', () => {
  expect(() => cutSegments({ data: new Float32Array(6), shape: [2, 3] }, paper)).toThrow(
    'input of cutSegments has shape [2, 3], expected [any, any, any]',
  )
})
