import { broadcastGradients } from './broadcast.js'
import { convolutionGradients } from './convolution.js'
import { elementwiseGradients } from './elementwise.js'
import { gatherGradients } from './gather.js'
import { provideGradient, type Gradient } from './gradient.js'
import { imageGradients } from './image.js'
import { matmulGradients } from './matmul.js'
import { poolGradients } from './pool.js'
import { reduceGradients } from './reduce.js'
import { scatterGradients } from './scatter.js'
import { shapeGradients } from './shape.js'
import { spaceGradients } from './space.js'

/** The gradients of the kernels that can be traced. */
export const gradients: readonly Gradient[] = [
  ...elementwiseGradients,
  ...broadcastGradients,
  ...reduceGradients,
  ...shapeGradients,
  ...matmulGradients,
  ...gatherGradients,
  ...convolutionGradients,
  ...poolGradients,
  ...spaceGradients,
  ...imageGradients,
  ...scatterGradients,
]

/**
 * Makes the gradients known to TensorFlow.js, for every backend. Its core package comes without any; those that
 * are known already, from @tensorflow/tfjs, are kept. Tracing does this by itself.
 */
export function registerGradients(): void {
  gradients.forEach(provideGradient)
}
