import { InputError, type Audio, type Tensor } from '@serflow/core/plain'
import type { z } from 'zod'
import { channelNames, channelRows } from './channels.js'
import { logMelConfig, segmentConfig, type LogMelSettings } from './config.js'
import type { KernelChoice } from './kernels/choice.js'
import { segmentsToFill, type SegmentTarget } from './segment.js'

/**
 * From sound to what the CNN sees, in one call: log-mels with their slopes (logMelChannels), cut into segments
 * (cutSegments). Settings that are not given have their defaults.
 *
 * @param audio one clip, at most as long as maxSegments hold; what is beyond is left out
 * @param options which kernel, and an array to use again for the result
 * @returns shape [segments, segmentFrames, bands, 3]
 * @throws InputError and TypeError as logMelChannels does, InputError also for settings that contradict each other
 */
export function framedLogMels(
  audio: Audio,
  config: LogMelSettings = {},
  segments: z.input<typeof segmentConfig> = {},
  options: KernelChoice & SegmentTarget = {},
): Tensor {
  const settings = checked(logMelConfig, config, 'features')
  const cut = checked(segmentConfig, segments, 'segments')
  const { frames, each } = channelRows(audio, settings, options)
  const { add, finish } = segmentsToFill(
    frames,
    [settings.bands, channelNames.length],
    cut,
    options,
  )
  each(add)
  return finish().segments
}

function checked<T>(schema: z.ZodType<T>, settings: unknown, group: string): T {
  const { success, data, error } = schema.safeParse(settings)
  if (success) return data
  const reasons = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${group}.${key}: there is no such setting`)
      : [`${[group, ...issue.path].join('.')}: ${issue.message}`],
  )
  throw new InputError(reasons.join('; '))
}
