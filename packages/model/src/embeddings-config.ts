import { z } from 'zod'
import { embeddingBackends } from './backend-names.js'

/** How the frozen CNN is run. */
export const embeddingsConfig = z.strictObject({
  backend: z
    .enum(embeddingBackends)
    .default('onnx-cpu')
    .describe(
      'what runs the CNN (serflow doctor says which are there); numbers differ in their last digits',
    ),
})
