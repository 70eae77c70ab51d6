import * as tf from '@tensorflow/tfjs-core'
import { random, type Tensor } from '@serflow/core'
import type { TrainConfig } from './train-config.js'

/** Sizes of the head: embedding dimension, and what trainConfig says. */
export interface HeadShape {
  readonly dimension: number
  readonly projection: number
  readonly hidden: number
  readonly dense: number
  readonly classes: number
}

/** Factors 0 or 1/(1 − rate) on the values behind a layer; without them nothing is left out. */
export interface HeadDropout {
  /** [batch, segments, projection] */
  readonly projection: tf.Tensor3D
  /** [batch, 2·hidden] */
  readonly context: tf.Tensor2D
  /** [batch, dense] */
  readonly dense: tf.Tensor2D
}

/**
 * Weights by name. Gates are in the order input, forget, output, candidate. The projection, by far the largest, is
 * stored [projection, dimension]: its gradient is then a fifth faster.
 */
export type HeadTensors = Readonly<Record<HeadWeightName, tf.Tensor>>

export const headWeightNames = [
  'projectionKernel',
  'projectionBias',
  'lstmKernel',
  'lstmBias',
  'lstmRecurrent',
  'scoreKernel',
  'denseKernel',
  'denseBias',
  'outputKernel',
  'outputBias',
] as const
export type HeadWeightName = (typeof headWeightNames)[number]

/** Biases are not decayed. */
export const undecayedWeights: readonly HeadWeightName[] = [
  'projectionBias',
  'lstmBias',
  'denseBias',
  'outputBias',
]

/**
 * Embeddings to logits: dense + ReLU, a BLSTM over the segments, attention, dense + ReLU, dense.
 *
 * @param embeddings [batch, segments, dimension], standardised
 * @param mask [batch, segments], 1 where there is a segment, 0 at padding; without it nothing is padding, which
 *   saves a fifth of a training step's operations
 * @returns [batch, classes]
 */
export function headLogits(
  weights: HeadTensors,
  embeddings: tf.Tensor3D,
  mask?: tf.Tensor2D,
  dropout?: HeadDropout,
): tf.Tensor2D {
  const [batch, segments, dimension] = embeddings.shape
  const projection = weights.projectionKernel.shape[0]!
  const flat = tf.reshape(embeddings, [batch * segments, dimension])
  const projected = tf.relu(
    tf.add(
      tf.matMul(flat, weights.projectionKernel as tf.Tensor2D, false, true),
      weights.projectionBias,
    ),
  )
  const sequence = leaveOut(
    tf.reshape(projected, [batch, segments, projection]) as tf.Tensor3D,
    dropout?.projection,
  )
  const hidden = blstm(weights, sequence, mask)
  const scores = attentionScores(hidden, weights.scoreKernel as tf.Tensor2D)
  const context = leaveOut(attend(scores, hidden, mask).context, dropout?.context)
  const dense = leaveOut(
    tf.relu(
      tf.add(tf.matMul(context, weights.denseKernel as tf.Tensor2D), weights.denseBias),
    ) as tf.Tensor2D,
    dropout?.dense,
  )
  return tf.add(tf.matMul(dense, weights.outputKernel as tf.Tensor2D), weights.outputBias)
}

/**
 * Bidirectional LSTM over padded sequences: at padding the state is held, so the backward pass starts at the
 * last true segment and padding changes nothing.
 *
 *   i, f, o = σ(x·W + h·U + b),  g = tanh(x·W + h·U + b),  c = f·c + i·g,  h = o·tanh(c)
 *
 * @param sequence [batch, segments, inputs]
 * @param mask [batch, segments]; without it nothing is padding
 * @returns [batch, segments, 2·hidden], forward then backward
 * @see Hochreiter & Schmidhuber 1997; Graves & Schmidhuber 2005 for both directions
 */
export function blstm(
  weights: Pick<HeadTensors, 'lstmKernel' | 'lstmBias' | 'lstmRecurrent'>,
  sequence: tf.Tensor3D,
  mask?: tf.Tensor2D,
): tf.Tensor3D {
  const [batch, segments, inputs] = sequence.shape
  const hidden = weights.lstmRecurrent.shape[1]!
  const flat = tf.reshape(sequence, [batch * segments, inputs])
  // The input side of all gates, steps and directions is one product: [batch·segments, 2·4·hidden].
  const gatesIn = tf.reshape(
    tf.add(tf.matMul(flat, weights.lstmKernel as tf.Tensor2D), weights.lstmBias),
    [batch, segments, 2, 4 * hidden],
  )
  const steps = tf.unstack(tf.transpose(gatesIn, [1, 2, 0, 3]), 0)
  const byDirection = steps.map((step) => tf.unstack(step, 0))
  const present = mask && tf.unstack(tf.reshape(tf.transpose(mask), [segments, 1, batch, 1]), 0)

  let state: tf.Tensor | undefined
  // A single step never looks back; a state of zeros still ties the recurrent weights to the loss.
  let output = segments === 1 ? tf.zeros([2, batch, hidden]) : undefined
  const outputs: tf.Tensor[][] = []
  for (let step = 0; step < segments; step++) {
    const mirrored = segments - 1 - step
    // Both directions advance together, as a batch of two products: [2, batch, 4·hidden].
    const input = tf.stack([byDirection[step]![0]!, byDirection[mirrored]![1]!], 0)
    const gates = output ? tf.add(input, tf.matMul(output, weights.lstmRecurrent)) : input
    const [squashed, candidate] = tf.split(gates, [3 * hidden, hidden], 2)
    const [inputGate, forgetGate, outputGate] = tf.split(tf.sigmoid(squashed!), 3, 2)
    const fresh = tf.mul(inputGate!, tf.tanh(candidate!))
    const nextState: tf.Tensor = state ? tf.add(tf.mul(forgetGate!, state), fresh) : fresh
    const nextOutput = tf.mul(outputGate!, tf.tanh(nextState))
    const isThere = present && tf.concat([present[step]!, present[mirrored]!], 0)
    state = isThere ? hold(isThere, nextState, state) : nextState
    output = isThere ? hold(isThere, nextOutput, output) : nextOutput
    outputs.push(tf.unstack(output, 0))
  }
  const joined = outputs.map((both, step) =>
    tf.concat([both[0]!, outputs[segments - 1 - step]![1]!], 1),
  )
  return tf.stack(joined, 1) as tf.Tensor3D
}

