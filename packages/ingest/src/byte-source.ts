/** Bytes that can be read in parts: a file, or an array of all of them. */
export interface ByteSource {
  readonly size: number
  /** The bytes from start to end, fewer where the source ends before. */
  read(start: number, end: number): Uint8Array
}

/** Bytes in memory; parts are views of them. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (start, end) => bytes.subarray(start, end) }
}
