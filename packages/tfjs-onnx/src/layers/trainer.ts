import { add, clone, ones, tensor, tidy, type Scalar, type Tensor } from '@tensorflow/tfjs-core'
import { shapesKey, checkedInput, type TensorInput } from '../compile.js'
import { fillDropoutMask } from '../optimiser/dropout.js'
import { sharedArray } from '../optimiser/memory.js'
import { sizeOf } from '../element-type.js'
import { trace, type TensorSpec } from '../trace.js'
import { createTrainer, type Trainer, type TrainerOptions, type WeightValues } from '../trainer.js'
import { withBinding } from './bind.js'
import { partsOf, penaltiesOf, type LayersModel, type LayersVariable } from './model.js'

/** The loss of a model on a batch; `predict` is the model in training. */
export type LayersLoss = (
  predict: (inputs: Tensor | Tensor[]) => Tensor,
  inputs: Record<string, Tensor>,
) => Scalar

/** Trains a tf.layers model. */
export interface LayersTrainer extends Trainer {
  /** Writes the weights and moving statistics as they are now into the model; needs a backend of TensorFlow.js. */
  update(): void
}

/** Settings of `createLayersTrainer`. */
export interface LayersTrainerOptions extends Omit<TrainerOptions, 'statistics'> {
  /** of the dropout masks; 0 by default */
  readonly seed?: number
}

/**
 * Prepares training of a tf.layers model: loss and gradients become one graph for each set of input shapes, with the
 * model's trainable weights as what is trained. The model itself changes at `update`.
 *
 * Dropout layers get masks that are drawn for each step from the seed; batch normalisation uses the batch's statistics and
 * moves its own; penalties on weights (regularisers) are added to the loss.
 *
 * @param model built, with all weights; making it needs a backend of TensorFlow.js
 * @param loss for example (predict, { x, y }) => tf.losses.softmaxCrossEntropy(y, predict(x))
 * @throws Error as `createTrainer`; and naming a layer that cannot be trained so: one that draws other random numbers, is
 *   stateful, or constrains weights
 */
export async function createLayersTrainer(
  model: LayersModel,
  loss: LayersLoss,
  options: LayersTrainerOptions = {},
): Promise<LayersTrainer> {
  const { seed = 0, ...settings } = options
  const parts = partsOf(model)
  const trained = byName(model.trainableWeights)
  const moving = byName(parts.statistics)
  const masksOfShapes = new Map<string, readonly Mask[]>()

  const lossOf = (
    weights: Readonly<Record<string, Tensor>>,
    statistics: Readonly<Record<string, Tensor>>,
    inputs: Readonly<Record<string, Tensor>>,
    mask: Parameters<typeof withBinding>[0]['mask'],
  ) => {
    const values = new Map([
      ...[...trained].map(([name, variable]) => [variable, weights[name]!] as const),
      ...[...moving].map(([name, variable]) => [variable, statistics[name]!] as const),
    ])
    return withBinding({ values, dropouts: parts.dropouts, mask }, () => {
      const predict = (x: Tensor | Tensor[]) => model.apply(x, { training: true }) as Tensor
      const cost: Tensor = loss(predict, inputs)
      return penaltiesOf(model).reduce((sum, penalty) => add(sum, penalty), cost) as Scalar
    })
  }

  const trainer = await createTrainer(
    (weights, tensors, statistics) => {
      const { inputs, masks } = divided(tensors)
      let call = 0
      const { result, written } = lossOf(weights, statistics, inputs, () => masks[call++]!)
      const next = [...moving].map(([name, variable]) => [
        name,
        clone(written.get(variable) ?? statistics[name]!),
      ])
      written.forEach((value) => value.dispose())
      return { loss: result, statistics: Object.fromEntries(next) }
    },
    valuesOf(trained),
    { ...settings, statistics: valuesOf(moving) },
  )

  /** The masks that a batch of these shapes asks for, found by running the model once without values. */
  const masksFor = (inputs: Readonly<Record<string, TensorSpec>>): readonly Mask[] => {
    if (parts.dropouts.length === 0) return []
    const key = shapesKey(inputs)
    const known = masksOfShapes.get(key)
    if (known) return known
    const masks: Mask[] = []
    const spec: Record<string, TensorSpec> = { ...inputs }
    const weights = specOf('weight/', trained)
    const statistics = specOf('statistic/', moving)
    trace(
      (tensors) => {
        const { result, written } = lossOf(
          withoutPrefix('weight/', tensors),
          withoutPrefix('statistic/', tensors),
          Object.fromEntries(Object.keys(inputs).map((name) => [name, tensors[name]!])),
          ({ rate }, shape) => {
            masks.push({ rate, shape, data: sharedArray(sizeOf(shape)) })
            return ones([...shape])
          },
        )
        written.forEach((value) => value.dispose())
        return { loss: result }
      },
      { ...spec, ...weights, ...statistics },
    )
    masksOfShapes.set(key, masks)
    return masks
  }

  return {
    ...trainer,
    step(inputs, learningRate) {
      const typed = Object.fromEntries(
        Object.entries(inputs).map(([name, input]) => [name, checkedInput(name, input)]),
      )
      const batch: Record<string, TensorInput> = { ...typed }
      const steps = trainer.steps()
      masksFor(typed).forEach(({ rate, shape, data }, index) => {
        fillDropoutMask(data, rate, [seed, steps, index, 0])
        batch[`${maskPrefix}${index}`] = { data, shape }
      })
      return trainer.step(batch, learningRate)
    },
    update() {
      const now = { ...trainer.weights(), ...trainer.statistics() }
      tidy(() => {
        for (const [name, variable] of [...trained, ...moving]) {
          const { data, shape } = now[name]!
          variable.write(tensor(data, [...shape]))
        }
      })
    },
  }
}

interface Mask {
  readonly rate: number
  readonly shape: readonly number[]
  readonly data: Float32Array
}

const maskPrefix = 'dropout mask '

function divided(tensors: Readonly<Record<string, Tensor>>) {
  const inputs: Record<string, Tensor> = {}
  const masks: Tensor[] = []
  for (const [name, value] of Object.entries(tensors)) {
    if (name.startsWith(maskPrefix)) masks[Number(name.slice(maskPrefix.length))] = value
    else inputs[name] = value
  }
  return { inputs, masks }
}

function byName(variables: readonly LayersVariable[]): ReadonlyMap<string, LayersVariable> {
  const named = new Map(variables.map((variable) => [variable.name, variable]))
  if (named.size !== variables.length) {
    throw new Error('layers: two weights have the same name; give the layers names of their own')
  }
  return named
}

function valuesOf(variables: ReadonlyMap<string, LayersVariable>): Record<string, WeightValues> {
  return Object.fromEntries(
    [...variables].map(([name, variable]) => {
      const value = variable.read()
      return [name, { data: Float32Array.from(value.dataSync()), shape: value.shape }]
    }),
  )
}

function specOf(
  prefix: string,
  variables: ReadonlyMap<string, LayersVariable>,
): Record<string, TensorSpec> {
  return Object.fromEntries(
    [...variables].map(([name, variable]) => [prefix + name, { shape: variable.read().shape }]),
  )
}

function withoutPrefix(
  prefix: string,
  tensors: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  )
}
