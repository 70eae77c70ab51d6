import type { Backend } from './backends/backend.js'
import {
  backendOf,
  checkedInput,
  checkLimit,
  dataOf,
  shapesKey,
  type CompileOptions,
  type TensorInput,
} from './compile.js'
import { sizeOf, type TypedArray } from './element-type.js'
import { lossAndGradients, type LossFunction } from './loss-gradients.js'
import {
  createOptimiser,
  type AdamOptions,
  type OptimiserState,
  type SgdOptions,
} from './optimiser/optimiser.js'
import { programCache } from './program-cache.js'
import { rateOf, type LearningRate } from './learning-rate.js'
import type { TensorSpec } from './trace.js'

/** The loss or a gradient is NaN or infinite. */
export class NotFiniteError extends Error {
  override readonly name = 'NotFiniteError'
}

/** Trains named weights on batches. */
export interface Trainer {
  /**
   * One optimiser step on a batch. The first batch of each set of shapes is traced, the others reuse its graph.
   *
   * @param learningRate of this step; by default as the trainer's settings say
   * @returns the loss before the step, and the Euclidean norm of all gradients before clipping
   * @throws NotFiniteError if the loss or a gradient is not finite; the weights are left as they were
   * @throws Error if a step is running, or the loss does not depend on each weight
   */
  step(
    inputs: Readonly<Record<string, TensorInput>>,
    learningRate?: number,
  ): Promise<{ loss: number; gradientNorm: number }>
  /** Number of steps made. */
  steps(): number
  /** Copies of the weights as they are now. */
  weights(): Record<string, { data: Float32Array; shape: readonly number[] }>
  /** Copies of what a step replaces rather than trains, as it is now. */
  statistics(): Record<string, { data: Float32Array; shape: readonly number[] }>
  /** Copies of all that further steps depend on; see `TrainerOptions.resume`. */
  state(): TrainerState
  /** where it runs */
  readonly backend: Backend
  /** Frees the graphs. */
  dispose(): Promise<void>
}

/** A trainer's weights, statistics, and optimiser: another trainer goes on from it, to the bit. */
export interface TrainerState extends OptimiserState {
  readonly statistics: Readonly<Record<string, Float32Array>>
}

