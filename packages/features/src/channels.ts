import type { Audio, Tensor } from '@serflow/core'
import type { LogMelConfig } from './config.js'
import { delta } from './delta.js'
import { logMel } from './log-mel.js'
import { keptFrames } from './trim.js'

/** The last axis of a clip's features, in order. */
export const channelNames = ['static', 'delta', 'delta-delta'] as const

/**
 * A clip's log-mels with their slope and the slope's slope. All three are computed over the whole clip; then the
 * silence at both ends is cut off (see keptFrames), so that a cut edge makes no slope.
 *
 * @returns shape [frames, bands, 3], channels in the order of channelNames
 * @throws InputError as logMel does
 */
export function logMelChannels(audio: Audio, config: LogMelConfig): Tensor {
  const still = logMel(audio, config)
  const slope = delta(still, config.deltaRadius)
  const bend = delta(slope, config.deltaRadius)
  const { start, end } = keptFrames(audio, config)
  const { bands } = config
  const data = new Float32Array((end - start) * bands * 3)
  for (let from = start * bands, to = 0; from < end * bands; from++) {
    data[to++] = still.data[from]!
    data[to++] = slope.data[from]!
    data[to++] = bend.data[from]!
  }
  return { data, shape: [end - start, bands, 3] }
}
