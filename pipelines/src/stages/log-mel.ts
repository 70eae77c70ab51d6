import {
  augmentationTable,
  files,
  InputError,
  manifestTable,
  one,
  value,
  type Audio,
  type Clip,
  type ClipRow,
  type ClipTensors,
  type ClipTensorStream,
  type ManifestRow,
  type OpenFile,
  type RawFile,
  type Stage,
} from '@serflow/core'
import { logMelStage, type LogMelConfig } from '@serflow/features'
import { applyEffects, openUtterances, resample, type UtteranceReader } from '@serflow/ingest'
import { kernelsHere, type Kernels } from '../kernels.js'

interface LogMelInputs {
  readonly manifest: readonly ManifestRow[]
  readonly augmentation: readonly ClipRow[]
  readonly files: readonly RawFile[]
  /** What the run was planned with. */
  readonly kernels: Kernels
}

/**
 * The log-mel stage bound to ingest's reader: reading, cutting, augmenting and the spectrogram of a clip are one pass.
 * A file with several utterances stays open from one clip to the next, so that it is not read for each of them.
 */
export const stage: Stage<LogMelInputs, ClipTensorStream, LogMelConfig, ClipTensors> = {
  ...logMelStage,
  inputs: {
    manifest: one(manifestTable),
    augmentation: one(augmentationTable),
    files,
    kernels: value(),
  },
  run({ manifest, augmentation, files, kernels }, config, context) {
    checkKernels(kernels)
    const used = manifest.filter((row) => row.status === 'used')
    const rowOf = new Map(used.map((row) => [row.utteranceId, row]))
    const fileOf = new Map(files.map((file) => [file.path, file]))
    async function* read(): AsyncGenerator<Clip> {
      let open:
        | { readonly path: string; readonly reader: UtteranceReader; readonly file: OpenFile }
        | undefined
      const close = () => {
        open?.reader.close()
        open?.file.close()
        open = undefined
      }
      // The copies of an utterance come one behind the other.
      let last: { readonly utteranceId: string; readonly audio: Audio } | undefined
      const readerOf = async (path: string): Promise<UtteranceReader> => {
        if (open?.path === path) return open.reader
        close()
        const file = fileOf.get(path)
        if (!file) throw new Error(`"${path}" is in the manifest, but not among the files`)
        const opened = await file.open()
        open = { path, reader: openUtterances(opened, path), file: opened }
        return open.reader
      }
      try {
        for (const { clipId, utteranceId, effects } of augmentation) {
          const row = rowOf.get(utteranceId)
          if (!row) throw new Error(`clip ${clipId} has no utterance`)
          if (last?.utteranceId !== utteranceId) {
            const reader = await readerOf(row.file)
            const { audio } = await reader.read(row.startSeconds, row.endSeconds)
            last = { utteranceId, audio: resample(audio, config.sampleRateHz) }
          }
          yield {
            clipId,
            utteranceId,
            effects,
            audio: applyEffects(last.audio, effects, utteranceId),
          }
        }
      } finally {
        close()
      }
    }
    const audio = { rows: augmentation, length: augmentation.length, [Symbol.asyncIterator]: read }
    return logMelStage.run({ audio }, config, context)
  },
}

function checkKernels(planned: Kernels): void {
  const here = kernelsHere()
  for (const name of ['reader', 'frontEnd'] as const) {
    if (here[name] === planned[name]) continue
    throw new InputError(
      `log-mel: the run was planned where the ${name} kernel is ${planned[name]}, but here it is ${here[name]}; ` +
        'plan and run on machines of the same kind',
    )
  }
}
