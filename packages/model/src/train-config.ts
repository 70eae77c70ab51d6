import { z } from 'zod'
import { trainingBackends } from './backend-names.js'

/** The head's sizes and how it is trained. Where the method's paper is silent the reason stands beside the value. */
export const trainConfig = z
  .strictObject({
    /** Units of the dense layer between the embedding and the BLSTM: the middle CNN layers are wide. */
    projection: z.int().positive().default(192),
    /** BLSTM units of each direction; the paper's 128. */
    hidden: z.int().positive().default(128),
    /** Units of the dense layer behind the attention. */
    dense: z.int().positive().default(128),
    /** Share of embedding values left out in a training step. */
    inputDropout: z.number().min(0).max(0.95).default(0.1),
    /**
     * Share left out behind the projection, the attention and the dense layer. On six folds of RAVDESS .1 and .3
     * learn in 24 epochs what .3 and .5 have not learnt in 40 (UAR 64.0 against 63.0, one seed).
     */
    dropout: z.number().min(0).max(0.95).default(0.3),
    /** Clips in a step. */
    batch: z.int().min(2).default(32),
    epochs: z.int().positive().default(24),
    /** The peak of the one-cycle schedule. */
    learningRate: z.number().positive().default(8e-4),
    /** Decoupled weight decay of the kernels. */
    weightDecay: z.number().min(0).default(1e-2),
    /** Largest global norm of the gradient. */
    clipNorm: z.number().positive().default(1),
    /** Probability taken from the true class and spread over all. */
    labelSmoothing: z.number().min(0).max(0.9).default(0.05),
    /** Mixup draws λ from β(a, a); 0 is no mixup. */
    mixup: z.number().min(0).default(0.3),
    stopping: z
      .union([
        z.literal('none'),
        z.strictObject({
          patience: z.int().positive().default(5),
          by: z.enum(['uar', 'loss']).default('uar'),
        }),
      ])
      .default('none')
      .describe(
        'none: the weights after the last epoch. Else the epoch with the best UAR (or the lowest loss) on the ' +
          'validation speakers, which ingest.folds.validation holds out; training ends after `patience` epochs ' +
          'without a better one. `epochs` is then the most there can be',
      ),
    labels: z
      .enum(['majority', 'shares'])
      .default('majority')
      .describe(
        'what a training clip teaches: its emotion alone, or the shares of the votes of its annotators. Scores are ' +
          'always against the emotion',
      ),
    backend: z
      .enum(trainingBackends)
      .default('onnx-cpu')
      .describe(
        'what computes the training steps (serflow doctor says which are there); numbers differ in their last digits. ' +
          'auto is the fastest there, and the report names it',
      ),
  })
  .prefault({})

export type TrainConfig = z.output<typeof trainConfig>
