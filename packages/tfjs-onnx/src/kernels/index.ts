import { getKernelsForBackend } from '@tensorflow/tfjs-core'
import { backendName } from '../backend.js'
import { broadcastRules } from './broadcast.js'
import { constantRules } from './constant.js'
import { convolutionRules } from './convolution.js'
import { depthwiseRules } from './depthwise.js'
import { unaryRules } from './elementwise.js'
import { fusedRules } from './fused.js'
import { gatherRules } from './gather.js'
import { imageRules } from './image.js'
import { matmulRules } from './matmul.js'
import { orderRules } from './order.js'
import { poolRules } from './pool.js'
import { reduceRules } from './reduce.js'
import { register, type Rule } from './rule.js'
import { scatterRules } from './scatter.js'
import { shapeRules } from './shape.js'
import { spaceRules } from './space.js'

/** Every kernel that can be traced. */
export const rules: readonly Rule[] = [
  ...unaryRules,
  ...broadcastRules,
  ...reduceRules,
  ...matmulRules,
  ...shapeRules,
  ...gatherRules,
  ...constantRules,
  ...convolutionRules,
  ...depthwiseRules,
  ...poolRules,
  ...fusedRules,
  ...spaceRules,
  ...imageRules,
  ...scatterRules,
  ...orderRules,
]

/** Makes the rules known to TensorFlow.js; a second call does nothing. */
export function registerRules(): void {
  if (getKernelsForBackend(backendName).length === 0) rules.forEach(register)
}
