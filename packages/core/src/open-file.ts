import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { InputError } from './errors.js'
import type { OpenFile } from './stage.js'

/**
 * A file of any size, also beyond 2 GB.
 *
 * @param expected what it should be, for messages
 * @throws InputError where it cannot be opened or is no file
 */
export function openFile(path: string, expected = 'a file'): OpenFile {
  const file = openForReading(path, expected)
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

function openForReading(path: string, expected: string): number {
  let file: number
  try {
    // A pipe that nobody writes to would be waited for.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // So a socket answers.
    if (code === 'ENXIO') throw notRegular(path, expected)
    throw new InputError(
      code === 'ENOENT'
        ? `"${path}" does not exist; check the path`
        : `"${path}" cannot be opened (${String(code ?? error)}); check its permissions`,
    )
  }
  if (fstatSync(file).isFile()) return file
  const isFolder = fstatSync(file).isDirectory()
  closeSync(file)
  throw isFolder
    ? new InputError(`"${path}" is a folder, expected ${expected}`)
    : notRegular(path, expected)
}

function notRegular(path: string, expected: string): InputError {
  return new InputError(
    `"${path}" is no regular file, expected ${expected}; write what comes out of a pipe or a device to a file first`,
  )
}
