import { z } from 'zod'

/** The baseline's settings. */
export const ridgeConfig = z.strictObject({
  /**
   * Penalty on the weights of the standardised values, as a multiple of how many these are: a row's square is
   * about as much, so that 1 means the same for embeddings of any dimension.
   */
  lambda: z.number().positive().default(1),
  /** Copies to train on, by their speed; 1 is the original. Only originals are tested. */
  speeds: z.array(z.number().positive()).min(1).default([0.9, 1, 1.1]),
})
export type RidgeConfig = z.infer<typeof ridgeConfig>
