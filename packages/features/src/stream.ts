import type { Tensor } from '@serflow/core/plain'
import { channelNames } from './channels.js'
import type { LogMelConfig, SegmentConfig } from './config.js'
import type { Excerpt } from './excerpt.js'
import { frameCount, framesReady, frameStart, windowSamples } from './frames.js'
import { kernelNamed, type KernelChoice } from './kernels/choice.js'
import { checkAudio, checkFinite } from './log-mel.js'
import { rowMaker } from './rows.js'

/** A segment of a sound that is still going on. */
export interface StreamedSegment {
  /** Shape [segmentFrames, bands, 3]. */
  readonly segment: Tensor
  /** The frames that are the sound's own; the others repeat the last one. */
  readonly validFrames: number
  /** The number in the whole sound of the segment's first frame. */
  readonly startFrame: number
}

/** Takes a sound in pieces and gives its segments as they become known. */
export interface FrontEndStream {
  /** @throws InputError for a sample that is not finite, named by its place in the whole sound */
  push(samples: Float32Array): readonly StreamedSegment[]
  /**
   * The sound has ended: the segments that are left, the last one padded.
   *
   * @throws InputError if there was no sample
   */
  end(): readonly StreamedSegment[]
}

/**
 * The segments of logMelChannels and cutSegments, to the bit, of a sound that comes in pieces of any size, without
 * trimming: which end is silent is not known before the sound has ended. maxSegments does not count either. A segment
 * comes when the frames its slopes need are there: 2·deltaRadius frames after its own last one.
 *
 * What is kept is less than two segments of sound and rows.
 *
 * @throws RangeError from push and end after the end
 */
export function createFrontEndStream(
  config: LogMelConfig,
  segments: SegmentConfig,
  choice: KernelChoice = {},
): FrontEndStream {
  const kernel = kernelNamed(choice.kernel)
  const sound = soundBuffer()
  const maker = rowMaker(kernel, config)
  const cutter = segmentCutter(config, segments)
  const lookAhead = 2 * config.deltaRadius
  // Frames at the end may mirror as many samples as a window has, and pre-emphasis takes one more.
  const kept = windowSamples(config) + 2
  let hasEnded = false

  /** Makes frames once they complete a segment: four at a time cost little more than one. */
  const advance = (): readonly StreamedSegment[] => {
    const excerpt = sound.excerpt(undefined)
    const ready = framesReady(sound.end(), config)
    if (ready - lookAhead < cutter.nextEnd()) return []
    maker.make(excerpt, ready, false, cutter.add)
    sound.forget(frameStart(maker.next(), config) - kept)
    return cutter.take()
  }
  const expectOpen = () => {
    if (hasEnded) throw new RangeError('the stream has ended; make a new one')
  }

  return {
    push(samples) {
      expectOpen()
      checkFinite(samples, kernel, sound.end())
      const found: StreamedSegment[] = []
      for (let at = 0; at < samples.length; at += pieceSamples) {
        sound.add(samples.subarray(at, at + pieceSamples))
        found.push(...advance())
      }
      return found
    },
    end() {
      expectOpen()
      hasEnded = true
      const total = sound.end()
      const { sampleRateHz } = config
      if (total === 0) checkAudio({ samples: new Float32Array(0), sampleRateHz }, config, kernel)
      maker.make(sound.excerpt(total), frameCount(total, config), true, cutter.add)
      return [...cutter.take(), ...cutter.last()]
    },
  }
}

/** A large push is taken in pieces, so that no more than this is kept beside what is needed. */
const pieceSamples = 16384

/** The latest samples of a sound. */
function soundBuffer() {
  let buffer = new Float32Array(pieceSamples)
  let first = 0
  let length = 0
  return {
    end: () => first + length,
    excerpt: (total: number | undefined): Excerpt => ({
      samples: buffer.subarray(0, length),
      first,
      total,
    }),
    add(samples: Float32Array) {
      if (length + samples.length > buffer.length) {
        const larger = new Float32Array(2 * (length + samples.length))
        larger.set(buffer.subarray(0, length))
        buffer = larger
      }
      buffer.set(samples, length)
      length += samples.length
    },
    /** Lets go of the samples before a place. */
    forget(place: number) {
      const count = Math.min(length, Math.max(0, place - first))
      buffer.copyWithin(0, count, length)
      first += count
      length -= count
    },
  }
}

/** Cuts rows [bands, 3] that come one behind the other into segments, as cutSegments does. */
function segmentCutter({ bands }: LogMelConfig, { segmentFrames, hopFrames }: SegmentConfig) {
  const depth = channelNames.length
  const width = bands * depth
  const shape = [segmentFrames, bands, depth]
  let rows = new Float32Array(2 * segmentFrames * width)
  let count = 0
  let startFrame = 0
  let found: StreamedSegment[] = []

  const add = (more: Float32Array): void => {
    const needed = count * width + more.length
    if (needed > rows.length) {
      const larger = new Float32Array(2 * needed)
      larger.set(rows.subarray(0, count * width))
      rows = larger
    }
    rows.set(more, count * width)
    count += more.length / width
    while (count >= segmentFrames) {
      const data = rows.slice(0, segmentFrames * width)
      found.push({ segment: { data, shape }, validFrames: segmentFrames, startFrame })
      rows.copyWithin(0, hopFrames * width, count * width)
      count -= hopFrames
      startFrame += hopFrames
    }
  }

  return {
    add,
    /** The number of frames that complete the next segment. */
    nextEnd: () => startFrame + segmentFrames,
    take: () => {
      const taken = found
      found = []
      return taken
    },
    /** What no whole segment holds, its last row repeated. */
    last: (): readonly StreamedSegment[] => {
      const isHeld = startFrame > 0 && count <= segmentFrames - hopFrames
      if (isHeld) return []
      const data = new Float32Array(segmentFrames * width)
      data.set(rows.subarray(0, count * width))
      const lastRow = data.slice((count - 1) * width, count * width)
      for (let frame = count; frame < segmentFrames; frame++) data.set(lastRow, frame * width)
      return [{ segment: { data, shape }, validFrames: count, startFrame }]
    },
  }
}
