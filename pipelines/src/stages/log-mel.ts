import {
  augmentationTable,
  files,
  manifestTable,
  one,
  sequence,
  type Clip,
  type ClipRow,
  type ClipTensors,
  type ManifestRow,
  type RawFile,
  type Stage,
} from '@serflow/core'
import { logMelStage, type LogMelConfig } from '@serflow/features'
import { readClip } from '@serflow/ingest'

interface LogMelInputs {
  readonly manifest: readonly ManifestRow[]
  readonly augmentation: readonly ClipRow[]
  readonly files: readonly RawFile[]
}

/** The log-mel stage bound to ingest's reader: reading, augmenting and the spectrogram of a clip are one pass. */
export const stage: Stage<LogMelInputs, ClipTensors, LogMelConfig> = {
  ...logMelStage,
  inputs: { manifest: one(manifestTable), augmentation: one(augmentationTable), files },
  run({ manifest, augmentation, files }, config, context) {
    const pathOf = new Map(
      manifest.filter((row) => row.status === 'used').map((row) => [row.utteranceId, row.file]),
    )
    const fileOf = new Map(files.map((file) => [file.path, file]))
    const audio = sequence(augmentation.length, async (index): Promise<Clip> => {
      const { clipId, utteranceId, effects } = augmentation[index]!
      const file = fileOf.get(pathOf.get(utteranceId) ?? '')
      if (!file) throw new Error(`clip ${clipId} has no file`)
      const bytes = await file.read()
      return {
        clipId,
        utteranceId,
        effects,
        audio: await readClip(bytes, file.path, effects, config.sampleRateHz),
      }
    })
    return logMelStage.run({ audio }, config, context)
  },
}
