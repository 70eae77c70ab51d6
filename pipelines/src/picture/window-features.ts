import type { Audio, Tensor } from '@serflow/core'
import {
  cutSegments,
  frameStart,
  hopSamples,
  keptFrames,
  logMelChannels,
  windowSamples,
  type FrameRange,
  type LogMelConfig,
  type SegmentConfig,
} from '@serflow/features'

/** A stretch of sound that is taken as one clip, with what the CNN sees of it. */
export interface WindowFeatures {
  readonly audio: Audio
  /** Place of its first sample in the recording. */
  readonly startSeconds: number
  readonly endSeconds: number
  /** [frames, bands, 3] of all frames, also those that are cut off. */
  readonly channels: Tensor
  /** The frames that are not cut off as silence. */
  readonly kept: FrameRange
  readonly segments: readonly SegmentPlace[]
  /** Where a frame is drawn in the recording: from half a hop before its window's middle to half a hop behind. */
  frameEdge(frame: number): number
}

/** Frames first…first + frames − 1 of a window; those beyond `valid` of them repeat the last one. */
export interface SegmentPlace {
  readonly first: number
  readonly valid: number
  readonly frames: number
}

/**
 * The features of one stretch of sound.
 *
 * @throws InputError as logMelChannels does
 */
export function windowFeatures(
  audio: Audio,
  startSeconds: number,
  config: LogMelConfig,
  segments: SegmentConfig,
): WindowFeatures {
  // The slopes are those of the whole clip, so that what is cut off can be shown beside what is kept.
  const channels = logMelChannels(audio, { ...config, trimDb: null })
  const kept = keptFrames(audio, config)
  const rowSize = channels.shape[1]! * channels.shape[2]!
  const seen = {
    data: channels.data.subarray(kept.start * rowSize, kept.end * rowSize),
    shape: [kept.end - kept.start, ...channels.shape.slice(1)],
  }
  const { validFrames } = cutSegments(seen, segments)
  const shift = (windowSamples(config) - hopSamples(config)) / 2
  return {
    audio,
    startSeconds,
    endSeconds: startSeconds + audio.samples.length / audio.sampleRateHz,
    channels,
    kept,
    segments: validFrames.map((valid, index) => ({
      first: kept.start + index * segments.hopFrames,
      valid,
      frames: segments.segmentFrames,
    })),
    frameEdge: (frame) => startSeconds + (frameStart(frame, config) + shift) / audio.sampleRateHz,
  }
}
