import { engine, type Scalar, type Tensor } from '@tensorflow/tfjs-core'
import { Tensor as OrtTensor, type InferenceSession } from 'onnxruntime-node'
import type { TracedType } from './backend.js'
import { toOrt } from './compile.js'
import { sizeOf, type TypedArray } from './element-type.js'
import { createOptimiser, type AdamOptions, type SgdOptions } from './optimiser/optimiser.js'
import { createSession } from './session.js'
import { trace, type TensorFunction, type TensorSpec } from './trace.js'

/** The loss or a gradient is NaN or infinite. */
export class NotFiniteError extends Error {
  override readonly name = 'NotFiniteError'
}

/** Trains named weights on batches. */
export interface Trainer {
  /**
   * One optimiser step on a batch. The first batch of each set of shapes is traced, the others reuse its graph.
   *
   * @returns the loss before the step, and the Euclidean norm of all gradients before clipping
   * @throws NotFiniteError if the loss or a gradient is not finite; the weights are left as they were
   * @throws Error if a step is running, or the loss does not depend on each weight
   */
  step(
    inputs: Readonly<Record<string, BatchInput>>,
    learningRate: number,
  ): Promise<{ loss: number; gradientNorm: number }>
  /** Copies of the weights as they are now. */
  weights(): Record<string, { data: Float32Array; shape: readonly number[] }>
  /** Frees the sessions. */
  dispose(): Promise<void>
}

/** A tensor of a batch; the type is that of the array by default, and bool for bytes. */
export interface BatchInput {
  readonly data: TypedArray
  readonly shape: readonly number[]
  readonly dtype?: TracedType
}

