import {
  headWeights,
  modelFile,
  one,
  value,
  type Stage,
  type TrainingRecord,
  type Weights,
} from '@serflow/core'
import { backboneConfig, type BackboneConfig } from '../backbone-config.js'
import { exportModel } from '../export.js'
import { readResnet50 } from '../resnet50.js'

interface FinalModelInputs {
  readonly head: Weights
  /** Front-end settings and what the model should say of itself. */
  readonly frontEnd: {
    readonly logMel: unknown
    readonly segments: { readonly segmentFrames: number }
    readonly about: Readonly<Record<string, unknown>>
  }
}

/** The head that was trained on all speakers, with the CNN before it, as one ONNX file. */
export const finalModelStage: Stage<FinalModelInputs, Uint8Array, BackboneConfig> = {
  name: 'final-model',
  inputs: { head: one(headWeights), frontEnd: value() },
  output: modelFile,
  config: backboneConfig,
  run({ head, frontEnd }, config) {
    const { classes, seed } = head.settings as TrainingRecord
    return exportModel(head.tensors, readResnet50(), config, frontEnd.segments.segmentFrames, {
      classes,
      logMel: frontEnd.logMel,
      segments: frontEnd.segments,
      about: { ...frontEnd.about, seed },
    })
  },
}
