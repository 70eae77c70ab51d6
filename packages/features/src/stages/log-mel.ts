import { InputError, lazy, logMelSet } from '@serflow/core'
import type { AudioSet, Clip, ClipTensor, ClipTensors, Stage, Tensor } from '@serflow/core'
import { channelNames, logMelChannels } from '../channels.js'
import { logMelConfig, type LogMelConfig } from '../config.js'

/** Waveforms to log-mels: one [frames, bands, channels] tensor a clip, in the clips' order. */
export const logMelStage: Stage<{ audio: AudioSet }, ClipTensors, LogMelConfig> = {
  name: 'log-mel',
  inputs: { audio: lazy() },
  output: logMelSet,
  config: logMelConfig,
  async run({ audio }, config, { progress }) {
    const clips: ClipTensor[] = []
    for await (const clip of audio) {
      const { clipId, utteranceId, effects } = clip
      clips.push({ clipId, utteranceId, effects, tensor: channelsOf(clip, config) })
      progress(clips.length / audio.length)
    }
    return { rowShape: [config.bands, channelNames.length], settings: config, clips }
  },
}

function channelsOf({ clipId, audio }: Clip, config: LogMelConfig): Tensor {
  try {
    return logMelChannels(audio, config)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`clip "${clipId}": ${error.message}`, { cause: error })
  }
}
