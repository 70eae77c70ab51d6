/** Constants of one AdamW step; each is rounded to float32 before use. */
export interface AdamStep {
  /** factor on the gradients, as clipping asks */
  readonly gradientScale: number
  /** factor on the weights: 1 − learning rate · decay */
  readonly keep: number
  readonly beta1: number
  readonly beta2: number
  /** learning rate / (1 − beta1^t) */
  readonly rate: number
  /** 1 / √(1 − beta2^t) */
  readonly correction: number
  readonly epsilon: number
}

/** Constants of one step of stochastic gradient descent. */
export interface SgdStep {
  readonly gradientScale: number
  /** multiple of the weights that is added to the gradients */
  readonly decay: number
  readonly momentum: number
  readonly rate: number
}

/**
 * Loops over whole arrays, written twice: plainly and in WebAssembly SIMD. Both give the same bits. Arrays of one
 * call are equally long, a multiple of 4, and lie in one buffer, save that a mask may have any length.
 */
export interface Kernels {
  /** Σ x², summed in float64 over four lanes. */
  sumOfSquares(x: Float32Array): number
  /**
   * One AdamW step in place, with the gradient g' = gradientScale·g:
   *
   *   m ← β₁·m + (1 − β₁)·g',  v ← β₂·v + (1 − β₂)·g'²,  w ← keep·w − rate·m / (correction·√v + ε)
   */
  adam(
    arrays: {
      readonly weights: Float32Array
      readonly gradients: Float32Array
      readonly means: Float32Array
      readonly squares: Float32Array
    },
    step: AdamStep,
  ): void
  /** One step in place: v ← momentum·v + gradientScale·g + decay·w,  w ← w − rate·v */
  sgd(
    arrays: {
      readonly weights: Float32Array
      readonly gradients: Float32Array
      readonly velocities: Float32Array
    },
    step: SgdStep,
  ): void
  /**
   * Fills `target` with `kept` where the next random word is at least `threshold`, else 0, and advances `state`.
   *
   * @param state sixteen words: for each of four words of xoshiro128+ its value in four generators; value i of
   *   the target comes from generator i mod 4
   */
  dropoutMask(target: Float32Array, state: Uint32Array, threshold: number, kept: number): void
}
