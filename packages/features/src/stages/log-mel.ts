import { InputError, lazy, logMelSet } from '@serflow/core'
import type {
  AudioSet,
  Clip,
  ClipTensor,
  ClipTensors,
  ClipTensorStream,
  Stage,
} from '@serflow/core'
import { channelNames, keptChannels } from '../channels.js'
import { logMelConfig, type LogMelConfig } from '../config.js'
import { frameStart, hopSamples, windowSamples } from '../frames.js'
import { frontEndKernel } from '../kernels/choice.js'

/**
 * Waveforms to log-mels: one [frames, bands, channels] tensor a clip, in the clips' order. A clip is read and computed
 * when it is written, so that one at a time is in memory.
 */
export const logMelStage: Stage<{ audio: AudioSet }, ClipTensorStream, LogMelConfig, ClipTensors> =
  {
    name: 'log-mel',
    inputs: { audio: lazy() },
    output: logMelSet,
    config: logMelConfig,
    run({ audio }, config, { progress }) {
      return {
        rowShape: [config.bands, channelNames.length],
        rowTimes: {
          sampleRateHz: config.sampleRateHz,
          hopSamples: hopSamples(config),
          windowSamples: windowSamples(config),
        },
        settings: { ...config, kernel: frontEndKernel() },
        rows: audio.rows,
        clips: tensorsOf(audio, config, progress),
      }
    },
  }

async function* tensorsOf(
  audio: AudioSet,
  config: LogMelConfig,
  progress: (fraction: number) => void,
): AsyncGenerator<ClipTensor> {
  let count = 0
  for await (const clip of audio) {
    yield tensorOf(clip, config)
    progress(++count / audio.length)
  }
}

function tensorOf({ audio, ...name }: Clip, config: LogMelConfig): ClipTensor {
  try {
    const { tensor, kept } = keptChannels(audio, config)
    return { ...name, startSample: frameStart(kept.start, config), tensor }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`clip "${name.clipId}": ${error.message}`, { cause: error })
  }
}
