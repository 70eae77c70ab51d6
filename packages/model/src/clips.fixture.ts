import type { ClipTensors, FoldRow, ManifestRow } from '@serflow/core'

/** A used utterance. */
export function utterance(
  speakerId: string,
  emotion: string | null,
  change: Partial<ManifestRow> = {},
): ManifestRow {
  return {
    corpus: 'made',
    utteranceId: `${speakerId}-${emotion}`,
    file: `${speakerId}/${emotion}.wav`,
    fileDigest: null,
    startSeconds: null,
    endSeconds: null,
    speakerId,
    gender: null,
    emotion,
    labelShares: null,
    sentence: null,
    intensity: null,
    session: null,
    split: null,
    attributes: null,
    sampleRateHz: 16000,
    channels: 1,
    durationSeconds: 1,
    samplesDigest: null,
    fingerprint: null,
    sameSoundAs: null,
    status: 'used',
    note: null,
    ...change,
  }
}

export const dimension = 4

/** One segment for the original and for a copy of each utterance; value 0 is 1 for sad, value 1 for happy. */
export function embeddings(rows: readonly ManifestRow[]): ClipTensors {
  const clips = rows.flatMap(({ utteranceId, emotion }) =>
    ['', 'speed=0.9'].map((effects, copy) => ({
      clipId: effects ? `${utteranceId}#${effects}` : utteranceId!,
      utteranceId: utteranceId!,
      effects,
      startSample: 0,
      tensor: {
        data: Float32Array.of(Number(emotion === 'sad'), Number(emotion === 'happy'), copy, 1),
        shape: [1, dimension],
      },
    })),
  )
  const rowTimes = { sampleRateHz: 16000, hopSamples: 5120, windowSamples: 10480 }
  return { rowShape: [dimension], rowTimes, settings: null, clips }
}

/** Fold 0: speaker 01 and 02 train, 03 validates, 04 is tested. */
export const folds: FoldRow[] = (
  [
    ['01', 'train'],
    ['02', 'train'],
    ['03', 'validation'],
    ['04', 'test'],
  ] as const
).map(([speakerId, part]) => ({ fold: 0, speakerId, utteranceId: null, part }))

export const corpus = ['01', '02', '03', '04'].flatMap((speakerId) => [
  utterance(speakerId, 'sad'),
  utterance(speakerId, 'happy'),
])

export const ofSpeaker = (...speakers: readonly string[]) =>
  speakers.map((one) => embeddings(corpus.filter(({ speakerId }) => speakerId === one)))
