import {
  broadcastTo,
  clone,
  getGradient,
  registerGradient,
  reshape,
  sum,
  type NamedAttrMap,
  type Tensor,
  zeros,
} from '@tensorflow/tfjs-core'

/** The gradient of one TensorFlow.js kernel. */
export interface Gradient {
  readonly kernelName: string
  /** names of inputs that the formula reads, in its order; or all of them, for kernels of a list */
  readonly inputs?: readonly string[] | 'all'
  /** whether the formula reads the kernel's result, after its inputs */
  readonly output?: boolean
  /** makes each input's gradient from that of the result; called for those that are wanted */
  readonly apply: (
    dy: Tensor | Tensor[],
    saved: Tensor[],
    attributes: NamedAttrMap,
  ) => Record<string, () => Tensor>
}

/** The gradient of a kernel of one tensor `x`, from that tensor. */
export function fromInput<Attributes>(
  kernelName: string,
  formula: (dy: Tensor, x: Tensor, attributes: Attributes) => Tensor,
): Gradient {
  return {
    kernelName,
    inputs: ['x'],
    apply: (dy, [x], attributes) => ({
      x: () => formula(one(dy), x!, attributes as Attributes),
    }),
  }
}

/** The gradient of a kernel of one tensor `x`, from its result. */
export function fromOutput(
  kernelName: string,
  formula: (dy: Tensor, y: Tensor) => Tensor,
): Gradient {
  return {
    kernelName,
    output: true,
    apply: (dy, [y]) => ({ x: () => formula(one(dy), y!) }),
  }
}

/**
 * The gradient of a kernel of two tensors `a` and `b` that are broadcast: each formula's result is summed over
 * the axes along which its input was repeated.
 */
export function ofPair(
  kernelName: string,
  ofA: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
  ofB: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
): Gradient {
  return {
    kernelName,
    inputs: ['a', 'b'],
    output: true,
    apply: (dy, [a, b, y]) => ({
      a: () => unbroadcast(ofA(one(dy), a!, b!, y!), a!.shape),
      b: () => unbroadcast(ofB(one(dy), a!, b!, y!), b!.shape),
    }),
  }
}

/** Sums a gradient over the axes along which a tensor of `shape` was repeated. */
export function unbroadcast(gradient: Tensor, shape: number[]): Tensor {
  if (gradient.shape.join() === shape.join()) return gradient
  // TensorFlow.js takes an axis that was repeated no times for one that was not repeated.
  const missing = gradient.rank - shape.length
  const axes = gradient.shape.flatMap((size, axis) =>
    axis < missing || (shape[axis - missing] === 1 && size !== 1) ? [axis] : [],
  )
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, shape)
}

/** Repeats a gradient along its axes of size 1, also no times, which TensorFlow.js's own broadcastTo cannot. */
export function repeated(gradient: Tensor, shape: number[]): Tensor {
  return shape.includes(0) ? zeros(shape) : broadcastTo(gradient, shape)
}

/** The gradient of the result of a kernel that has one. */
export function one(dy: Tensor | Tensor[]): Tensor {
  return Array.isArray(dy) ? dy[0]! : dy
}

/** Makes a gradient known to TensorFlow.js, unless it knows one for the kernel. */
export function provideGradient({ kernelName, inputs, output, apply }: Gradient): void {
  const known: ReturnType<typeof getGradient> | undefined = getGradient(kernelName)
  if (known !== undefined) return
  registerGradient({
    kernelName,
    ...(inputs === 'all' ? { saveAllInputs: true } : { inputsToSave: [...(inputs ?? [])] }),
    ...(output ? { outputsToSave: [true] } : {}),
    gradFunc: (dy, saved, attributes) => fresh(dy, apply(dy, saved, attributes)),
  })
}

// TensorFlow.js disposes of gradients that it adds up: that of the result must not be one of them.
function fresh(
  dy: Tensor | Tensor[],
  gradients: Record<string, () => Tensor>,
): Record<string, () => Tensor> {
  return Object.fromEntries(
    Object.entries(gradients).map(([name, make]) => {
      const copy = () => {
        const gradient = make()
        return gradient === dy || (Array.isArray(dy) && dy.includes(gradient))
          ? clone(gradient)
          : gradient
      }
      return [name, copy]
    }),
  )
}
