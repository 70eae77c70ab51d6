/** The same learning rate for every step; or one a step, by the number of steps made before. */
export type LearningRate = number | ((step: number) => number) | readonly number[]

/**
 * The learning rate of a step.
 *
 * @param step number of steps made before
 * @throws Error if there is none
 */
export function rateOf(rate: LearningRate | undefined, step: number): number {
  if (typeof rate === 'number') return rate
  if (typeof rate === 'function') return rate(step)
  const value = rate?.[Math.min(step, rate.length - 1)]
  if (value === undefined) {
    throw new Error('step: there is no learning rate; give one to step or to createTrainer')
  }
  return value
}
