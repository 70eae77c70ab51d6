import {
  sha256,
  type ManifestRow,
  type OpenFile,
  type RawFile,
  type StageContext,
} from '@serflow/core'
import { bytesSource } from '../byte-source.js'

/** A context for tests that have no runner. */
export const context: StageContext = { part: {}, progress: () => undefined }

/** A file of the user's from bytes. */
export function rawFile(path: string, bytes: Uint8Array): RawFile {
  return { path, digest: sha256(bytes), read: async () => bytes, open: async () => opened(bytes) }
}

/** Bytes as an open file. */
export function opened(bytes: Uint8Array): OpenFile {
  return { ...bytesSource(bytes), close: () => undefined }
}

/** A used utterance in the RAVDESS scheme. */
export function utterance(
  speakerId: string,
  emotion: string,
  change: Partial<ManifestRow> = {},
): ManifestRow {
  const id = `${speakerId}-${emotion}`
  return {
    corpus: 'made',
    startSeconds: null,
    endSeconds: null,
    labelShares: null,
    session: null,
    split: null,
    attributes: null,
    utteranceId: id,
    file: `Actor_${speakerId}/${id}.wav`,
    fileDigest: `file ${id}`,
    speakerId,
    gender: Number(speakerId) % 2 === 1 ? 'male' : 'female',
    emotion,
    sentence: '01',
    intensity: 'normal',
    sampleRateHz: 16000,
    channels: 1,
    durationSeconds: 1,
    samplesDigest: `samples ${id}`,
    fingerprint: null,
    sameSoundAs: null,
    status: 'used',
    note: null,
    ...change,
  }
}
