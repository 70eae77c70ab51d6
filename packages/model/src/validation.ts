import type { Tensor, TrainingRecord } from '@serflow/core'
import type { Example } from './batches.js'
import { decide, openPredictor } from './predict.js'
import type { Standardiser } from './standardise.js'
import type { TrainConfig } from './train-config.js'

/** Chooses the epoch by the validation speakers. */
export interface Validation {
  /** Judges the weights after an epoch, and says whether training should go on. */
  judge(weights: Readonly<Record<string, Tensor>>): Promise<boolean>
  /** The epoch chosen so far, from 1, and its weights; undefined before the first. */
  best(): { readonly epoch: number; readonly weights: Record<string, Tensor> } | undefined
  readonly record: NonNullable<TrainingRecord['validation']>
  dispose(): Promise<void>
}

/**
 * Early stopping: the epoch with the highest UAR, of equal ones that with the lower loss, then the earlier one; or by
 * the loss alone. The loss is the mean of −ln p of the clips' emotions, without weights or smoothing; the UAR is over
 * the classes that occur. Originals alone are judged.
 *
 * @param examples of the validation speakers, whose first variant is the original
 */
export function openValidation(
  examples: readonly Example[],
  classes: number,
  standardiser: Standardiser,
  { patience, by }: Exclude<TrainConfig['stopping'], 'none'>,
): Validation {
  const predictor = openPredictor(standardiser)
  const lossByEpoch: number[] = []
  const uarByEpoch: number[] = []
  let best:
    { epoch: number; weights: Record<string, Tensor>; uar: number; loss: number } | undefined
  return {
    record: { lossByEpoch, uarByEpoch },
    best: () => best,
    async judge(weights) {
      const clips = examples.map(({ variants }) => variants[0]!)
      const probabilities = await predictor.predict(weights, clips)
      const labels = examples.map(({ label }) => label)
      const loss = meanLoss(probabilities, labels)
      const uar = averageRecall(probabilities, labels, classes)
      lossByEpoch.push(loss)
      uarByEpoch.push(uar)
      const isBetter =
        !best ||
        (by === 'loss'
          ? loss < best.loss
          : uar > best.uar || (uar === best.uar && loss < best.loss))
      if (isBetter) best = { epoch: lossByEpoch.length, weights: { ...weights }, uar, loss }
      return lossByEpoch.length - best!.epoch < patience
    },
    dispose: () => predictor.dispose(),
  }
}

/** Mean of −ln p; a probability that has run to 0 counts as the smallest number there is. */
function meanLoss(probabilities: readonly (readonly number[])[], labels: readonly number[]) {
  const losses = labels.map((label, i) => -Math.log(Math.max(probabilities[i]![label]!, 1e-300)))
  return losses.reduce((a, b) => a + b, 0) / losses.length
}

function averageRecall(
  probabilities: readonly (readonly number[])[],
  labels: readonly number[],
  classes: number,
): number {
  const right = new Array<number>(classes).fill(0)
  const all = new Array<number>(classes).fill(0)
  labels.forEach((label, i) => {
    all[label]! += 1
    if (decide(probabilities[i]!) === label) right[label]! += 1
  })
  const recalls = right.flatMap((count, c) => (all[c]! > 0 ? [count / all[c]!] : []))
  return recalls.reduce((a, b) => a + b, 0) / recalls.length
}
