export type { TracedType } from './backend.js'
export {
  backendNames,
  BackendUnavailableError,
  isBackendName,
  type Backend,
  type BackendAvailability,
  type BackendName,
  type PackageLoader,
  type Program,
  type ProgramOptions,
  type TensorValue,
} from './backends/backend.js'
export { graphBackendNames, type GraphBackendName } from './backends/backend.js'
export { tryBackend } from './backends/try.js'
export { autoOrder, checkBackend, openBackend } from './backends/open.js'
export { compile, type CompiledFunction, type CompileOptions, type TensorInput } from './compile.js'
export type { ElementType, TypedArray } from './element-type.js'
export { registerGradients } from './gradients/index.js'
export { graphBuilder, type GraphBuilder } from './graph.js'
export {
  createLayersTrainer,
  type LayersLoss,
  type LayersTrainer,
  type LayersTrainerOptions,
} from './layers/trainer.js'
export type { LayersModel, LayersVariable } from './layers/model.js'
export type { LearningRate } from './learning-rate.js'
export type { LossFunction } from './loss-gradients.js'
export { readModelMetadata } from './metadata.js'
export type { Attribute, DynamicShape } from './onnx-message.js'
export { fillDropoutMask, type SeedWords } from './optimiser/dropout.js'
export { sharedArray } from './optimiser/memory.js'
export type { AdamOptions, OptimiserState, SgdOptions } from './optimiser/optimiser.js'
export { createSession } from './session.js'
export { createWorker } from './worker.js'
export { trace, type TensorFunction, type TensorSpec, type Traced } from './trace.js'
export {
  createTrainer,
  NotFiniteError,
  type Trainer,
  type TrainerOptions,
  type TrainerState,
  type WeightValues,
} from './trainer.js'
