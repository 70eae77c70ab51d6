import {
  balanceTable,
  embeddingSet,
  headWeights,
  InputError,
  manifestTable,
  many,
  one,
  value,
  type BalanceRow,
  type ClipTensors,
  type ManifestRow,
  type Stage,
  type Weights,
} from '@serflow/core'
import type { Example } from '../batches.js'
import { fitStandardiser } from '../standardise.js'
import { trainConfig, type TrainConfig } from '../train-config.js'
import { trainHead } from '../train.js'

interface TrainInputs {
  readonly corpus: readonly ManifestRow[]
  readonly balance: readonly BalanceRow[]
  readonly classes: readonly string[]
  /** Of the training speakers alone: what is not here cannot leak. */
  readonly embeddings: readonly ClipTensors[]
}

/** One fold and seed: embeddings of its training speakers to head weights. Part fold=all trains on everyone. */
export const trainStage: Stage<TrainInputs, Weights, TrainConfig> = {
  name: 'train',
  inputs: {
    corpus: one(manifestTable),
    balance: one(balanceTable),
    classes: value(),
    embeddings: many(embeddingSet),
  },
  output: headWeights,
  config: trainConfig,
  async run({ corpus, balance, classes, embeddings }, config, { part, progress }) {
    const fold = part.fold === 'all' ? null : Number(part.fold)
    const examples = examplesOf(corpus, classes, embeddings)
    if (examples.length === 0) {
      throw new InputError(
        `fold ${part.fold} has no clip to train on; use fewer folds or more speakers`,
      )
    }
    const dimension = embeddings[0]!.rowShape[0]!
    const standardiser = fitStandardiser(rowsOf(examples, dimension), dimension)
    const weightOf = new Map(
      balance.filter((row) => row.fold === fold).map((row) => [row.emotion, row.weight]),
    )
    const classWeights = classes.map((name) => weightOf.get(name) ?? 0)
    const { weights, record } = await trainHead(
      { examples, dimension, classes, classWeights, standardiser },
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

/** An example for each utterance that has embeddings, in the order of the speakers and their clips. */
export function examplesOf(
  corpus: readonly ManifestRow[],
  classes: readonly string[],
  embeddings: readonly ClipTensors[],
): readonly Example[] {
  const labelOf = new Map(
    corpus
      .filter((row) => row.status === 'used')
      .map((row) => [row.utteranceId!, classes.indexOf(row.emotion!)]),
  )
  const variants = new Map<string, Float32Array[]>()
  for (const clip of embeddings.flatMap((set) => set.clips)) {
    if (!labelOf.has(clip.utteranceId)) continue
    variants.set(clip.utteranceId, [...(variants.get(clip.utteranceId) ?? []), clip.tensor.data])
  }
  return [...variants].map(([utteranceId, values]) => ({
    utteranceId,
    label: labelOf.get(utteranceId)!,
    variants: values,
  }))
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
