import type { LogMelConfig } from './config.js'
import type { Excerpt } from './excerpt.js'
import type { FrontEndKernel, History } from './kernels/kernel.js'
import { blockFrames } from './kernels/simd-tables.js'

/** Makes a clip's rows [bands, 3] block by block, in order. */
export interface RowMaker {
  /** The next frame whose log-mels are not made yet. */
  readonly next: () => number
  /**
   * Makes the frames up to `end` and hands on all rows whose slopes are known then: those up to 2·deltaRadius before
   * `end`, or all with `isLast`. Does nothing while the slopes of none are known.
   *
   * @param take gets rows, [frames, bands, 3]; they are valid during the call
   */
  readonly make: (
    excerpt: Excerpt,
    end: number,
    isLast: boolean,
    take: (rows: Float32Array) => void,
  ) => void
}

/**
 * Whatever the blocks, a row is the same: it depends on the log-mels of 2·deltaRadius frames before and behind, and
 * these on their samples alone.
 *
 * @param start the first frame to make; the first row is that of frame 0, or start + 2·deltaRadius
 */
export function rowMaker(kernel: FrontEndKernel, config: LogMelConfig, start = 0): RowMaker {
  // What slopes of both kinds need behind them to be known.
  const reach = 4 * config.deltaRadius
  const length = Math.max(blockFrames, reach + 4)
  let next = start
  let history: History | undefined
  return {
    next: () => next,
    make(excerpt, end, isLast, take) {
      if (!history && !isLast && end - start <= reach) return
      // Once the last frame is made, the rows that waited for more are still to come.
      for (let isOpen = next < end || isLast; isOpen; isOpen = next < end) {
        const stop = Math.min(end, next + length)
        const block = {
          frames: { start: next, end: stop },
          history,
          isFirst: !history && start === 0,
          isLast: isLast && stop === end,
        }
        const made = kernel.channels(excerpt, block, config)
        history = made.history
        next = stop
        if (made.data.length > 0) take(made.data)
      }
    },
  }
}
