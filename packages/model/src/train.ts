import * as tf from '@tensorflow/tfjs-core'
import {
  InputError,
  random,
  sizeOf,
  type Random,
  type Tensor,
  type TrainingRecord,
} from '@serflow/core'
import {
  BackendUnavailableError,
  createTrainer,
  fillDropoutMask,
  NotFiniteError,
  type Trainer,
} from '@serflow/tfjs-onnx'
import {
  batchBuffers,
  drawMixtures,
  epochBatches,
  fillBatch,
  type BatchBuffers,
  type Draw,
  type Example,
} from './batches.js'
import { headLogits, headShape, initialHead, undecayedWeights, type HeadTensors } from './head.js'
import { crossEntropy, targetRows, type Label } from './loss.js'
import { oneCycle } from './schedule.js'
import type { Standardiser } from './standardise.js'
import type { TrainConfig } from './train-config.js'
import { openValidation, type Validation } from './validation.js'

/** What the head is trained on: the training part of one fold, or all. */
export interface TrainingSet {
  readonly examples: readonly Example[]
  readonly dimension: number
  readonly classes: readonly string[]
  /** A weight for each class. */
  readonly classWeights: readonly number[]
  /** Draws of each class an epoch; each example once where they are not given. */
  readonly classDraws?: readonly number[]
  /** Of speakers who are not trained on: they choose the epoch, where the config stops early. */
  readonly validation?: readonly Example[]
  /** Ends after this epoch of the schedule; without it the schedule is gone through. */
  readonly lastEpoch?: number
  readonly standardiser: Standardiser
}

