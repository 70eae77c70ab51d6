import { getKernelsForBackend } from '@tensorflow/tfjs-core'
import { backendName } from '../backend.js'
import { broadcastRules } from './broadcast.js'
import { constantRules } from './constant.js'
import { unaryRules } from './elementwise.js'
import { gatherRules } from './gather.js'
import { matmulRules } from './matmul.js'
import { reduceRules } from './reduce.js'
import { register, type Rule } from './rule.js'
import { shapeRules } from './shape.js'

/** Every kernel that can be traced. */
export const rules: readonly Rule[] = [
  ...unaryRules,
  ...broadcastRules,
  ...reduceRules,
  ...matmulRules,
  ...shapeRules,
  ...gatherRules,
  ...constantRules,
]

/** Makes the rules known to TensorFlow.js; a second call does nothing. */
export function registerRules(): void {
  if (getKernelsForBackend(backendName).length === 0) rules.forEach(register)
}
