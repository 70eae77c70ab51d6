import { z } from 'zod'
import { resnet50Stages } from './resnet50.js'

const perChannel = z.tuple([z.number(), z.number(), z.number()])

/**
 * How segments become embeddings.
 *
 * The scaling into the CNN's range is fixed, so that all folds and all recordings share it: offsets and scales
 * are the typical level and spread of ln mel power, its slope and the slope's slope, for speech at full scale
 * ±1 (corpora of 16-bit speech lie near -8.5 ± 4.8, 0 ± 0.64 and 0 ± 0.25), rounded.
 */
export const backboneConfig = z.strictObject({
  kind: z.literal('resnet50').default('resnet50'),
  /** Which stages of the CNN to take; the middle ones know textures, the last ones objects. */
  layers: z
    .array(z.enum(resnet50Stages))
    .min(1)
    .refine((layers) => new Set(layers).size === layers.length, 'a layer is named twice')
    .default(['stage2', 'stage3']),
  /** Parts of the frequency axis that are kept apart; time is averaged. */
  rows: z.int().positive().default(8),
  /** Mel bands of the segments. */
  bands: z.int().positive().default(64),
  /** Level of each channel that becomes mid-grey. */
  offsets: perChannel.default([-8, 0, 0]),
  /** Spread of each channel; 128/45 = 2.8 of them reach black or white. */
  scales: z
    .tuple([z.number().positive(), z.number().positive(), z.number().positive()])
    .default([5, 0.6, 0.25]),
})
export type BackboneConfig = z.infer<typeof backboneConfig>
