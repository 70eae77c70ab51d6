/** What the place of a frame depends on. */
export interface FrameSettings {
  readonly sampleRateHz: number
  readonly windowMs: number
  readonly hopMs: number
  readonly fftSize: number
  readonly padding: Padding
}

/** Frames first…end − 1 of a clip. */
export interface FrameRange {
  readonly start: number
  readonly end: number
}

/** What is outside of the clip. With `none` a frame begins where it stands; with the others it is centred there. */
export const paddings = ['none', 'zeros', 'reflect'] as const
export type Padding = (typeof paddings)[number]

/** Shapes of a window. */
export const windowShapes = ['hamming', 'hann'] as const
export type WindowShape = (typeof windowShapes)[number]

/** Whether a window's period is its length, as spectra want it, or one less, so that it ends as it begins. */
export const windowPeriods = ['periodic', 'symmetric'] as const
export type WindowPeriod = (typeof windowPeriods)[number]

/** Length of a frame's window in samples. */
export function windowSamples({
  sampleRateHz,
  windowMs,
}: Pick<FrameSettings, 'sampleRateHz' | 'windowMs'>): number {
  return Math.round((windowMs / 1000) * sampleRateHz)
}

/** Distance of two frames in samples. */
export function hopSamples({
  sampleRateHz,
  hopMs,
}: Pick<FrameSettings, 'sampleRateHz' | 'hopMs'>): number {
  return Math.round((hopMs / 1000) * sampleRateHz)
}

/**
 * Number of frames of a clip. With padding `none` 1 + ⌊(samples − window)/hop⌋, and 1 for a clip shorter than a
 * window: samples behind the last whole window belong to no frame. With another padding 1 + ⌊samples/hop⌋.
 */
export function frameCount(samples: number, settings: FrameSettings): number {
  const rest = settings.padding === 'none' ? samples - windowSamples(settings) : samples
  return rest <= 0 ? 1 : 1 + Math.floor(rest / hopSamples(settings))
}

/**
 * The first sample that a frame covers: hop·frame with padding `none`, else hop·frame − fftSize/2 + ⌊(fftSize −
 * window)/2⌋, which may lie before the clip. A window shorter than the FFT is centred in it, as librosa, PyTorch and
 * TensorFlow's Keras have it.
 */
export function frameStart(frame: number, settings: FrameSettings): number {
  const place = frame * hopSamples(settings)
  if (settings.padding === 'none') return place
  const { fftSize } = settings
  return place - fftSize / 2 + Math.floor((fftSize - windowSamples(settings)) / 2)
}

/** Number of frames that a clip's first samples already decide, whatever follows. */
export function framesReady(samples: number, settings: FrameSettings): number {
  const window = windowSamples(settings)
  const lead = -frameStart(0, settings)
  // With `reflect` a frame before the clip's start needs as many samples behind it.
  const needed = Math.max(window - lead, lead + 1)
  if (samples < needed) return 0
  return 1 + Math.floor((samples - window + lead) / hopSamples(settings))
}

/** Where each frame begins, in seconds from the clip's first sample. A frame ends windowMs later. */
export function frameTimes(frames: number, settings: FrameSettings): Float64Array {
  return Float64Array.from({ length: frames }, (_, frame) => {
    return frameStart(frame, settings) / settings.sampleRateHz
  })
}

/**
 * A window of one turn of a cosine, whose period is `length`, or length − 1 where it is symmetric.
 *
 *   hamming:  0.54 − 0.46·cos(2πn/period)
 *   hann:     0.5 − 0.5·cos(2πn/period)
 *
 * @see scipy.signal.get_window with fftbins=True and False. TensorFlow's windows of an odd length are symmetric, also
 *   with periodic=True
 */
export function windowWeights(
  shape: WindowShape,
  length: number,
  period: WindowPeriod = 'periodic',
): Float64Array {
  const [offset, height] = shape === 'hamming' ? [0.54, 0.46] : [0.5, 0.5]
  const turn = period === 'periodic' ? length : length - 1
  if (turn === 0) return Float64Array.of(1)
  return Float64Array.from(
    { length },
    (_, n) => offset - height * Math.cos((2 * Math.PI * n) / turn),
  )
}
