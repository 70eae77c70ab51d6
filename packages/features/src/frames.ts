/** What the place of a frame depends on. */
export interface FrameSettings {
  readonly sampleRateHz: number
  readonly windowMs: number
  readonly hopMs: number
}

/** Shapes of a window, both periodic. */
export const windowShapes = ['hamming', 'hann'] as const
export type WindowShape = (typeof windowShapes)[number]

/** Length of a frame's window in samples. */
export function windowSamples({ sampleRateHz, windowMs }: FrameSettings): number {
  return Math.round((windowMs / 1000) * sampleRateHz)
}

/** Distance of two frames in samples. */
export function hopSamples({ sampleRateHz, hopMs }: FrameSettings): number {
  return Math.round((hopMs / 1000) * sampleRateHz)
}

/**
 * Number of frames of a clip: 1 + ⌊(samples − window)/hop⌋, and 1 for a clip shorter than a window. Frame i
 * covers samples [hop·i, hop·i + window); samples behind the last whole window belong to no frame.
 */
export function frameCount(samples: number, settings: FrameSettings): number {
  const rest = samples - windowSamples(settings)
  return rest <= 0 ? 1 : 1 + Math.floor(rest / hopSamples(settings))
}

/** Where each frame begins, in seconds from the clip's first sample: i·hop. A frame ends windowMs later. */
export function frameTimes(frames: number, settings: FrameSettings): Float64Array {
  const hop = hopSamples(settings)
  return Float64Array.from({ length: frames }, (_, frame) => (frame * hop) / settings.sampleRateHz)
}

/**
 * A periodic window, whose period is its length.
 *
 *   hamming:  0.54 − 0.46·cos(2πn/length)
 *   hann:     0.5 − 0.5·cos(2πn/length)
 *
 * @see scipy.signal.get_window with fftbins=True
 */
export function windowWeights(shape: WindowShape, length: number): Float64Array {
  const [offset, height] = shape === 'hamming' ? [0.54, 0.46] : [0.5, 0.5]
  return Float64Array.from(
    { length },
    (_, n) => offset - height * Math.cos((2 * Math.PI * n) / length),
  )
}