/** A weight's values and shape. */
export interface WeightValues {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** Settings of `createTrainer`. */
export interface TrainerOptions {
  /** AdamW without decay by default */
  readonly optimiser?: AdamOptions | SgdOptions
  /** the gradients are scaled so that their norm is at most this; null, the default, leaves them alone */
  readonly clipNorm?: number | null
  /** threads within one operator, 1 by default */
  readonly threads?: number
}

/** The loss of named weights on a batch, in TensorFlow.js operations. */
export type LossFunction = (
  weights: Record<string, Tensor>,
  inputs: Record<string, Tensor>,
) => Scalar

/**
 * Prepares training: loss and gradients become one ONNX graph for each set of input shapes, and an optimiser
 * updates the weights in place. Weights and gradients lie in memory that the graph reads and writes without copies.
 *
 * Clipping multiplies the gradients by min(1, clipNorm / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_ does.
 *
 * @param loss a scalar, traced as `trace` says: random masks must be inputs
 * @param weights initial values, which are copied
 * @throws Error if a weight's values do not fill its shape or a setting is out of range
 */
export async function createTrainer(
  loss: LossFunction,
  weights: Readonly<Record<string, WeightValues>>,
  options: TrainerOptions = {},
): Promise<Trainer> {
  const names = Object.keys(weights)
  checkWeights(weights)
  const clipNorm = options.clipNorm ?? null
  if (clipNorm !== null && !(clipNorm > 0)) {
    throw new Error(`createTrainer: clipNorm is ${clipNorm}, expected a positive number or null`)
  }
  const initial = Object.fromEntries(names.map((name) => [name, weights[name]!.data]))
  const optimiser = createOptimiser(initial, options.optimiser ?? { kind: 'adam' })
  const lossValue = new Float32Array(1)
  const weightFeeds: Record<string, OrtTensor> = {}
  const fetches: Record<string, OrtTensor> = { loss: new OrtTensor('float32', lossValue, []) }
  for (const name of names) {
    const { shape } = weights[name]!
    const slot = optimiser.slots[name]!
    weightFeeds[`weight/${name}`] = new OrtTensor('float32', slot.weights, shape)
    fetches[`gradient/${name}`] = new OrtTensor('float32', slot.gradients, shape)
  }
  const sessions = new Map<string, InferenceSession>()
  let running = false

  const sessionFor = async (inputs: Readonly<Record<string, Required<BatchInput>>>) => {
    const key = JSON.stringify(
      Object.entries(inputs).map(([name, { shape, dtype }]) => [name, shape, dtype]),
    )
    const known = sessions.get(key)
    if (known !== undefined) return known
    const spec: Record<string, TensorSpec> = {}
    for (const name of names) spec[`weight/${name}`] = { shape: weights[name]!.shape }
    for (const [name, { shape, dtype }] of Object.entries(inputs)) {
      spec[`input/${name}`] = { shape, dtype }
    }
    const { graph } = trace(lossAndGradients(loss, names), spec, { name: 'training' })
    const session = await createSession(graph.toBytes(), options.threads)
    sessions.set(key, session)
    return session
  }

  return {
    async step(inputs, learningRate) {
      if (running) throw new Error('step: the step before has not ended; await it first')
      if (!(learningRate >= 0 && learningRate < Infinity)) {
        throw new Error(`step: the learning rate is ${learningRate}, expected a number from 0 up`)
      }
      running = true
      try {
        const batch = withTypes(inputs)
        const feeds = { ...weightFeeds }
        for (const [name, input] of Object.entries(batch)) {
          feeds[`input/${name}`] = toOrt(name, input.data, input)
        }
        const session = await sessionFor(batch)
        await session.run(feeds, fetches)
        const gradientNorm = optimiser.gradientNorm()
        const value = lossValue[0]!
        if (!Number.isFinite(gradientNorm) || !Number.isFinite(value)) {
          throw new NotFiniteError(
            `step: the loss is ${value} and the norm of its gradients ${gradientNorm}; ` +
              'lower the learning rate, clip the gradients, or look for values in the batch that are not finite',
          )
        }
        const scale = clipNorm === null ? 1 : Math.min(1, clipNorm / (gradientNorm + 1e-6))
        optimiser.step(learningRate, scale)
        return { loss: value, gradientNorm }
      } finally {
        running = false
      }
    },
    weights() {
      return Object.fromEntries(
        names.map((name) => {
          const data = optimiser.slots[name]!.weights.slice()
          return [name, { data, shape: [...weights[name]!.shape] }]
        }),
      )
    },
    async dispose() {
      const open = [...sessions.values()]
      sessions.clear()
      for (const session of open) await session.release()
    },
  }
}

function lossAndGradients(loss: LossFunction, names: readonly string[]): TensorFunction {
  return (tensors) => {
    const weights = Object.fromEntries(names.map((name) => [name, tensors[`weight/${name}`]!]))
    const inputs: Record<string, Tensor> = {}
    for (const [name, tensor] of Object.entries(tensors)) {
      if (name.startsWith('input/')) inputs[name.slice('input/'.length)] = tensor
    }
    const { value, grads } = engine().gradients(
      () => loss(weights, inputs),
      Object.values(weights),
      undefined,
      true,
    )
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
    return outputs
  }
}

function checkWeights(weights: Readonly<Record<string, WeightValues>>): void {
  if (Object.keys(weights).length === 0) throw new Error('createTrainer: there are no weights')
  for (const [name, { data, shape }] of Object.entries(weights)) {
    if (data.length !== sizeOf(shape)) {
      throw new Error(
        `createTrainer: weight "${name}" of shape [${shape.join(', ')}] has ${sizeOf(shape)} elements, ` +
          `but ${data.length} values were given`,
      )
    }
  }
}

function withTypes(
  inputs: Readonly<Record<string, BatchInput>>,
): Record<string, Required<BatchInput>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape, dtype }]) => {
      const own =
        data instanceof Int32Array ? 'int32' : data instanceof Uint8Array ? 'bool' : 'float32'
      return [name, { data, shape, dtype: dtype ?? own }]
    }),
  )
}
