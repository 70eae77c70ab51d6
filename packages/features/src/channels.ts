import type { Audio, Tensor } from '@serflow/core/plain'
import type { LogMelConfig } from './config.js'
import { frameCount } from './frames.js'
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
 * @throws InputError as logMel does
 */
export function logMelChannels(
  audio: Audio,
  config: LogMelConfig,
  choice: KernelChoice = {},
): Tensor {
  const kernel = kernelNamed(choice.kernel)
  checkAudio(audio, config, kernel)
  const { bands, deltaRadius } = config
  const frames = frameCount(audio.samples.length, config)
  const kept = keptFrames(audio, config, choice)
  // Nothing is made of frames that are cut off and that no slope needs.
  const first = Math.max(0, kept.start - 2 * deltaRadius)
  const end = Math.min(frames, kept.end + 2 * deltaRadius)
  const width = bands * channelNames.length
  const data = new Float32Array((kept.end - kept.start) * width)
  let place = ((first === 0 ? 0 : kept.start) - kept.start) * width
  rowMaker(kernel, config, first).make(wholeClip(audio), end, end === frames, (rows) => {
    const wanted = rows.subarray(Math.max(0, -place), Math.max(0, data.length - place))
    data.set(wanted, Math.max(0, place))
    place += rows.length
  })
  return { data, shape: [kept.end - kept.start, bands, channelNames.length] }
}
