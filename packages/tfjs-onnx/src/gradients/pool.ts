import * as tf from '@tensorflow/tfjs-core'
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core'
import { one, type Gradient } from './gradient.js'

/** Gradients of pooling, which are kernels themselves. */
export const poolGradients: readonly Gradient[] = [
  ...['AvgPool', 'AvgPool3D'].map((kernelName): Gradient => ({
    kernelName,
    inputs: ['x'],
    apply: (dy, [x], attributes) => ({
      x: () => run(`${kernelName}Grad`, { dy: one(dy), input: x! }, attributes),
    }),
  })),
  ...['MaxPool', 'MaxPool3D'].map((kernelName): Gradient => ({
    kernelName,
    inputs: ['x'],
    output: true,
    apply: (dy, [x, y], attributes) => ({
      x: () => run(`${kernelName}Grad`, { dy: one(dy), input: x!, output: y! }, attributes),
    }),
  })),
]

function run(kernelName: string, inputs: tf.NamedTensorMap, attributes: NamedAttrMap): Tensor {
  return tf.engine().runKernel<Tensor>(kernelName, inputs, attributes)
}
