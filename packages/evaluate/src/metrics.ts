import { predictionCounts, truthCounts, type Confusion } from './confusion.js'

/**
 * Recall of each class: right / utterances of the class.
 *
 * @param confusion shape [classes, classes], rows are the truth
 * @returns 0..1 in the order of the classes; null where the class does not occur
 */
export function recallsOf(confusion: Confusion): (number | null)[] {
  const truths = truthCounts(confusion)
  return confusion.map((row, index) => ratio(row[index]!, truths[index]!))
}

/**
 * Precision of each class: right / times predicted.
 *
 * @param confusion shape [classes, classes], rows are the truth
 * @returns 0..1 in the order of the classes; null where the class was never predicted
 */
export function precisionsOf(confusion: Confusion): (number | null)[] {
  const predictions = predictionCounts(confusion)
  return confusion.map((row, index) => ratio(row[index]!, predictions[index]!))
}

/**
 * F1 of each class: 2·right / (utterances of the class + times predicted), the harmonic mean of precision and recall.
 *
 * @param confusion shape [classes, classes], rows are the truth
 * @returns 0..1 in the order of the classes; null where the class neither occurs nor was predicted
 */
export function f1ScoresOf(confusion: Confusion): (number | null)[] {
  const truths = truthCounts(confusion)
  const predictions = predictionCounts(confusion)
  return confusion.map((row, index) => ratio(2 * row[index]!, truths[index]! + predictions[index]!))
}

/**
 * Unweighted average recall: the mean of the recalls, so that each class counts the same however often it occurs.
 * A class that does not occur has no recall and is left out of the mean; it counts neither 0 nor 1.
 *
 * @param confusion shape [classes, classes], rows are the truth
 * @returns 0..1
 * @throws RangeError if there is no utterance
 * @see scikit-learn, `balanced_accuracy_score`
 */
export function unweightedAverageRecall(confusion: Confusion): number {
  return meanOfPresent(recallsOf(confusion))
}

/**
 * Weighted average recall: right / all.
 *
 * @param confusion shape [classes, classes], rows are the truth
 * @returns 0..1
 * @throws RangeError if there is no utterance
 */
export function accuracyOf(confusion: Confusion): number {
  const right = confusion.reduce((total, row, index) => total + row[index]!, 0)
  const all = truthCounts(confusion).reduce((total, count) => total + count, 0)
  if (all === 0) throw noUtterance()
  return right / all
}

/**
 * Mean of the classes' F1. A class that neither occurs nor was predicted is left out; one that does not occur but
 * was predicted has F1 0 and counts.
 *
 * @param confusion shape [classes, classes], rows are the truth
 * @returns 0..1
 * @throws RangeError if there is no utterance
 * @see scikit-learn, `f1_score(average='macro')` without `labels`
 */
export function macroF1Of(confusion: Confusion): number {
  return meanOfPresent(f1ScoresOf(confusion))
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

function meanOfPresent(values: readonly (number | null)[]): number {
  const present = values.filter((value) => value !== null)
  if (present.length === 0) throw noUtterance()
  return present.reduce((total, value) => total + value, 0) / present.length
}

function noUtterance(): RangeError {
  return new RangeError('a rate of no utterance is not defined')
}
