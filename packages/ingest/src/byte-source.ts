import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { InputError } from '@serflow/core'

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

/**
 * A file of any size, also beyond 2 GB.
 *
 * @throws InputError where it cannot be opened or is no file
 */
export function openFile(path: string): ByteSource & { close(): void } {
  const file = openForReading(path)
  const { size } = fstatSync(file)
  return {
    size,
    read(start, end) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start))
      let filled = 0
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, start + filled)
        if (count === 0) return bytes.subarray(0, filled)
        filled += count
      }
      return bytes
    },
    close: () => closeSync(file),
  }
}

function openForReading(path: string): number {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new InputError(
      code === 'ENOENT'
        ? `"${path}" does not exist; check the path`
        : `"${path}" cannot be opened (${String(code ?? error)}); check its permissions`,
    )
  }
  if (fstatSync(file).isFile()) return file
  const what = fstatSync(file).isDirectory() ? 'a folder' : 'no regular file'
  closeSync(file)
  throw new InputError(`"${path}" is ${what}, expected a sound file`)
}
