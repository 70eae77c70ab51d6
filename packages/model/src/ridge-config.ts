import { z } from 'zod'

/** The baseline's settings. */
export const ridgeConfig = z.strictObject({
  /**
   * Penalty on the weights of the standardised values, as a multiple of how many these are: a row's square is
   * about as much, so that 1 means the same for embeddings of any dimension.
   */
  lambda: z.number().positive().default(1),
  /** What to train on, by its effects; only originals are tested. */
  copies: z
    .array(z.string())
    .min(1)
    .default(['original', 'speed=0.9', 'speed=1.1'])
    .describe('clips to train on: original, and copies by their effects, such as speed=0.9'),
})
export type RidgeConfig = z.infer<typeof ridgeConfig>
