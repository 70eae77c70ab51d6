/** Settings of the stages, apart from them: whoever reads settings loads no more than this. */
import { z } from 'zod'

export const foldsConfig = z.strictObject({
  scheme: z
    .enum(['leave-one-speaker-out', 'emobox-6', 'luna-5', 'k-speakers', 'list'])
    .default('leave-one-speaker-out')
    .describe('how speakers are divided; emobox-6 and luna-5 are published divisions of RAVDESS'),
  folds: z.int().min(2).default(6).describe('number of folds of k-speakers'),
  list: z
    .array(z.array(z.string()).min(1))
    .default([])
    .describe('test speakers of each fold, for the scheme list'),
})
export type FoldsConfig = z.infer<typeof foldsConfig>

export const augmentationConfig = z.strictObject({
  speeds: z
    .array(z.number().min(0.5).max(2))
    .refine((speeds) => !speeds.includes(1), 'speed 1 is the original, which is always there')
    .refine((speeds) => new Set(speeds).size === speeds.length, 'a speed stands there twice')
    .default([0.9, 0.95, 1.1])
    .describe('a copy of each recording at each of these speeds; 1.1 is faster and higher'),
})
export type AugmentationConfig = z.infer<typeof augmentationConfig>

export const balanceConfig = z.strictObject({
  kind: z
    .enum(['weights', 'none'])
    .default('weights')
    .describe('weights: each class counts alike in the loss; none: each utterance does'),
})
export type BalanceConfig = z.infer<typeof balanceConfig>
