export { backboneConfig, type BackboneConfig } from './backbone-config.js'
export { addBackbone, backboneSettings, buildBackbone, embeddingDimension } from './backbone.js'
export { embeddingsConfig } from './embeddings-config.js'
export { embedClips, openEmbedder, toOnnxSegments, type Embedder } from './embeddings.js'
export {
  addResnet50,
  imagenetMeansBgr,
  readResnet50,
  resnet50Maps,
  resnet50Notice,
  resnet50Stages,
  type Resnet50Stage,
  type Resnet50Weights,
} from './resnet50.js'
export { fitRidge, ridgeProbabilities, ridgeScores, type RidgeModel } from './ridge.js'
export { fitStandardiser, type Standardiser } from './standardise.js'
export { backboneStage } from './stages/backbone.js'
export { makeEmbeddingsStage, type EmbeddingsConfig } from './stages/embeddings.js'
export { ridgeConfig, usualRidgeCopies, type RidgeConfig } from './ridge-config.js'
export { ridgeStage } from './stages/ridge.js'
export { exportModel, type ModelCard } from './export.js'
export {
  attend,
  attentionScores,
  blstm,
  headLogits,
  initialHead,
  type HeadShape,
  type HeadTensors,
} from './head.js'
export { predictClips } from './predict.js'
export { trainConfig, type TrainConfig } from './train-config.js'
export { trainHead, type TrainingSet } from './train.js'
export { finalModelStage } from './stages/final-model.js'
export { historyStage } from './stages/history.js'
export { predictionsStage } from './stages/predictions.js'
export { trainStage } from './stages/train.js'
export { utteranceVectorsStage } from './stages/utterance-vectors.js'
export { utteranceVector } from './utterance-vector.js'
