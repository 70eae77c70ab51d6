import type { Scalar, Tensor } from '@tensorflow/tfjs-core'

/** A variable of a tf.layers model. */
export interface LayersVariable {
  readonly name: string
  readonly shape: readonly (number | null)[]
  read(): Tensor
  write(value: Tensor): unknown
}

/** The parts of a tf.layers model that are used here; tf.Sequential and tf.LayersModel have them. */
export interface LayersModel {
  readonly name: string
  readonly layers: readonly object[]
  readonly trainableWeights: readonly LayersVariable[]
  apply(inputs: Tensor | Tensor[], settings?: { training?: boolean }): unknown
  calculateLosses(): Scalar[]
}

/** A layer that drops units: it multiplies its input by a mask. */
export interface DropoutLayer {
  readonly name: string
  readonly rate: number
  getNoiseShape(input: Tensor): readonly number[] | null | undefined
  call(inputs: Tensor | Tensor[], settings: { training?: boolean }): unknown
}

/** What is found in a model besides the weights to train. */
export interface Parts {
  readonly dropouts: readonly DropoutLayer[]
  /** moving means and variances of batch normalisation */
  readonly statistics: readonly LayersVariable[]
}

/**
 * Looks through a model and the layers and cells within its layers.
 *
 * @throws Error naming a layer that draws random numbers in another way than Dropout, keeps states from batch to batch,
 *   or constrains its weights
 */
export function partsOf(model: LayersModel): Parts {
  const dropouts: DropoutLayer[] = []
  const statistics: LayersVariable[] = []
  for (const layer of new Set(withInner(model.layers))) {
    const kind = className(layer)
    const name = `${kind} "${String(property(layer, 'name'))}"`
    if (kind === 'Dropout' || kind === 'SpatialDropout1D') {
      if (numberOf(layer, 'rate') > 0) dropouts.push(layer as DropoutLayer)
      continue
    }
    if (/^(Gaussian|AlphaDropout|Random)/.test(kind)) {
      throw new Error(
        `layers: ${name} draws random numbers, which a graph would repeat in each step; leave it out, or use Dropout`,
      )
    }
    for (const key of ['dropout', 'recurrentDropout']) {
      if (numberOf(layer, key) > 0) {
        throw new Error(
          `layers: ${name} has ${key} ${numberOf(layer, key)}, which a graph would draw once for all steps; ` +
            'set it to 0 and put a Dropout layer before or behind',
        )
      }
    }
    if (property(layer, 'stateful') === true) {
      throw new Error(`layers: ${name} is stateful: its states would not go from step to step`)
    }
    for (const key of ['movingMean', 'movingVariance']) {
      const variable = property(layer, key)
      if (typeof variable === 'object' && variable !== null) {
        statistics.push(variable as LayersVariable)
      }
    }
  }
  for (const variable of model.trainableWeights) {
    if (property(variable, 'constraint')) {
      throw new Error(
        `layers: the weight ${variable.name} has a constraint, which is not applied; take it away`,
      )
    }
  }
  return { dropouts, statistics }
}

/** The penalties on a model's weights as they are now; the model must have been applied. */
export function penaltiesOf(model: LayersModel): readonly Scalar[] {
  // tf.Sequential leaves them to the model within it, and answers for itself that there are none.
  const inner = property(model, 'model')
  return (inner ? (inner as LayersModel) : model).calculateLosses()
}

const innerKeys = ['layers', 'layer', 'forwardLayer', 'backwardLayer', 'cell', 'cells'] as const

function* withInner(layers: readonly object[]): Iterable<object> {
  for (const layer of layers) {
    yield layer
    for (const key of innerKeys) {
      const inner = property(layer, key)
      if (Array.isArray(inner)) yield* withInner(inner)
      else if (typeof inner === 'object' && inner !== null) yield* withInner([inner])
    }
  }
}

function className(layer: object): string {
  const getClassName = property(layer, 'getClassName')
  return typeof getClassName === 'function' ? String(getClassName.call(layer)) : 'layer'
}

function numberOf(object: object, key: string): number {
  const value = property(object, key)
  return typeof value === 'number' ? value : 0
}

function property(object: object, key: string): unknown {
  return Reflect.get(object, key)
}
