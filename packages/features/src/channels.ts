import type { Audio, Tensor } from '@serflow/core/plain'
import type { LogMelConfig } from './config.js'
import { frameCount, type FrameRange } from './frames.js'
import { kernelNamed, type KernelChoice } from './kernels/choice.js'
import { checkAudio, wholeClip } from './log-mel.js'
import { rowMaker } from './rows.js'
import { keptFrames } from './trim.js'

/** The last axis of a clip's features, in order. */
export const channelNames = ['static', 'delta', 'delta-delta'] as const

/**
 * A clip's log-mels with their slope and the slope's slope (slopesOf). All three are those of the whole clip; the
 * silence at both ends is cut off after (see keptFrames), so that a cut edge makes no slope.
 *
 * @returns shape [frames, bands, 3], channels in the order of channelNames
 * @throws InputError and TypeError as logMel does
 */
export function logMelChannels(
  audio: Audio,
  config: LogMelConfig,
  choice: KernelChoice = {},
): Tensor {
  return keptChannels(audio, config, choice).tensor
}

/** logMelChannels, and which of the clip's frames they are. */
export function keptChannels(
  audio: Audio,
  config: LogMelConfig,
  choice: KernelChoice = {},
): { readonly tensor: Tensor; readonly kept: FrameRange } {
  const { frames, kept, each } = channelRows(audio, config, choice)
  const width = config.bands * channelNames.length
  const data = new Float32Array(frames * width)
  each((rows, frame) => data.set(rows, frame * width))
  return { tensor: { data, shape: [frames, config.bands, channelNames.length] }, kept }
}

/** The frames that are kept of a clip, made in order, some at a time. */
export interface ChannelRows {
  readonly frames: number
  /** Which frames of the clip they are. */
  readonly kept: FrameRange
  /** @param take gets rows [frames, bands, 3], valid during the call, and the number of the first among those kept */
  readonly each: (take: (rows: Float32Array, frame: number) => void) => void
}

/** logMelChannels for a caller that puts the rows where it wants them. */
export function channelRows(
  audio: Audio,
  config: LogMelConfig,
  choice: KernelChoice = {},
): ChannelRows {
  const kernel = kernelNamed(choice.kernel)
  checkAudio(audio, config, kernel)
  const reach = 2 * config.deltaRadius
  const width = config.bands * channelNames.length
  const frames = frameCount(audio.samples.length, config)
  const kept = keptFrames(audio, config, choice)
  // Nothing is made of frames that are cut off and that no slope needs.
  const first = Math.max(0, kept.start - reach)
  const end = Math.min(frames, kept.end + reach)
  return {
    frames: kept.end - kept.start,
    kept,
    each(take) {
      let frame = first === 0 ? 0 : kept.start
      rowMaker(kernel, config, first).make(wholeClip(audio), end, end === frames, (rows) => {
        const from = Math.max(0, kept.start - frame)
        const wanted = rows.subarray(from * width, Math.max(0, kept.end - frame) * width)
        if (wanted.length > 0) take(wanted, frame + from - kept.start)
        frame += rows.length / width
      })
    },
  }
}
