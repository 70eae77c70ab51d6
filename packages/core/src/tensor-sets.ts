import type { Tensor } from './tensor.js'

/** A tensor a clip, with rows along time. */
export interface ClipTensor {
  readonly clipId: string
  readonly utteranceId: string
  /** Empty for an original; else what was done to it, such as `speed=0.9`. */
  readonly effects: string
  /** [rows, ...rowShape] */
  readonly tensor: Tensor
}

/** Clips of one speaker with a tensor each; `settings` says what made them. */
export interface ClipTensors {
  /** Shape of one row: [bands, channels] for log-mels, [dimension] for embeddings. */
  readonly rowShape: readonly number[]
  /** What is needed to read or repeat them, as JSON. */
  readonly settings: unknown
  readonly clips: readonly ClipTensor[]
}

/** Named weights with what is to be known of them. */
export interface Weights {
  readonly tensors: Readonly<Record<string, Tensor>>
  readonly settings: unknown
}
