import type { Tensor } from './tensor.js'

/** A tensor a clip, with rows along time. */
export interface ClipTensor {
  readonly clipId: string
  readonly utteranceId: string
  /** Empty for an original; else what was done to it, such as `speed=0.9`. */
  readonly effects: string
  /** Sample of the clip at which row 0 begins: behind the silence that was cut off, or before the clip's start. */
  readonly startSample: number
  /** [rows, ...rowShape] */
  readonly tensor: Tensor
}

/** What is known of a clip before its tensor is made. */
export type ClipName = Pick<ClipTensor, 'clipId' | 'utteranceId' | 'effects'>

/**
 * Where rows lie in time: row r of a clip begins at sample startSample + hopSamples·r of the clip, as it is after its
 * effects, and covers windowSamples.
 */
export interface RowTimes {
  readonly sampleRateHz: number
  readonly hopSamples: number
  readonly windowSamples: number
}

/** What is common to the clips of a set. */
export interface ClipTensorsHeader {
  /** Shape of one row: [bands, channels] for log-mels, [dimension] for embeddings. */
  readonly rowShape: readonly number[]
  readonly rowTimes: RowTimes
  /** What is needed to read or repeat them, as JSON. */
  readonly settings: unknown
}

/** Clips of one speaker with a tensor each; `settings` says what made them. */
export interface ClipTensors extends ClipTensorsHeader {
  readonly clips: readonly ClipTensor[]
}

/** The same on the way to a file: the tensors are made one after the other, so that they need not fit in memory. */
export interface ClipTensorStream extends ClipTensorsHeader {
  /** Which clips will come, in their order. */
  readonly rows: readonly ClipName[]
  readonly clips: AsyncIterable<ClipTensor>
}

/** Named weights with what is to be known of them. */
export interface Weights {
  readonly tensors: Readonly<Record<string, Tensor>>
  readonly settings: unknown
}
