export type { TracedType } from './backend.js'
export { compile, type Compiled, type CompileOptions, type TensorValue } from './compile.js'
export type { ElementType, TypedArray } from './element-type.js'
export { registerGradients } from './gradients/index.js'
export { graphBuilder, type GraphBuilder } from './graph.js'
export { readModelMetadata } from './metadata.js'
export type { Attribute, DynamicShape } from './onnx-message.js'
export { fillDropoutMask, type SeedWords } from './optimiser/dropout.js'
export { sharedArray } from './optimiser/memory.js'
export type { AdamOptions, SgdOptions } from './optimiser/optimiser.js'
export { createSession } from './session.js'
export { trace, type TensorFunction, type TensorSpec, type Traced } from './trace.js'
export {
  createTrainer,
  NotFiniteError,
  type BatchInput,
  type LossFunction,
  type Trainer,
  type TrainerOptions,
  type WeightValues,
} from './trainer.js'