/** A weight's values and shape. */
export interface WeightValues {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** Settings of `createTrainer`. */
export interface TrainerOptions extends Pick<CompileOptions, 'backend' | 'threads' | 'maxGraphs'> {
  /** AdamW without decay by default */
  readonly optimiser?: AdamOptions | SgdOptions
  /** a number; or one a step, as a function of the steps made before or as a list whose last value stays */
  readonly learningRate?: LearningRate
  /** the gradients are scaled so that their norm is at most this; null, the default, leaves them alone */
  readonly clipNorm?: number | null
  /** initial values that a step replaces by what the loss function says, such as moving means */
  readonly statistics?: Readonly<Record<string, WeightValues>>
  /** where another trainer of the same weights and settings stood */
  readonly resume?: TrainerState
}

/**
 * Prepares training: loss and gradients become one graph for each set of input shapes, and an optimiser updates the
 * weights in place. Weights and gradients lie in memory that ONNX Runtime reads and writes without copies.
 *
 * Clipping multiplies the gradients by min(1, clipNorm / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_ does. The
 * optimiser is the same on every backend.
 *
 * @param loss a scalar, traced as `trace` says: random masks must be inputs
 * @param weights initial values, which are copied
 * @throws Error if a weight's values do not fill its shape or a setting is out of range
 * @throws BackendUnavailableError if the backend is not there
 */
export async function createTrainer(
  loss: LossFunction,
  weights: Readonly<Record<string, WeightValues>>,
  options: TrainerOptions = {},
): Promise<Trainer> {
  const names = Object.keys(weights)
  if (names.length === 0) throw new Error('createTrainer: there are no weights')
  checkValues(weights)
  checkValues(options.statistics ?? {})
  const clipNorm = options.clipNorm ?? null
  if (clipNorm !== null && !(clipNorm > 0)) {
    throw new Error(`createTrainer: clipNorm is ${clipNorm}, expected a positive number or null`)
  }
  const initial = Object.fromEntries(names.map((name) => [name, weights[name]!.data]))
  const optimiser = createOptimiser(initial, options.optimiser ?? { kind: 'adam' })
  const statistics = openStatistics(options.statistics ?? {})
  if (options.resume !== undefined) {
    optimiser.restore(options.resume)
    statistics.restore(options.resume.statistics)
  }
  const backend = await backendOf(options.backend)
  const programs = programCache(checkLimit(options.maxGraphs))
  const settings = { name: 'training', threads: options.threads ?? 1 }
  const fixedSpec: Record<string, TensorSpec> = {}
  const fixedFeeds: Record<string, TypedArray> = { ...statistics.feeds }
  const lossValue = new Float32Array(1)
  const results: Record<string, Float32Array> = { loss: lossValue, ...statistics.results }
  for (const name of names) {
    const slot = optimiser.slots[name]!
    fixedSpec[`weight/${name}`] = { shape: weights[name]!.shape }
    fixedFeeds[`weight/${name}`] = slot.weights
    results[`gradient/${name}`] = slot.gradients
  }
  for (const [name, { shape }] of Object.entries(options.statistics ?? {})) {
    fixedSpec[`statistic/${name}`] = { shape }
  }
  let running = false

  return {
    async step(inputs, learningRate) {
      if (running) throw new Error('step: the step before has not ended; await it first')
      const rate = learningRate ?? rateOf(options.learningRate, optimiser.steps())
      if (!(rate >= 0 && rate < Infinity)) {
        throw new Error(`step: the learning rate is ${rate}, expected a number from 0 up`)
      }
      running = true
      try {
        const batch = Object.fromEntries(
          Object.entries(inputs).map(([name, input]) => [
            `input/${name}`,
            checkedInput(name, input),
          ]),
        )
        const spec = { ...fixedSpec, ...batch }
        await programs.use(
          shapesKey(batch),
          () => backend.prepare(lossAndGradients(loss, Object.keys(spec)), spec, settings),
          (program) => program.run({ ...fixedFeeds, ...dataOf(batch) }, results),
        )
        const gradientNorm = optimiser.gradientNorm()
        const value = lossValue[0]!
        if (!Number.isFinite(gradientNorm) || !Number.isFinite(value)) {
          throw new NotFiniteError(
            `step: the loss is ${value} and the norm of its gradients ${gradientNorm}; ` +
              'lower the learning rate, clip the gradients, or look for values in the batch that are not finite',
          )
        }
        const scale = clipNorm === null ? 1 : Math.min(1, clipNorm / (gradientNorm + 1e-6))
        optimiser.step(rate, scale)
        statistics.advance()
        return { loss: value, gradientNorm }
      } finally {
        running = false
      }
    },
    steps: () => optimiser.steps(),
    weights: () => withShapesOf(weights, optimiser.state().weights),
    statistics: () => withShapesOf(options.statistics ?? {}, statistics.values()),
    state: () => ({ ...optimiser.state(), statistics: statistics.values() }),
    backend,
    dispose: () => programs.dispose(),
  }
}

/** Values that a step replaces: a graph reads one copy and writes the other. */
function openStatistics(initial: Readonly<Record<string, WeightValues>>) {
  const names = Object.keys(initial)
  const current = names.map((name) => Float32Array.from(initial[name]!.data))
  const next = current.map((values) => new Float32Array(values.length))
  const named = (arrays: readonly Float32Array[], prefix = '') =>
    Object.fromEntries(names.map((name, index) => [prefix + name, arrays[index]!]))
  return {
    feeds: named(current, 'statistic/'),
    results: named(next, 'next/'),
    advance: () => current.forEach((values, index) => values.set(next[index]!)),
    values: () => named(current.map((values) => values.slice())),
    restore(values: Readonly<Record<string, Float32Array>>) {
      names.forEach((name, index) => {
        const found = values[name]
        if (found?.length !== current[index]!.length) {
          throw new Error(
            `resume: the state lacks the statistic "${name}", or has another size of it`,
          )
        }
        current[index]!.set(found)
      })
    },
  }
}

function withShapesOf(
  initial: Readonly<Record<string, WeightValues>>,
  values: Readonly<Record<string, Float32Array>>,
): Record<string, { data: Float32Array; shape: readonly number[] }> {
  return Object.fromEntries(
    Object.entries(initial).map(([name, { shape }]) => [
      name,
      { data: values[name]!, shape: [...shape] },
    ]),
  )
}

function checkValues(weights: Readonly<Record<string, WeightValues>>): void {
  for (const [name, { data, shape }] of Object.entries(weights)) {
    if (data.length !== sizeOf(shape)) {
      throw new Error(
        `createTrainer: weight "${name}" of shape [${shape.join(', ')}] has ${sizeOf(shape)} elements, ` +
          `but ${data.length} values were given`,
      )
    }
  }
}
