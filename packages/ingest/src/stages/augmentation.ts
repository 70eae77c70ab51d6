import {
  augmentationTable,
  manifestTable,
  one,
  type ClipRow,
  type ManifestRow,
  type Stage,
} from '@serflow/core'
import { augmentationConfig, type AugmentationConfig } from '../config.js'
import { comparePaths } from '../path-order.js'

/** A manifest to the clips to compute: its used utterances by id, then their copies by id and effects. */
export const augmentationStage: Stage<
  { manifest: readonly ManifestRow[] },
  readonly ClipRow[],
  AugmentationConfig
> = {
  name: 'augmentation',
  inputs: { manifest: one(manifestTable) },
  output: augmentationTable,
  config: augmentationConfig,
  run({ manifest }, config) {
    const speeds = [...config.speeds].sort((left, right) => left - right)
    const ids = manifest
      .filter(({ status }) => status === 'used')
      .map(({ utteranceId }) => utteranceId!)
      .sort(comparePaths)
    const originals = ids.map((id): ClipRow => ({ clipId: id, utteranceId: id, effects: '' }))
    const copies = ids.flatMap((id) =>
      speeds.map((speed): ClipRow => ({
        clipId: `${id}#speed=${speed}`,
        utteranceId: id,
        effects: `speed=${speed}`,
      })),
    )
    return [...originals, ...copies]
  },
}
