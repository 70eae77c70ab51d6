import { graphBackendNames } from '@serflow/tfjs-onnx'
import { z } from 'zod'

/** How the frozen CNN is run. */
export const embeddingsConfig = z.strictObject({
  backend: z
    .enum(graphBackendNames)
    .default('onnx-cpu')
    .describe(
      'what runs the CNN (serflow doctor says which are there); numbers differ in their last digits',
    ),
})