/** The new value where the step is there, else the one before (zero at the start). */
function hold(isThere: tf.Tensor, next: tf.Tensor, before: tf.Tensor | undefined): tf.Tensor {
  const kept = tf.mul(isThere, next)
  return before ? tf.add(kept, tf.mul(tf.sub(1, isThere), before)) : kept
}

/** e = tanh(h)·s: [batch, segments, units] to [batch, segments]. */
export function attentionScores(hidden: tf.Tensor3D, scoreKernel: tf.Tensor2D): tf.Tensor2D {
  const [batch, segments, units] = hidden.shape
  const flat = tf.reshape(tf.tanh(hidden), [batch * segments, units])
  return tf.reshape(tf.matMul(flat, scoreKernel), [batch, segments])
}

/**
 * Attention over the segments that are there: α = softmax(e), context = Σ α·h. At padding α is exactly 0.
 *
 * @param scores [batch, segments]
 * @param values [batch, segments, units]
 * @param mask [batch, segments]; without it nothing is padding
 * @returns weights [batch, segments] and context [batch, units]
 */
export function attend(
  scores: tf.Tensor2D,
  values: tf.Tensor3D,
  mask?: tf.Tensor2D,
): { weights: tf.Tensor2D; context: tf.Tensor2D } {
  const [batch, segments, units] = values.shape
  // exp(−1e9) is 0 in float32, whatever the scores of a sane network.
  const masked = mask ? tf.add(tf.mul(scores, mask), tf.mul(tf.sub(mask, 1), 1e9)) : scores
  const weights = tf.softmax(masked as tf.Tensor2D, 1)
  const product = tf.matMul(tf.reshape(weights, [batch, 1, segments]), values)
  return { weights, context: tf.reshape(product, [batch, units]) }
}

function leaveOut<T extends tf.Tensor>(values: T, factors: T | undefined): T {
  return factors ? (tf.mul(values, factors) as T) : values
}

/**
 * Weights to start from: Glorot uniform, ±√(6 / (in + out)) of each gate or layer; biases 0, those of the forget
 * gate 1.
 *
 * @see Glorot & Bengio 2010; Jozefowicz, Zaremba & Sutskever 2015 for the forget gate
 */
export function initialHead(shape: HeadShape, seed: number): Record<HeadWeightName, Tensor> {
  const { dimension, projection, hidden, dense, classes } = shape
  const lstmBias = zeros([8 * hidden])
  for (const direction of [0, 1]) {
    const forget = direction * 4 * hidden + hidden
    lstmBias.data.fill(1, forget, forget + hidden)
  }
  const glorot = (
    name: HeadWeightName,
    dims: readonly number[],
    inputs: number,
    outputs: number,
  ): Tensor => {
    const { uniform } = random('initial', name, seed)
    const limit = Math.sqrt(6 / (inputs + outputs))
    const tensor = zeros(dims)
    for (let i = 0; i < tensor.data.length; i++) tensor.data[i] = (2 * uniform() - 1) * limit
    return tensor
  }
  return {
    projectionKernel: glorot('projectionKernel', [projection, dimension], dimension, projection),
    projectionBias: zeros([projection]),
    lstmKernel: glorot('lstmKernel', [projection, 8 * hidden], projection, hidden),
    lstmBias,
    lstmRecurrent: glorot('lstmRecurrent', [2, hidden, 4 * hidden], hidden, hidden),
    scoreKernel: glorot('scoreKernel', [2 * hidden, 1], 2 * hidden, 1),
    denseKernel: glorot('denseKernel', [2 * hidden, dense], 2 * hidden, dense),
    denseBias: zeros([dense]),
    outputKernel: glorot('outputKernel', [dense, classes], dense, classes),
    outputBias: zeros([classes]),
  }
}

/** Sizes that a config and a corpus give. */
export function headShape(config: TrainConfig, dimension: number, classes: number): HeadShape {
  return {
    dimension,
    projection: config.projection,
    hidden: config.hidden,
    dense: config.dense,
    classes,
  }
}

function zeros(shape: readonly number[]): Tensor {
  return { data: new Float32Array(shape.reduce((a, b) => a * b, 1)), shape }
}
