/** Counts of utterances, [classes, classes]: row is the truth, column the prediction, both in the order of the classes. */
export type Confusion = readonly (readonly number[])[]

/** What was said and what was heard, as class names. */
export interface Judgement {
  readonly truth: string
  readonly prediction: string
}

/**
 * Counts judgements: confusion[t][p] is the number of utterances of class t that were taken for class p.
 *
 * @param classes names in the order of the class index, each once
 * @returns shape [classes, classes]; rows are the truth
 * @throws RangeError if a class is named twice, or a truth or a prediction is none of the classes
 */
export function confusionOf(
  classes: readonly string[],
  judgements: Iterable<Judgement>,
): Confusion {
  const indexOf = new Map(classes.map((name, index) => [name, index]))
  if (indexOf.size < classes.length) {
    throw new RangeError(`classes name one twice: ${classes.join(', ')}`)
  }
  const index = (name: string) => {
    const found = indexOf.get(name)
    if (found === undefined) {
      throw new RangeError(`"${name}" is none of the classes ${classes.join(', ')}`)
    }
    return found
  }
  const counts = classes.map(() => classes.map(() => 0))
  for (const { truth, prediction } of judgements) {
    const row = counts[index(truth)]!
    row[index(prediction)]! += 1
  }
  return counts
}

/**
 * Each row divided by its sum: shares[t][p] is the share of class t that was taken for class p.
 *
 * @returns shape [classes, classes]; a row sums to 1, or is null where its class does not occur
 */
export function rowShares(confusion: Confusion): readonly (readonly number[] | null)[] {
  return confusion.map((row) => {
    const total = sum(row)
    return total === 0 ? null : row.map((count) => count / total)
  })
}

/** Utterances of each class: the sum of its row. */
export function truthCounts(confusion: Confusion): number[] {
  return confusion.map(sum)
}

/** Times each class was predicted: the sum of its column. */
export function predictionCounts(confusion: Confusion): number[] {
  return confusion.map((_, column) => sum(confusion.map((row) => row[column]!)))
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
