import { expectShape, type Tensor } from '@serflow/core/plain'
import type { SegmentConfig } from './config.js'

/** A clip cut into pieces of equal length. */
export interface Segments {
  /** [segments, segmentFrames, bands, channels] */
  readonly segments: Tensor
  /** How many frames of each segment are the clip's own; the others repeat its last frame. */
  readonly validFrames: readonly number[]
}

/** Where segments are put. */
export interface SegmentTarget {
  /**
   * An array to use again, from its beginning: the segments are a view of it, until it is used for others. Where it is
   * too short a new one is made, as it is where none is given. To fill memory that is new takes a fifth of the time of
   * the whole front end.
   */
  readonly into?: Float32Array | undefined
}

/**
 * Cuts a clip's frames into segments that overlap: segment s holds frames hopFrames·s … hopFrames·s +
 * segmentFrames − 1. The last one repeats the clip's last frame where the clip has ended; frames beyond
 * maxSegments are left out.
 *
 * @param channels shape [frames, bands, channels], at least one frame
 * @throws RangeError for another shape or no frame
 */
export function cutSegments(
  channels: Tensor,
  config: SegmentConfig,
  { into }: SegmentTarget = {},
): Segments {
  expectShape(channels, [-1, -1, -1], 'input of cutSegments')
  const [frames = 0, bands = 0, depth = 0] = channels.shape
  const filling = segmentsToFill(frames, [bands, depth], config, { into })
  filling.add(channels.data, 0)
  return filling.finish()
}

/** Segments whose rows come some at a time. */
export interface SegmentsToFill {
  /** Puts rows [frames, bands, channels], the first of which is the clip's frame `start`, wherever they belong. */
  readonly add: (rows: Float32Array, start: number) => void
  /** All rows are there: pads the last segment. */
  readonly finish: () => Segments
}

/**
 * Room for the segments of cutSegments.
 *
 * @param rowShape bands and channels
 * @throws RangeError for a clip without frames
 */
export function segmentsToFill(
  frames: number,
  rowShape: readonly [number, number],
  config: SegmentConfig,
  { into }: SegmentTarget = {},
): SegmentsToFill {
  const { segmentFrames, hopFrames } = config
  const segments = segmentCount(frames, config)
  const [bands, depth] = rowShape
  const width = bands * depth
  const size = segmentFrames * width
  const count = segments * size
  const data = into && into.length >= count ? into.subarray(0, count) : new Float32Array(count)
  return {
    add(rows, start) {
      const end = start + rows.length / width
      const first = Math.max(0, Math.floor((start - segmentFrames) / hopFrames) + 1)
      for (let segment = first; segment < segments && segment * hopFrames < end; segment++) {
        const origin = segment * hopFrames
        const from = Math.max(start, origin)
        const to = Math.min(end, origin + segmentFrames)
        const wanted = rows.subarray((from - start) * width, (to - start) * width)
        data.set(wanted, segment * size + (from - origin) * width)
      }
    },
    finish() {
      const validFrames = Array.from({ length: segments }, (_, segment) =>
        Math.min(segmentFrames, frames - segment * hopFrames),
      )
      validFrames.forEach((valid, segment) => {
        const last = segment * size + (valid - 1) * width
        for (let frame = valid; frame < segmentFrames; frame++) {
          data.copyWithin(segment * size + frame * width, last, last + width)
        }
      })
      return { segments: { data, shape: [segments, segmentFrames, bands, depth] }, validFrames }
    },
  }
}

/**
 * Number of segments of a clip: 1 up to segmentFrames frames, else 1 + ⌈(frames − segmentFrames)/hopFrames⌉, and
 * maxSegments at most.
 *
 * @throws RangeError if frames is not a positive integer
 */
export function segmentCount(frames: number, config: SegmentConfig): number {
  if (!Number.isInteger(frames) || frames < 1) {
    throw new RangeError(`a clip of ${frames} frames cannot be cut, expected at least one frame`)
  }
  const { segmentFrames, hopFrames, maxSegments } = config
  const needed = 1 + Math.ceil(Math.max(0, frames - segmentFrames) / hopFrames)
  return Math.min(maxSegments, needed)
}
