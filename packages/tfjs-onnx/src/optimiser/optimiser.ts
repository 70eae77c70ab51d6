import { kernelsOf, sharedArray } from './memory.js'

/** AdamW: Adam whose decay of the weights is apart from the gradient (Loshchilov & Hutter 2019). */
export interface AdamOptions {
  readonly kind: 'adam'
  /** decay of the running mean of gradients, 0.9 by default */
  readonly beta1?: number
  /** decay of the running mean of their squares, 0.999 by default */
  readonly beta2?: number
  /** added to the corrected root of the squares, 1e-8 by default */
  readonly epsilon?: number
  /** weights shrink by learning rate · decay a step; 0 by default */
  readonly decay?: number
  /** names of weights that do not decay, such as biases */
  readonly noDecay?: readonly string[]
}

/** Stochastic gradient descent with momentum. */
export interface SgdOptions {
  readonly kind: 'sgd'
  /** 0 by default */
  readonly momentum?: number
  /** multiple of the weights that is added to the gradient; 0 by default */
  readonly decay?: number
  /** names of weights that do not decay, such as biases */
  readonly noDecay?: readonly string[]
}

/** Named weights and gradients in one block of memory, with an optimiser's state beside them. */
export interface Optimiser {
  /** views of the block, in the weights' order: they stay where they are and change with each step */
  readonly slots: Readonly<Record<string, { weights: Float32Array; gradients: Float32Array }>>
  /** number of steps made */
  steps(): number
  /** Euclidean norm of all gradients together */
  gradientNorm(): number
  /** moves the weights by one step against the gradients, which are first multiplied by `gradientScale` */
  step(learningRate: number, gradientScale: number): void
  /** Copies of all that the next step depends on, besides the gradients. */
  state(): OptimiserState
  /**
   * Goes on from a state, to the bit.
   *
   * @throws Error if it is not that of an optimiser of this kind over these weights
   */
  restore(state: OptimiserState): void
}

/** An optimiser's weights and what it remembers of the gradients, each by the weights' names. */
export interface OptimiserState {
  /** steps made */
  readonly steps: number
  readonly weights: Readonly<Record<string, Float32Array>>
  /** AdamW: means and mean squares of the gradients; gradient descent: velocities */
  readonly moments: readonly Readonly<Record<string, Float32Array>>[]
}

/**
 * Lays the weights out in memory and prepares their optimiser.
 *
 * The formulas are those of torch.optim.AdamW and torch.optim.SGD (PyTorch 2), constants rounded to float32.
 *
 * @param initial values of the weights, which are copied
 * @throws Error if `noDecay` names no weight or a setting is out of its range
 */
export function createOptimiser(
  initial: Readonly<Record<string, Float32Array>>,
  options: AdamOptions | SgdOptions,
): Optimiser {
  checkOptions(options, Object.keys(initial))
  const noDecay = new Set(options.noDecay)
  const sizes = Object.values(initial).map(
    (values) => Math.ceil(values.length / lineValues) * lineValues,
  )
  const total = sizes.reduce((sum, size) => sum + size, 0)
  // Weights, gradients and two arrays of state; the gaps after each weight stay zero.
  const block = sharedArray(4 * total)
  const kernels = kernelsOf(block)
  let offset = 0
  const parts = Object.entries(initial).map(([name, values], index) => {
    const size = sizes[index]!
    const [weights, gradients, first, second] = [0, 1, 2, 3].map((array) =>
      block.subarray(array * total + offset, array * total + offset + size),
    )
    weights!.set(values)
    offset += size
    const decay = noDecay.has(name) ? 0 : (options.decay ?? 0)
    return {
      name,
      length: values.length,
      decay,
      weights: weights!,
      gradients: gradients!,
      first: first!,
      second: second!,
    }
  })
  let steps = 0
  const copies = (of: (part: (typeof parts)[number]) => Float32Array) =>
    Object.fromEntries(parts.map((part) => [part.name, of(part).slice(0, part.length)]))

  return {
    slots: Object.fromEntries(
      parts.map(({ name, length, weights, gradients }) => [
        name,
        { weights: weights.subarray(0, length), gradients: gradients.subarray(0, length) },
      ]),
    ),
    steps: () => steps,
    gradientNorm: () => Math.sqrt(kernels.sumOfSquares(block.subarray(total, 2 * total))),
    step(learningRate, gradientScale) {
      steps++
      for (const { weights, gradients, first, second, decay } of parts) {
        if (options.kind === 'sgd') {
          const momentum = options.momentum ?? 0
          const constants = { gradientScale, decay, momentum, rate: learningRate }
          kernels.sgd({ weights, gradients, velocities: first }, constants)
        } else {
          const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options
          const rate = learningRate / (1 - beta1 ** steps)
          const correction = 1 / Math.sqrt(1 - beta2 ** steps)
          const keep = 1 - learningRate * decay
          const constants = { gradientScale, keep, beta1, beta2, rate, correction, epsilon }
          kernels.adam({ weights, gradients, means: first, squares: second }, constants)
        }
      }
    },
    state: () => ({
      steps,
      weights: copies((part) => part.weights),
      moments: [
        copies((part) => part.first),
        ...(options.kind === 'sgd' ? [] : [copies((part) => part.second)]),
      ],
    }),
    restore(state) {
      checkState(state, options.kind === 'sgd' ? 1 : 2, initial)
      steps = state.steps
      for (const { name, weights, first, second } of parts) {
        weights.set(state.weights[name]!)
        first.set(state.moments[0]![name]!)
        second.set(state.moments[1]?.[name] ?? [])
      }
    },
  }
}

function checkState(
  { steps, weights, moments }: OptimiserState,
  expectedMoments: number,
  initial: Readonly<Record<string, Float32Array>>,
): void {
  if (!(Number.isInteger(steps) && steps >= 0) || moments.length !== expectedMoments) {
    throw new Error(
      `restore: the state has ${moments.length} arrays a weight and ${steps} steps; this optimiser has ` +
        `${expectedMoments}, so it is the state of another kind`,
    )
  }
  for (const [name, { length }] of Object.entries(initial)) {
    if ([weights, ...moments].some((arrays) => arrays[name]?.length !== length)) {
      throw new Error(`restore: the state does not have ${length} values for weight "${name}"`)
    }
  }
}

/** Values in a cache line; each weight begins a new one. */
const lineValues = 16

function checkOptions(options: AdamOptions | SgdOptions, names: readonly string[]): void {
  for (const name of options.noDecay ?? []) {
    if (!names.includes(name)) {
      throw new Error(`noDecay: there is no weight "${name}"; expected some of ${names.join(', ')}`)
    }
  }
  const check = (key: string, value: number | undefined, below: number) => {
    if (value !== undefined && !(value >= 0 && value < below)) {
      throw new Error(`optimiser: ${key} is ${value}, expected a number in [0, ${below})`)
    }
  }
  check('decay', options.decay, Infinity)
  if (options.kind === 'sgd') {
    check('momentum', options.momentum, 1)
  } else {
    check('beta1', options.beta1, 1)
    check('beta2', options.beta2, 1)
    check('epsilon', options.epsilon, Infinity)
  }
}
