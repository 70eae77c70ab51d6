import { expectShape, type Tensor } from '@serflow/core/plain'
import type { SegmentConfig } from './config.js'

/** A clip cut into pieces of equal length. */
export interface Segments {
  /** [segments, segmentFrames, bands, channels] */
  readonly segments: Tensor
  /** How many frames of each segment are the clip's own; the others repeat its last frame. */
  readonly validFrames: readonly number[]
}

/**
 * Cuts a clip's frames into segments that overlap: segment s holds frames hopFrames·s … hopFrames·s +
 * segmentFrames − 1. The last one repeats the clip's last frame where the clip has ended; frames beyond
 * maxSegments are left out.
 *
 * @param channels shape [frames, bands, channels], at least one frame
 * @throws RangeError for another shape or no frame
 */
export function cutSegments(channels: Tensor, config: SegmentConfig): Segments {
  expectShape(channels, [-1, -1, -1], 'input of cutSegments')
  const { segmentFrames, hopFrames } = config
  const frames = channels.shape[0]!
  const bands = channels.shape[1]!
  const depth = channels.shape[2]!
  const segments = segmentCount(frames, config)
  const width = bands * depth
  const data = new Float32Array(segments * segmentFrames * width)
  const validFrames: number[] = []
  const lastFrame = channels.data.subarray((frames - 1) * width, frames * width)
  for (let segment = 0; segment < segments; segment++) {
    const start = segment * hopFrames
    const valid = Math.min(segmentFrames, frames - start)
    const to = segment * segmentFrames * width
    data.set(channels.data.subarray(start * width, (start + valid) * width), to)
    for (let frame = valid; frame < segmentFrames; frame++) {
      data.set(lastFrame, to + frame * width)
    }
    validFrames.push(valid)
  }
  return { segments: { data, shape: [segments, segmentFrames, bands, depth] }, validFrames }
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
