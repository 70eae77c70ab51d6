import type { RowTimes } from '@serflow/core'
import type { SegmentConfig } from './config.js'

/**
 * Where segments lie in time, from where their frames lie: segment s begins with frame hopFrames·s and covers
 * segmentFrames frames, also where the clip ends before and the last ones repeat its last frame.
 */
export function segmentTimes(
  { sampleRateHz, hopSamples, windowSamples }: RowTimes,
  { hopFrames, segmentFrames }: SegmentConfig,
): RowTimes {
  return {
    sampleRateHz,
    hopSamples: hopFrames * hopSamples,
    windowSamples: (segmentFrames - 1) * hopSamples + windowSamples,
  }
}