/** Trains the head over the epochs of the schedule; the epoch that is kept is the last, or chosen by the validation. */
export async function trainHead(
  set: TrainingSet,
  config: TrainConfig,
  seed: number,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<{ weights: Record<string, Tensor>; record: TrainingRecord }> {
  const shape = headShape(config, set.dimension, set.classes.length)
  const trainer = await createTrainer(headLoss, initialHead(shape, seed), {
    optimiser: { kind: 'adam', decay: config.weightDecay, noDecay: undecayedWeights },
    clipNorm: config.clipNorm,
    threads: 1,
    backend: config.backend,
  }).catch((error: unknown) => {
    throw error instanceof BackendUnavailableError ? new InputError(error.message) : error
  })
  const validation = validationOf(set, config)
  try {
    const stepsPerEpoch = Math.ceil(drawsPerEpoch(set) / config.batch)
    const steps = stepsPerEpoch * config.epochs
    const lastEpoch = Math.min(set.lastEpoch ?? config.epochs, config.epochs)
    const lossByEpoch: number[] = []
    const warnings: string[] = []
    const workspace = openWorkspace(config.batch, set.dimension)
    let weights = trainer.weights()
    for (let epoch = 0; epoch < lastEpoch; epoch++) {
      const draws = random('epoch', seed, epoch)
      const { examples, dimension, classDraws } = set
      const batches = epochBatches(examples, dimension, config.batch, draws, classDraws)
      const loss = await epochLoss(batches, (batch, index) => {
        const rate = oneCycle(epoch * stepsPerEpoch + index, steps, config.learningRate)
        return trainStep(trainer, workspace, batch, set, config, draws, rate)
      })
      const trained = trainer.weights()
      // The loss was seen before the epoch's last step, which may have been one too many.
      if (loss === undefined || !areFinite(trained)) {
        warnings.push(
          `the loss or a weight was not finite in epoch ${epoch + 1} of ${config.epochs}; ` +
            'the weights of the epoch before are used; try a lower learning rate',
        )
        break
      }
      lossByEpoch.push(loss)
      weights = trained
      onProgress((epoch + 1) / lastEpoch)
      if (validation && !(await validation.judge(weights))) break
    }
    const best = validation?.best()
    const record: TrainingRecord = {
      classes: set.classes,
      lossByEpoch,
      backend: trainer.backend.name,
      seed,
      epoch: best?.epoch ?? lossByEpoch.length,
      validation: validation?.record ?? null,
      trainedOn: idsOf(set.examples),
      validatedOn: idsOf(validation ? (set.validation ?? []) : []),
      warnings,
    }
    return { weights: best?.weights ?? weights, record }
  } finally {
    await validation?.dispose()
    await trainer.dispose()
  }
}

function validationOf(set: TrainingSet, { stopping }: TrainConfig): Validation | undefined {
  if (stopping === 'none' || !set.validation) return undefined
  return openValidation(set.validation, set.classes.length, set.standardiser, stopping)
}

/** What `epochBatches` draws: a class without examples draws nothing. */
function drawsPerEpoch({ examples, classDraws }: TrainingSet): number {
  if (!classDraws) return examples.length
  const present = new Set(examples.map(({ label }) => label))
  return classDraws.reduce((sum, draws, label) => sum + (present.has(label) ? draws : 0), 0)
}

function idsOf(examples: readonly Example[]): string[] {
  return examples.map(({ utteranceId }) => utteranceId).sort()
}

/** Mean loss over the clips of an epoch; undefined where it was not finite. */
async function epochLoss(
  batches: readonly (readonly Draw[])[],
  step: (batch: readonly Draw[], index: number) => Promise<number>,
): Promise<number | undefined> {
  let total = 0
  let clips = 0
  try {
    for (const [index, batch] of batches.entries()) {
      total += (await step(batch, index)) * batch.length
      clips += batch.length
    }
  } catch (error) {
    if (error instanceof NotFiniteError) return undefined
    throw error
  }
  return total / clips
}

function areFinite(weights: Readonly<Record<string, Tensor>>): boolean {
  return Object.values(weights).every(({ data }) => data.every(Number.isFinite))
}

async function trainStep(
  trainer: Trainer,
  workspace: Workspace,
  batch: readonly Draw[],
  set: TrainingSet,
  config: TrainConfig,
  draws: Random,
  learningRate: number,
): Promise<number> {
  const rows = config.batch
  const segments = Math.max(...batch.map((draw) => draw.segments))
  // A batch of one length needs no mask, and its graph is smaller. Rows without a clip weigh nothing.
  const isPadded = batch.some((draw) => draw.segments < segments)
  const mixtures = drawMixtures(batch.length, config.mixup, draws)
  const buffers = workspace.buffers(segments)
  const kept = workspace.factors('input', buffers.values.length)
  fillDropout(kept, config.inputDropout, draws)
  fillBatch(batch, mixtures, set.standardiser, buffers, kept)

  const targets = targetRows(
    batch.map((draw, row) => {
      const { partner, share } = mixtures[row]!
      return { label: labelOf(draw), other: labelOf(batch[partner]!), share }
    }),
    set.classWeights,
    config.labelSmoothing,
    rows,
  )
  const factors = (layer: string, ...extents: number[]) => {
    const data = workspace.factors(layer, sizeOf(extents))
    fillDropout(data, config.dropout, draws)
    return { data, shape: extents }
  }
  const { loss } = await trainer.step(
    {
      embeddings: { data: buffers.values, shape: [rows, segments, set.dimension] },
      ...(isPadded ? { mask: { data: buffers.mask, shape: [rows, segments] } } : {}),
      targets: { data: targets, shape: [rows, set.classes.length] },
      projectionDropout: factors('projection', rows, segments, config.projection),
      contextDropout: factors('context', rows, 2 * config.hidden),
      denseDropout: factors('dense', rows, config.dense),
    },
    learningRate,
  )
  return loss
}

function labelOf({ label, shares }: Draw): Label {
  return shares ?? label
}

/** The loss of a batch, as a TensorFlow.js function of weights and inputs; traced with its gradients. */
export function headLoss(
  weights: Record<string, tf.Tensor>,
  inputs: Record<string, tf.Tensor>,
): tf.Scalar {
  const logits = headLogits(
    weights as HeadTensors,
    inputs.embeddings as tf.Tensor3D,
    inputs.mask as tf.Tensor2D | undefined,
    {
      projection: inputs.projectionDropout as tf.Tensor3D,
      context: inputs.contextDropout as tf.Tensor2D,
      dense: inputs.denseDropout as tf.Tensor2D,
    },
  )
  return crossEntropy(logits, inputs.targets as tf.Tensor2D)
}

/** Arrays that steps of one shape use again: new ones of several megabytes a step would keep the collector busy. */
interface Workspace {
  buffers(segments: number): BatchBuffers
  factors(layer: string, size: number): Float32Array
}

function openWorkspace(rows: number, dimension: number): Workspace {
  const buffers = new Map<number, BatchBuffers>()
  const factors = new Map<string, Float32Array>()
  return {
    buffers(segments) {
      const known = buffers.get(segments) ?? batchBuffers(rows, segments, dimension)
      buffers.set(segments, known)
      return known
    },
    factors(layer, size) {
      const name = `${layer} ${size}`
      const known = factors.get(name) ?? new Float32Array(size)
      factors.set(name, known)
      return known
    },
  }
}

/** Factors 0 with probability `rate`, else 1/(1 − rate). */
function fillDropout(factors: Float32Array, rate: number, draws: Random): void {
  if (rate === 0) factors.fill(1)
  else fillDropoutMask(factors, rate, [draws.word(), draws.word(), draws.word(), draws.word()])
}
