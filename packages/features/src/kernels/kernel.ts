import type { LogMelConfig } from '../config.js'
import type { Excerpt } from '../excerpt.js'
import type { FrameRange } from '../frames.js'

/** The plain version is the definition; the other one is as fast as a browser lets it be. */
export const kernelNames = ['plain', 'wasm-simd'] as const
export type KernelName = (typeof kernelNames)[number]

/** Frames that follow each other, and what lies before them. */
export interface FrameBlock {
  readonly frames: FrameRange
  /** What the last block gave back; undefined where there was none. */
  readonly history: History | undefined
  /** Whether the block's first frame is the clip's first, and its last the clip's last: slopes know no frame beyond. */
  readonly isFirst: boolean
  readonly isLast: boolean
}

/** The log-mels of the last frames of a block, 4·deltaRadius at most; only the kernel that made them reads them. */
export interface History {
  readonly rows: Float32Array
  readonly frames: number
}

/** The rows of a block whose slopes are known: [frames, bands, 3]. */
export interface ChannelBlock {
  /** Valid until the kernel is called again. */
  readonly data: Float32Array
  readonly history: History
}

/** The loops of the front end over many values. The excerpt holds what the frames asked for cover. */
export interface FrontEndKernel {
  readonly name: KernelName
  /** Whether no sample is infinite or NaN. */
  allFinite(samples: Float32Array): boolean
  /** Log-mels of some frames, [frames, bands]. */
  logMels(excerpt: Excerpt, frames: FrameRange, config: LogMelConfig): Float32Array
  /**
   * Log-mels with both slopes. History and block are together at least 4·deltaRadius + 1 frames long unless the
   * block ends where the clip does. The frames whose slopes are known begin 2·deltaRadius after the history's first,
   * or with the clip, and end 2·deltaRadius before the block's last, or with the clip.
   */
  channels(excerpt: Excerpt, block: FrameBlock, config: LogMelConfig): ChannelBlock
  /** Mean and Σ (x − mean)² of the samples bounds[p]…bounds[p + 1] − 1, for each part p: [parts, 2]. */
  moments(samples: Float32Array, bounds: Int32Array): Float64Array
}

/** The frames, counted from the history's first, whose slopes a block of so many frames knows. */
export function knownFrames(
  frames: number,
  { isFirst, isLast }: Pick<FrameBlock, 'isFirst' | 'isLast'>,
  { deltaRadius }: Pick<LogMelConfig, 'deltaRadius'>,
): FrameRange {
  return {
    start: isFirst ? 0 : 2 * deltaRadius,
    end: isLast ? frames : frames - 2 * deltaRadius,
  }
}
