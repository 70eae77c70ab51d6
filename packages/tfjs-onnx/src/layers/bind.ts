import { keep, mul, type Tensor } from '@tensorflow/tfjs-core'
import type { DropoutLayer, LayersVariable } from './model.js'

/** What a model computes with for a while. */
export interface Binding {
  /** tensors in the places of its variables */
  readonly values: ReadonlyMap<LayersVariable, Tensor>
  /** its dropout layers */
  readonly dropouts: readonly DropoutLayer[]
  /** the mask of a dropout layer's next call; `shape` broadcasts to its input */
  mask(layer: DropoutLayer, shape: readonly number[]): Tensor
}

/**
 * Runs with a model's variables read as other tensors, and dropout by masks that are given: tf.layers keeps its weights in
 * variables and draws its masks itself, neither of which a graph could have as inputs.
 *
 * @returns what `run` returns, and the values that layers wrote to variables, such as moving means; these are the caller's to dispose of
 */
export function withBinding<Result>(
  { values, dropouts, mask }: Binding,
  run: () => Result,
): { result: Result; written: ReadonlyMap<LayersVariable, Tensor> } {
  const written = new Map<LayersVariable, Tensor>()
  const restore: (() => void)[] = []
  for (const [variable, value] of values) {
    const { read, write } = variable
    restore.push(() => Object.assign(variable, { read, write }))
    variable.read = () => written.get(variable) ?? value
    variable.write = (now) => {
      // A layer writes within a scope of its own, at whose end its tensors go.
      written.set(variable, keep(now))
      return variable
    }
  }
  for (const layer of dropouts) {
    const { call } = layer
    restore.push(() => Object.assign(layer, { call }))
    layer.call = (inputs, settings) => {
      if (settings.training !== true) return inputs
      const input = Array.isArray(inputs) ? inputs[0]! : inputs
      return mul(input, mask(layer, layer.getNoiseShape(input) ?? input.shape))
    }
  }
  try {
    return { result: run(), written }
  } finally {
    restore.forEach((put) => put())
  }
}
