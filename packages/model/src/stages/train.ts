import {
  balanceTable,
  embeddingSet,
  foldsTable,
  headWeights,
  InputError,
  jsonType,
  manifestTable,
  many,
  one,
  value,
  type BalanceRow,
  type ClipTensors,
  type FoldRow,
  type ManifestRow,
  type Stage,
  type TrainingRecord,
  type Weights,
} from '@serflow/core'
import type { Example } from '../batches.js'
import { examplesOf } from '../examples.js'
import { clipsOfPart } from '../fold-clips.js'
import { fitStandardiser } from '../standardise.js'
import { trainConfig, type TrainConfig } from '../train-config.js'
import { trainHead } from '../train.js'

interface TrainInputs {
  readonly corpus: readonly ManifestRow[]
  readonly folds: readonly FoldRow[]
  readonly balance: readonly BalanceRow[]
  readonly classes: readonly string[]
  /** Of the training speakers alone: what is not here cannot leak. */
  readonly embeddings: readonly ClipTensors[]
  /** Of the validation speakers; none where nothing is chosen by them, and for fold=all. */
  readonly validation: readonly ClipTensors[]
  /** How the folds' trainings of the same seed went, for fold=all with early stopping alone. */
  readonly histories: readonly TrainingRecord[]
}

/**
 * One fold and seed: embeddings of its training speakers to head weights. Part fold=all trains on everyone.
 *
 * With early stopping each fold's epoch is chosen by its validation speakers, and for fold=all, which has none, it is
 * the median of the folds' epochs (of two in the middle the later one).
 *
 * @throws InputError where there is nothing to train on, or early stopping has no validation speakers
 */
export const trainStage: Stage<TrainInputs, Weights, TrainConfig> = {
  name: 'train',
  inputs: {
    corpus: one(manifestTable),
    folds: one(foldsTable),
    balance: one(balanceTable),
    classes: value(),
    embeddings: many(embeddingSet),
    validation: many(embeddingSet),
    histories: many(jsonType<TrainingRecord>('training record')),
  },
  output: headWeights,
  config: trainConfig,
  async run(inputs, config, { part, progress }) {
    const { corpus, folds, balance, classes } = inputs
    const fold = part.fold === 'all' ? null : Number(part.fold)
    const clips = clipsOfPart('train', fold, folds, corpus, inputs.embeddings)
    const examples = examplesOf(clips, classes, config.labels)
    if (examples.length === 0) {
      throw new InputError(
        `fold ${part.fold} has no clip to train on; use fewer folds or more speakers`,
      )
    }
    const dimension = inputs.embeddings[0]!.rowShape[0]!
    const standardiser = fitStandardiser(rowsOf(examples, dimension), dimension)
    const rowOf = new Map(
      balance.filter((row) => row.fold === fold).map((row) => [row.emotion, row]),
    )
    const { weights, record } = await trainHead(
      {
        examples,
        dimension,
        classes,
        classWeights: classes.map((name) => rowOf.get(name)?.weight ?? 0),
        classDraws: classes.map((name) => rowOf.get(name)?.draws ?? 0),
        standardiser,
        ...chosenBy(inputs, config, fold),
      },
      config,
      Number(part.seed),
      progress,
    )
    const vector = (data: Float32Array) => ({ data, shape: [dimension] })
    return {
      tensors: {
        ...weights,
        mean: vector(standardiser.mean),
        deviation: vector(standardiser.deviation),
      },
      settings: record,
    }
  },
}

/** What ends the training early, if anything does. */
function chosenBy(
  { corpus, folds, classes, validation, histories }: TrainInputs,
  { stopping }: TrainConfig,
  fold: number | null,
): { lastEpoch?: number; validation?: readonly Example[] } {
  if (stopping === 'none') return {}
  if (fold === null) {
    const epochs = histories.map(({ epoch }) => epoch).sort((left, right) => left - right)
    const median = epochs[Math.floor(epochs.length / 2)]
    if (median === undefined)
      throw new Error('train: fold all with early stopping has no histories')
    return { lastEpoch: Math.max(1, median) }
  }
  const originals = clipsOfPart('validation', fold, folds, corpus, validation).filter(
    ({ clip }) => clip.effects === '',
  )
  if (originals.length === 0) {
    throw new InputError(
      `model.train.stopping: fold ${fold} has no validation speaker to choose the epoch by; ` +
        'set ingest.folds.validation to one-of-each-gender',
    )
  }
  return { validation: examplesOf(originals, classes, 'majority') }
}

function* rowsOf(examples: readonly Example[], dimension: number): Iterable<Float32Array> {
  for (const { variants } of examples) {
    for (const values of variants) {
      for (let start = 0; start < values.length; start += dimension) {
        yield values.subarray(start, start + dimension)
      }
    }
  }
}
