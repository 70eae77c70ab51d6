import {
  augmentationTable,
  manifestTable,
  one,
  type ClipRow,
  type ManifestRow,
  type Stage,
} from '@serflow/core'
import { z } from 'zod'
import { comparePaths } from '../path-order.js'

export const augmentationConfig = z.strictObject({
  speeds: z
    .array(z.number().min(0.5).max(2))
    .refine((speeds) => !speeds.includes(1), 'speed 1 is the original, which is always there')
    .refine((speeds) => new Set(speeds).size === speeds.length, 'a speed stands there twice')
    .default([0.9, 0.95, 1.1])
    .describe('a copy of each recording at each of these speeds; 1.1 is faster and higher'),
})
export type AugmentationConfig = z.infer<typeof augmentationConfig>

/** A manifest to the clips to compute: its used utterances by id, then their copies by id and speed. */
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
    const originals = ids.map((id): ClipRow => ({ clipId: id, utteranceId: id, speed: 1 }))
    const copies = ids.flatMap((id) =>
      speeds.map((speed): ClipRow => ({
        clipId: `${id}#speed=${speed}`,
        utteranceId: id,
        speed,
      })),
    )
    return [...originals, ...copies]
  },
}
