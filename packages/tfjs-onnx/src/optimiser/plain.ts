import type { Kernels } from './kernels.js'

const { fround } = Math

/** The kernels in TypeScript: the reference, and what runs where WebAssembly has no SIMD. */
export const plainKernels: Kernels = {
  sumOfSquares(x) {
    const lanes = [0, 0, 0, 0]
    x.forEach((value, index) => {
      lanes[index % 4]! += value * value
    })
    return lanes[0]! + lanes[1]! + (lanes[2]! + lanes[3]!)
  },

  adam({ weights, gradients, means, squares }, step) {
    const scale = fround(step.gradientScale)
    const keep = fround(step.keep)
    const beta1 = fround(step.beta1)
    const beta2 = fround(step.beta2)
    const rest1 = fround(1 - step.beta1)
    const rest2 = fround(1 - step.beta2)
    const rate = fround(step.rate)
    const correction = fround(step.correction)
    const epsilon = fround(step.epsilon)
    for (let i = 0; i < weights.length; i++) {
      const g = fround(gradients[i]! * scale)
      const m = fround(fround(means[i]! * beta1) + fround(g * rest1))
      const v = fround(fround(squares[i]! * beta2) + fround(fround(g * g) * rest2))
      means[i] = m
      squares[i] = v
      const deviation = fround(fround(fround(Math.sqrt(v)) * correction) + epsilon)
      weights[i] = fround(fround(weights[i]! * keep) - fround(fround(m * rate) / deviation))
    }
  },

  sgd({ weights, gradients, velocities }, step) {
    const scale = fround(step.gradientScale)
    const decay = fround(step.decay)
    const momentum = fround(step.momentum)
    const rate = fround(step.rate)
    for (let i = 0; i < weights.length; i++) {
      const w = weights[i]!
      const g = fround(fround(gradients[i]! * scale) + fround(w * decay))
      const v = fround(fround(velocities[i]! * momentum) + g)
      velocities[i] = v
      weights[i] = fround(w - fround(v * rate))
    }
  },

  dropoutMask(target, state, threshold, kept) {
    const value = fround(kept)
    for (let lane = 0; lane < 4; lane++) {
      let [s0, s1, s2, s3] = [state[lane]!, state[4 + lane]!, state[8 + lane]!, state[12 + lane]!]
      // Each generator moves on once for every four values, whether or not the last four are all wanted.
      for (let i = lane; i - lane < target.length; i += 4) {
        const random = (s0 + s3) >>> 0
        if (i < target.length) target[i] = random >= threshold ? value : 0
        const shifted = s1 << 9
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = (s3 << 11) | (s3 >>> 21)
      }
      state[lane] = s0
      state[4 + lane] = s1
      state[8 + lane] = s2
      state[12 + lane] = s3
    }
  },
}
