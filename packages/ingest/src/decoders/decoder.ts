/** Samples a decoder gave: one array a channel, all of one length. */
export interface Decoded {
  readonly channels: readonly Float32Array[]
  readonly sampleRateHz: number
}

/** A piece is decoded when it is asked for: a minute of silence takes a few bytes, and memory holds one piece. */
export type DecodedPieces = Iterable<Decoded> | AsyncIterable<Decoded>

/** A decoder of one file, fed with its bytes in order; what it gives of them is taken before the next are fed. */
export interface Decoder {
  decode(bytes: Uint8Array): DecodedPieces
  /** What is left after the last byte. */
  flush(): DecodedPieces
  /** What was lost or could not be decoded; complete after `flush`. */
  notes(): readonly string[]
  close(): void
}

/** Sound of a kind that its format allows and no decoder here reads; the message names the kind. */
export class UnreadableSound extends Error {}

/** Errors within one call after which a decoder is taken to turn on the spot. */
const mostErrors = 2000

/**
 * Calls a decoder package that prints what it cannot decode. One of them repeats a failing read without end, and a
 * line on the console is all that is seen of it: so meanwhile the console counts, and then stops it.
 *
 * @param work does its work before it returns
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

/** `damaged: …` where silence stands for what is lost. */
export function lostNote(silent: number, total: number): readonly string[] {
  if (silent === 0) return []
  return [`damaged: ${silent} of its ${total} frames could not be read, and are silence instead`]
}

/** Zeros in pieces of one array. */
export function silence(
  samples: number,
  channels: number,
  sampleRateHz: number,
): readonly Decoded[] {
  const pieces: Decoded[] = []
  const zeros = new Float32Array(Math.min(samples, 65536))
  for (let left = samples; left > 0; left -= zeros.length) {
    const piece = zeros.subarray(0, left)
    pieces.push({ channels: Array.from({ length: channels }, () => piece), sampleRateHz })
  }
  return pieces
}

/** The pieces without their last samples. */
export function trimEnd(pieces: readonly Decoded[], samples: number): readonly Decoded[] {
  const keep = lengthOf(pieces) - samples
  let at = 0
  return pieces.flatMap((piece) => {
    const end = keep - at
    at += piece.channels[0]?.length ?? 0
    return cut(piece, 0, Math.max(0, end))
  })
}

/** The pieces without their first samples. */
export function trimStart(pieces: readonly Decoded[], samples: number): readonly Decoded[] {
  let left = samples
  return pieces.flatMap((piece) => {
    const length = piece.channels[0]?.length ?? 0
    const start = Math.min(left, length)
    left -= start
    return cut(piece, start, length)
  })
}

function cut(piece: Decoded, start: number, end: number): readonly Decoded[] {
  const channels = piece.channels.map((channel) => channel.subarray(start, end))
  return channels[0] && channels[0].length > 0 ? [{ ...piece, channels }] : []
}

export function lengthOf(pieces: readonly Decoded[]): number {
  return pieces.reduce((sum, { channels }) => sum + (channels[0]?.length ?? 0), 0)
}
