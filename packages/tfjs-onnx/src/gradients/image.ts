import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { one, type Gradient } from './gradient.js'

/** Gradients of kernels that change the size of images. */
export const imageGradients: readonly Gradient[] = [
  ...['ResizeBilinear', 'ResizeNearestNeighbor'].map((kernelName): Gradient => ({
    kernelName,
    inputs: ['images'],
    apply: (dy, [images], attributes) => ({
      images: () =>
        tf
          .engine()
          .runKernel<Tensor>(`${kernelName}Grad`, { dy: one(dy), images: images! }, attributes),
    }),
  })),
  {
    kernelName: 'FlipLeftRight',
    apply: (dy) => ({ image: () => tf.reverse(one(dy), 2) }),
  },
]
