import {
  augmentationTable,
  manifestTable,
  one,
  type ClipRow,
  type ManifestRow,
  type Stage,
} from '@serflow/core'
import { augmentationConfig, effectsOf, type AugmentationConfig } from '../config.js'
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
    const effects = effectsOf(config)
    const ids = manifest
      .filter(({ status }) => status === 'used')
      .map(({ utteranceId }) => utteranceId!)
      .sort(comparePaths)
    const originals = ids.map((id): ClipRow => ({ clipId: id, utteranceId: id, effects: '' }))
    const copies = ids.flatMap((id) =>
      effects.map((each): ClipRow => ({
        clipId: `${id}#${each}`,
        utteranceId: id,
        effects: each,
      })),
    )
    return [...originals, ...copies]
  },
}
