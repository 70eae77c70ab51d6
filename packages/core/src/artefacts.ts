/**
 * THE CONTRACT: each artefact that crosses a stage, with its columns, shapes and units.
 * Tensor axes are [segments, frames, bands, channels] everywhere; missing table values are null.
 */
import { bytesType, clipTensorsType, jsonType, tableType, weightsType } from './codecs.js'
import type { Audio } from './audio.js'
import type { Sequence } from './sequence.js'

/** What became of a file of the corpus folder. */
export type FileStatus =
  /** an utterance of this corpus */
  | 'used'
  /** same id and samples as a used one; left out */
  | 'duplicate'
  /** not a sound that can be used: empty, not audio, cut to nothing, not finite */
  | 'unreadable'
  /** its name does not follow the corpus's scheme */
  | 'rejected'
  /** a proper file of another kind, such as song */
  | 'skipped'

/** One file of the corpus folder: an utterance, or why it is none. */
export type ManifestRow = {
  /** Name of the corpus it belongs to; speakers, sessions and utterances are named within it. */
  corpus: string | null
  /** Unique among used rows; for RAVDESS the file's name without ending. */
  utteranceId: string | null
  /** Path within the corpus folder. */
  file: string
  /** SHA-256 of the file's bytes. */
  fileDigest: string | null
  /** Where the utterance begins and ends in the file; both null for the whole file. */
  startSeconds: number | null
  endSeconds: number | null
  speakerId: string | null
  gender: 'female' | 'male' | 'unknown' | null
  emotion: string | null
  /** Share of the annotators' votes by class, as JSON such as `{"happy":0.75,"neutral":0.25}`; null: all for `emotion`. */
  labelShares: string | null
  /** What was said, e.g. RAVDESS statement `01`; null where unknown. */
  sentence: string | null
  /** RAVDESS: normal or strong; null where unknown. */
  intensity: string | null
  /** The recording session, such as IEMOCAP `Ses01`; speakers of one session are on one side of a session fold. */
  session: string | null
  /** A fixed part the corpus comes with: train, validation or test; null where there is none. */
  split: string | null
  /** Whatever else a table says of it, as a JSON object of strings and numbers; null where nothing. */
  attributes: string | null
  /** As in the file, before resampling. */
  sampleRateHz: number | null
  channels: number | null
  durationSeconds: number | null
  /**
   * SHA-256 of the mono samples (float32, little endian) and their rate, without digital silence at both ends: equal
   * for equal sound, whatever file format it is in; null where all is silence.
   */
  samplesDigest: string | null
  /**
   * What is left of the sound at another level, rate or coding, as base64; in the manifest of one speaker only, and
   * null for less than about 0.4 s.
   */
  fingerprint: string | null
  /**
   * The first utterance of the corpus, in the order of the manifest, that is the same recording; null where it is the
   * first itself. In the manifest of the whole corpus only.
   */
  sameSoundAs: string | null
  status: FileStatus
  /** In words: why not used, or what the user should know of a used file. */
  note: string | null
}

/** All files of one speaker, or of the whole corpus, in the order of their paths. */
export const manifestTable = /* @__PURE__ */ tableType<ManifestRow>('manifest', {
  corpus: 'string?',
  utteranceId: 'string?',
  file: 'string',
  fileDigest: 'string?',
  startSeconds: 'number?',
  endSeconds: 'number?',
  speakerId: 'string?',
  gender: 'string?',
  emotion: 'string?',
  labelShares: 'string?',
  sentence: 'string?',
  intensity: 'string?',
  session: 'string?',
  split: 'string?',
  attributes: 'string?',
  sampleRateHz: 'integer?',
  channels: 'integer?',
  durationSeconds: 'number?',
  samplesDigest: 'string?',
  fingerprint: 'string?',
  sameSoundAs: 'string?',
  status: 'string',
  note: 'string?',
})

/** The same for utterances that are one recording, and for no others; rows of the whole corpus's manifest. */
export function soundOf({
  utteranceId,
  sameSoundAs,
}: Pick<ManifestRow, 'utteranceId' | 'sameSoundAs'>): string | null {
  return sameSoundAs ?? utteranceId
}

/**
 * The part of a fold that a speaker, or one utterance of a speaker, is in. Who has no row is left out of the fold.
 * What is validated on is neither trained nor tested on.
 */
export type FoldRow = {
  /** From 0. */
  fold: number
  speakerId: string
  /** null: all utterances of the speaker. */
  utteranceId: string | null
  part: FoldPart
}
export type FoldPart = 'train' | 'validation' | 'test'

/** By fold and speaker; `foldParts` reads it. */
export const foldsTable = /* @__PURE__ */ tableType<FoldRow>('folds', {
  fold: 'integer',
  speakerId: 'string',
  utteranceId: 'string?',
  part: 'string',
})

