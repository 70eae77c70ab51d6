import { z } from 'zod'

/** The baseline's settings. */
export const ridgeConfig = z.strictObject({
  /**
   * Penalty on the weights of the standardised values, as a multiple of how many these are: a row's square is
   * about as much, so that 1 means the same for embeddings of any dimension.
   */
  lambda: z.number().positive().default(1),
  /** What to train on, by its effects as the augmentation writes them; only originals are tested. */
  copies: z
    .array(z.string())
    .min(1)
    .describe(
      'clips to train on: original, and copies by their effects, such as speed=0.9, each of which ' +
        'ingest.augmentation must make; by default original, speed=0.9 and speed=1.1, those of them that there are',
    ),
})
export type RidgeConfig = z.infer<typeof ridgeConfig>

/** What is trained on where nothing is said, as far as it is made. */
export const usualRidgeCopies: readonly string[] = ['original', 'speed=0.9', 'speed=1.1']
