import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logMelChannels } from './channels.js'
import { logMelConfig, segmentConfig, type LogMelConfig, type SegmentConfig } from './config.js'
import { kernelNames, type KernelName } from './kernels/kernel.js'
import { presetNames } from './presets.js'
import { cutSegments } from './segment.js'
import { anySettings, anySound } from './settings.fixture.js'
import { signal } from './signals.fixture.js'
import { createFrontEndStream, type StreamedSegment } from './stream.js'

const paper = logMelConfig.parse({ trimDb: null })
const segments = segmentConfig.parse({})
const anyCut = fc
  .record({
    segmentFrames: fc.integer({ min: 1, max: 40 }),
    hopFrames: fc.integer({ min: 1, max: 40 }),
  })
  .filter(({ segmentFrames, hopFrames }) => hopFrames <= segmentFrames)
  .map((cut) => segmentConfig.parse({ ...cut, maxSegments: 100_000 }))

/** Pushes a sound in pieces of the sizes given, again and again. */
function streamed(
  samples: Float32Array,
  sizes: readonly number[],
  config: LogMelConfig,
  cut: SegmentConfig,
  kernel: KernelName,
): readonly StreamedSegment[] {
  const stream = createFrontEndStream(config, cut, { kernel })
  const found: StreamedSegment[] = []
  for (let at = 0, piece = 0; at < samples.length; piece++) {
    const size = sizes[piece % sizes.length]!
    found.push(...stream.push(samples.subarray(at, at + size)))
    at += size
  }
  found.push(...stream.end())
  return found
}

function expectWhole(
  found: readonly StreamedSegment[],
  { segments, validFrames }: ReturnType<typeof cutSegments>,
  { hopFrames }: SegmentConfig,
): void {
  expect(found.map((each) => each.validFrames)).toEqual(validFrames)
  expect(found.map((each) => each.startFrame)).toEqual(validFrames.map((_, s) => s * hopFrames))
  const size = segments.data.length / validFrames.length
  found.forEach(({ segment }, index) => {
    expect(segment.shape).toEqual(segments.shape.slice(1))
    const expected = segments.data.subarray(index * size, (index + 1) * size)
    expect(Buffer.compare(bytesOf(segment.data), bytesOf(expected))).toBe(0)
  })
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

test('a stream gives the segments of the whole sound to the bit, whatever the pieces and the settings', () => {
  const input = fc
    .tuple(anySettings, anyCut, fc.constantFrom(...kernelNames))
    .chain(([config, cut, kernel]) =>
      fc.record({
        sound: anySound(6000, config.sampleRateHz),
        sizes: fc.array(
          fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6000 })),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        config: fc.constant(config),
        cut: fc.constant(cut),
        kernel: fc.constant(kernel),
      }),
    )
  fc.assert(
    fc.property(input, ({ sound, sizes, config, cut, kernel }) => {
      const whole = cutSegments(logMelChannels(sound, config, { kernel }), cut)
      expectWhole(streamed(sound.samples, sizes, config, cut, kernel), whole, cut)
    }),
    { numRuns: 60 },
  )
})

test.each(presetNames)('sample by sample it is the same: %s', (preset) => {
  const config = logMelConfig.parse({ preset, trimDb: null })
  const sound = signal('voice', 1, config.sampleRateHz)
  for (const kernel of kernelNames) {
    const whole = cutSegments(logMelChannels(sound, config, { kernel }), segments)
    expectWhole(streamed(sound.samples, [1], config, segments, kernel), whole, segments)
  }
})

test('a segment comes as soon as the frames that its slopes need are there', () => {
  const sound = signal('noise', 2)
  const stream = createFrontEndStream(paper, segments)
  // frames 0…67 end at 67·160 + 400
  expect(stream.push(sound.samples.subarray(0, 11119))).toHaveLength(0)
  expect(stream.push(sound.samples.subarray(11119, 11120))).toHaveLength(1)
  expect(stream.push(sound.samples.subarray(11120, 11120 + 32 * 160 - 1))).toHaveLength(0)
  expect(stream.push(sound.samples.subarray(11120 + 32 * 160 - 1, 11120 + 32 * 160))).toHaveLength(
    1,
  )
})

test('a segment is its taker’s: what comes later does not change it', () => {
  const sound = signal('voice', 3)
  const stream = createFrontEndStream(paper, segments)
  const [first] = stream.push(sound.samples.subarray(0, 16000))
  const copy = first!.segment.data.slice()
  stream.push(sound.samples.subarray(16000))
  stream.end()
  expect(first!.segment.data).toEqual(copy)
})

test('streams that take turns do not disturb each other, nor a clip between', () => {
  const sounds = [signal('voice', 2), signal('noise', 2)]
  const configs = [paper, logMelConfig.parse({ preset: 'librosa' })]
  const streams = configs.map((config) => createFrontEndStream(config, segments))
  const found: StreamedSegment[][] = [[], []]
  for (let at = 0; at < 32000; at += 1000) {
    streams.forEach((stream, index) => {
      found[index]!.push(...stream.push(sounds[index]!.samples.subarray(at, at + 1000)))
      logMelChannels(signal('chirp', 0.1), paper)
    })
  }
  streams.forEach((stream, index) => {
    found[index]!.push(...stream.end())
    const whole = cutSegments(logMelChannels(sounds[index]!, configs[index]!), segments)
    expectWhole(found[index]!, whole, segments)
  })
})

test('an hour goes through without end: segments go on beyond maxSegments', () => {
  const minute = signal('noise', 60).samples
  const few = segmentConfig.parse({ maxSegments: 2 })
  const stream = createFrontEndStream(logMelConfig.parse({ bands: 8 }), few)
  let count = 0
  for (let minutes = 0; minutes < 5; minutes++) count += stream.push(minute).length
  count += stream.end().length
  // 29998 frames
  expect(count).toBe(1 + Math.ceil((29998 - 64) / 32))
})

test('after its end a stream takes nothing more', () => {
  const stream = createFrontEndStream(paper, segments)
  stream.push(Float32Array.of(0.5))
  expect(stream.end()).toHaveLength(1)
  expect(() => stream.push(Float32Array.of(0))).toThrow('the stream has ended; make a new one')
  expect(() => stream.end()).toThrow('the stream has ended; make a new one')
})
