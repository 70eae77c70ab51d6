import { clone, engine, keep, Tensor, type Scalar } from '@tensorflow/tfjs-core'
import type { TensorFunction } from './trace.js'

/**
 * The loss of named weights on a batch, in TensorFlow.js operations; where the trainer has statistics, with the values
 * that replace them.
 */
export type LossFunction = (
  weights: Record<string, Tensor>,
  inputs: Record<string, Tensor>,
  statistics: Record<string, Tensor>,
) => Scalar | { readonly loss: Scalar; readonly statistics: Readonly<Record<string, Tensor>> }

/**
 * The function that a training step runs: from weight/…, input/… and statistic/… to loss, gradient/… and next/….
 *
 * @param inputs names of all inputs
 * @throws Error when called, if the loss is no float32 scalar, does not depend on each weight, or lacks a statistic
 */
export function lossAndGradients(loss: LossFunction, inputs: readonly string[]): TensorFunction {
  const names = namesWith('weight/', inputs)
  const statisticNames = namesWith('statistic/', inputs)
  return (tensors) => {
    const part = (prefix: string) =>
      Object.fromEntries(namesWith(prefix, inputs).map((name) => [name, tensors[prefix + name]!]))
    const weights = part('weight/')
    let replaced: Readonly<Record<string, Tensor>> = {}
    const forward = () => {
      const result = loss(weights, part('input/'), part('statistic/'))
      if (result instanceof Tensor) return result
      // The gradient's own scope ends before they are read.
      replaced = Object.fromEntries(
        Object.entries(result.statistics).map(([name, tensor]) => [name, keep(clone(tensor))]),
      )
      return result.loss
    }
    const { value, grads } = engine().gradients(forward, Object.values(weights), undefined, true)
    if (value.rank !== 0 || value.dtype !== 'float32') {
      throw new Error(
        `the loss is ${value.dtype} of shape [${value.shape.join(', ')}], expected a float32 scalar`,
      )
    }
    const outputs: Record<string, Tensor> = { loss: value }
    names.forEach((name, index) => {
      // The declared type leaves out that a weight may have no gradient.
      const gradient: Tensor | undefined = grads[index]
      if (!gradient) {
        throw new Error(`the loss does not depend on weight "${name}"; use it or leave it out`)
      }
      outputs[`gradient/${name}`] = gradient
    })
    for (const name of statisticNames) {
      const kept = replaced[name]
      if (!kept) throw new Error(`the loss function returns no value for the statistic "${name}"`)
      outputs[`next/${name}`] = clone(kept)
      kept.dispose()
    }
    return outputs
  }
}

function namesWith(prefix: string, names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
}
