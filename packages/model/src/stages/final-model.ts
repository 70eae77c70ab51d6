import {
  headWeights,
  manifestTable,
  modelFile,
  one,
  value,
  type ManifestRow,
  type Stage,
  type TrainingRecord,
  type Weights,
} from '@serflow/core'
import { backboneConfig, type BackboneConfig } from '../backbone-config.js'
import { exportModel } from '../export.js'
import { readResnet50 } from '../resnet50.js'
import { trainingCorpora } from '../training-corpora.js'

interface FinalModelInputs {
  readonly corpus: readonly ManifestRow[]
  readonly head: Weights
  /** Front-end settings and what the model should say of itself. */
  readonly frontEnd: {
    readonly logMel: unknown
    readonly segments: { readonly segmentFrames: number }
    readonly speakersKnown: boolean
    readonly about: Readonly<Record<string, unknown>>
  }
}

/**
 * The head that was trained on all speakers, with the CNN before it, as one ONNX file. Beside what it is handed, its
 * metadata says what it was trained on, corpus by corpus, and that nothing was measured on it.
 */
export const finalModelStage: Stage<FinalModelInputs, Uint8Array, BackboneConfig> = {
  name: 'final-model',
  inputs: { corpus: one(manifestTable), head: one(headWeights), frontEnd: value() },
  output: modelFile,
  config: backboneConfig,
  run({ corpus, head, frontEnd }, config) {
    const record = head.settings as TrainingRecord
    const { classes, seed, epoch } = record
    const { speakers, utterances, corpora } = trainingCorpora(
      record,
      corpus,
      frontEnd.speakersKnown,
    )
    return exportModel(head.tensors, readResnet50(), config, frontEnd.segments.segmentFrames, {
      classes,
      logMel: frontEnd.logMel,
      segments: frontEnd.segments,
      about: {
        ...frontEnd.about,
        seed,
        epochs: epoch,
        trainedOn: corpora,
        speakers: speakers ?? 'unknown',
        utterances,
        measured: notMeasured,
      },
    })
  },
}

const notMeasured =
  'nothing: this model was trained on every utterance of trainedOn, those that the folds test on included. It is ' +
  "none of the folds' models, and no figure of the run's report was measured on it"
