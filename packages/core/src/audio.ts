/** One channel of sound: samples in -1..1 (full scale) and their rate, never apart. */
export interface Audio {
  readonly samples: Float32Array
  readonly sampleRateHz: number
}

/** Length in seconds. */
export function durationSeconds(audio: Audio): number {
  return audio.samples.length / audio.sampleRateHz
}