/** One clip to compute: an original or a copy of it. A copy has its parent's speaker, fold and label. */
export type ClipRow = {
  /** The utterance's id, with `#` and the effects behind it for a copy. */
  clipId: string
  utteranceId: string
  /** Empty for the original; else what is done to it, such as `speed=0.9` or `noise=white:10dB`, joined by `+`. */
  effects: string
}

export const augmentationTable = /* @__PURE__ */ tableType<ClipRow>('augmentation', {
  clipId: 'string',
  utteranceId: 'string',
  effects: 'string',
})

/** How much a class counts in a fold's training part; fold null: all speakers. */
export type BalanceRow = {
  fold: number | null
  emotion: string
  /** Original utterances of the class in the training part. */
  utterances: number
  /** What a draw counts in the loss; 0 where the class is absent. */
  weight: number
  /** Draws of the class an epoch: as many as utterances, or what makes classes even; 0 where it is absent. */
  draws: number
}

export const balanceTable = /* @__PURE__ */ tableType<BalanceRow>('balance', {
  fold: 'integer?',
  emotion: 'string',
  utterances: 'integer',
  weight: 'number',
  draws: 'integer',
})

/** A clip's sound at 16 kHz, augmented if it is a copy. */
export interface Clip extends ClipRow {
  readonly audio: Audio
}

/** The clips of one speaker, read and augmented on demand; audio is not stored a second time. */
export interface AudioSet extends Sequence<Clip> {
  /** Which they are, in their order, known before any is read. */
  readonly rows: readonly ClipRow[]
}

/** Log-mels of a speaker's clips: [frames, bands, channels], natural log of power and its two slopes. */
export const logMelSet = /* @__PURE__ */ clipTensorsType('log-mel', 'frame')

/** Embeddings of a speaker's clips: [segments, dimension]. */
export const embeddingSet = /* @__PURE__ */ clipTensorsType('embeddings', 'segment')

/**
 * Utterance vectors of a speaker's clips: [1, 2·dimension] a clip, the mean of its embeddings over its segments, then
 * their deviation. The row begins where the clip's first segment does; the row times are those of the segments.
 */
export const utteranceVectorSet = /* @__PURE__ */ clipTensorsType('utterance-vectors', 'vector')

/** The pretrained CNN as ONNX bytes; its metadata names the weights and their SHA-256. */
export const backboneFile = /* @__PURE__ */ bytesType('backbone', 'onnx')

/** A trained head: its weights, `mean` and `deviation` of the embeddings, and its training history. */
export const headWeights = /* @__PURE__ */ weightsType('head')

/** What a trained head carries beside its weights. */
export interface TrainingRecord {
  /** In the order of the class index. */
  readonly classes: readonly string[]
  /** Mean training loss of each epoch. */
  readonly lossByEpoch: readonly number[]
  /** Backend that trained it, such as onnx-cpu. */
  readonly backend: string
  readonly seed: number
  /** The epoch whose weights are kept, from 1: the last one unless validation speakers chose it. */
  readonly epoch: number
  /** Loss and UAR of the validation speakers after each epoch; null where nothing is chosen by them. */
  readonly validation: {
    readonly lossByEpoch: readonly number[]
    readonly uarByEpoch: readonly number[]
  } | null
  /** Ids of the utterances whose clips were trained on, and of those that chose the epoch. */
  readonly trainedOn: readonly string[]
  readonly validatedOn: readonly string[]
  /** What a user must be told: a loss that was not finite, and the like. */
  readonly warnings: readonly string[]
}

/** Probabilities of one test clip by one model; columns p_<class> in the order of the classes. */
export type PredictionRow = Record<`p_${string}`, number> & {
  utteranceId: string
  speakerId: string
  fold: number
  /** null for a model without a seed, such as ridge regression */
  seed: number | null
  truth: string
  prediction: string
}

/** The columns are followed by p_<class> for each class, in the order of the classes. */
export const predictionsTable = /* @__PURE__ */ tableType<PredictionRow>(
  'predictions',
  {
    utteranceId: 'string',
    speakerId: 'string',
    fold: 'integer',
    seed: 'integer?',
    truth: 'string',
    prediction: 'string',
  },
  { numbersWithPrefix: 'p_' },
)

/** The exported model: segments to probabilities, labels and front-end settings in its metadata. */
export const modelFile = /* @__PURE__ */ bytesType('model', 'onnx')

/** Any JSON record. */
export const jsonRecord = /* @__PURE__ */ jsonType<unknown>('record')

/** A page of text, UTF-8. */
export const htmlPage = /* @__PURE__ */ bytesType('page', 'html')
