/** Samples a decoder gave: one array a channel, all of one length. */
export interface Decoded {
  readonly channels: readonly Float32Array[]
  readonly sampleRateHz: number
}

/**
 * A decoder of one file, fed with its bytes in order. Each file has a decoder of its own: one that met garbage may be
 * in any state and is never used again.
 */
export interface Decoder {
  decode(bytes: Uint8Array): Promise<readonly Decoded[]>
  /** What is left after the last byte. */
  flush(): Promise<readonly Decoded[]>
  /** What was lost or could not be decoded; complete after `flush`. */
  notes(): readonly string[]
  close(): void
}

/** Errors within one call after which a decoder is taken to turn on the spot. */
const mostErrors = 2000

/**
 * Calls a decoder package that prints what it cannot decode. One of them repeats a failing read without end, and a
 * line on the console is all that is seen of it: so meanwhile the console counts, and then stops it.
 *
 * @param work does its work before it returns, also where it returns a promise
 */
export function quietly<T>(work: () => T): T {
  const { error, warn } = console
  let errors = 0
  console.error = console.warn = () => {
    if (++errors > mostErrors) throw new Error('the decoder makes no progress')
  }
  try {
    return work()
  } finally {
    console.error = error
    console.warn = warn
  }
}

/** Gives a package's memory back; after a trap it may fail, and then goes with the instance. */
export function release(decoder: { free(): void } | undefined): void {
  try {
    decoder?.free()
  } catch {
    // Nothing is left to do.
  }
}

/** The channels a package gave, none where nothing came out. */
export function decodedOf(result: {
  readonly channelData: readonly Float32Array[]
  readonly samplesDecoded: number
  readonly sampleRate: number
}): readonly Decoded[] {
  const { channelData, samplesDecoded, sampleRate } = result
  if (samplesDecoded <= 0) return []
  const channels = channelData.map((channel) => channel.subarray(0, samplesDecoded))
  return [{ channels, sampleRateHz: sampleRate }]
}

/** `truncated: …` where fewer frames came out than the file's header says. */
export function countNote(expected: number | undefined, decoded: number): readonly string[] {
  if (expected === undefined || decoded >= expected) return []
  return [`damaged or cut short: the header says ${expected} frames, ${decoded} could be decoded`]
}
