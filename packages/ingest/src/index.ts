export { changeSpeed, readClip } from './augment.js'
export * from './corpora/index.js'
export { checkFolds, type FoldList, type Speaker } from './folds.js'
export { openRecording, type Recording } from './recording.js'
export { resample, resamplingTaps } from './resample.js'
export { sampleClip, writeSampleCorpus, type SampleOptions } from './sample/sample-corpus.js'
export { readAudio, readAudioFile } from './sound.js'
export {
  augmentationConfig,
  augmentationStage,
  type AugmentationConfig,
} from './stages/augmentation.js'
export { balanceConfig, balanceStage, type BalanceConfig } from './stages/balance.js'
export { corpusConfig, corpusStage, type CorpusConfig } from './stages/corpus.js'
export { divideSpeakers, foldsConfig, foldsStage, type FoldsConfig } from './stages/folds.js'
export { manifestConfig, manifestStage, type ManifestConfig } from './stages/manifest.js'
export { decodeWav, encodeWav, type DecodedSound } from './wav.js'
